from pathlib import Path

import pytest

from agents import Run, RunSettings, create_run
from agents.errors import RunNotFound
from agents.schema import ModelRef
from app.exports import render_all
from app.history import find_run, list_runs
from tests.app.reports import make_report


@pytest.fixture
def run(tmp_path: Path) -> Run:
    settings = RunSettings(models={"default": ModelRef(name="scripted", temperature=0)})
    return create_run(tmp_path, "Why is honey thick?", settings)


def test_unfinished_finished_and_damaged_runs_are_all_listed(run: Run) -> None:
    assert [(past.run, past.status) for past in list_runs(run.folder.parent)] == [(run.id, "unfinished")]
    run.write(render_all(make_report()))
    assert [(past.status, past.hypotheses) for past in list_runs(run.folder.parent)] == [("complete", 2)]
    (run.folder / "run.json").write_text("{")
    assert [past.status for past in list_runs(run.folder.parent)] == ["damaged"]


def test_a_run_is_found_by_id_and_by_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_run(tmp_path, run.id).record == run.record
    assert find_run(Path("/nowhere"), str(run.folder)).record == run.record
    monkeypatch.chdir(tmp_path)
    assert find_run(Path("/nowhere"), f"./{run.id}/").record == run.record
    with pytest.raises(RunNotFound):
        find_run(Path("/nowhere"), run.id)
