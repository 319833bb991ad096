import errno
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.errors import RunError, RunNotFound
from agents.run import Run, RunPlan, create_run, make_name, open_run, run_names
from agents.schema import ModelRef, OntologyVersion, RunSettings

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
SETTINGS = RunSettings(models={"default": ModelRef(name="scripted", temperature=0)})
PLAN = RunPlan(
    ontology=OntologyVersion(release="1.2.1", concepts=3925, sha256="00"),
    disciplines=[],
    concepts=[],
    perspectives=[],
)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return create_run(tmp_path, "Why is honey thick?", SETTINGS, now=NOON)


def test_a_run_is_opened_as_it_was_created(run: Run) -> None:
    run.set_plan(PLAN)
    again = open_run(run.folder.parent, run.id)
    assert again.record == run.record
    assert again.record.plan == PLAN
    assert again.record.created == NOON.replace(microsecond=0)


def test_an_id_tells_when_and_what(run: Run) -> None:
    assert run.id.startswith("20261122-120000-why-is-honey-thick-")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_question_makes_a_name_that_every_file_system_takes(question: str) -> None:
    name = make_name(question, NOON)
    assert name.replace("-", "").isalnum()
    assert name.isascii()
    assert len(name) < 80


def test_names_are_listed_newest_first_and_strangers_left_out(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "a.txt").touch()
    old = create_run(tmp_path, "old", SETTINGS, now=NOON)
    new = create_run(tmp_path, "new", SETTINGS, now=NOON.replace(hour=13))
    assert run_names(tmp_path) == [new.id, old.id]
    assert run_names(tmp_path / "absent") == []


def test_an_unknown_run_is_answered_with_the_nearest(run: Run) -> None:
    with pytest.raises(RunError, match=f"nearest: {run.id}"):
        open_run(run.folder.parent, run.id[:-1] + "z")


@pytest.mark.parametrize("name", ["", ".", "..", "../other", "a/b", "/etc"])
def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "runs").mkdir()
    (tmp_path / "other").mkdir()
    with pytest.raises(RunNotFound, match="no run"):
        open_run(tmp_path / "runs", name)


def test_a_folder_without_run_json_says_what_to_do(run: Run) -> None:
    (run.folder / "run.json").unlink()
    with pytest.raises(RunError, match="Ask the question again"):
        open_run(run.folder.parent, run.folder.name)


@given(st.floats(0, 1, exclude_max=True))
def test_a_half_written_run_json_is_named(tmp_path_factory: pytest.TempPathFactory, share: float) -> None:
    run = create_run(tmp_path_factory.mktemp("runs"), "Why is honey thick?", SETTINGS)
    path = run.folder / "run.json"
    whole = path.read_bytes().strip()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(RunError, match=r"run\.json is damaged or cut off"):
        open_run(run.folder.parent, run.id)


def test_a_damaged_report_is_named(run: Run) -> None:
    assert run.report() is None
    (run.folder / "report.json").write_text('{"run": "x"')
    with pytest.raises(RunError, match=r"report\.json is damaged"):
        run.report()


def test_a_failed_write_leaves_the_old_file_and_no_rest(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run.write({"report.md": "old"})

    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(RunError, match="disk is full"):
        run.write({"report.md": "new"})
    assert (run.folder / "report.md").read_text() == "old"
    assert sorted(path.name for path in run.folder.iterdir()) == ["report.md", "run.json"]


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES])
def test_a_read_only_folder_is_said_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, "no")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(RunError, match=r"read-only for you; choose another folder"):
        create_run(tmp_path, "q", SETTINGS)


def test_runs_in_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match="cannot create"):
        create_run(tmp_path / "file" / "runs", "q", SETTINGS)
    with pytest.raises(RunError, match="cannot read"):
        run_names(tmp_path / "file")


def test_two_processes_cannot_write_one_run(run: Run) -> None:
    code = (
        "import sys, pathlib; from agents.run import open_run\n"
        "with open_run(pathlib.Path(sys.argv[1]), sys.argv[2]).writing(): print('in', flush=True); input()"
    )
    other = subprocess.Popen(  # noqa: S603  our own interpreter and code
        [sys.executable, "-c", code, run.folder.parent, run.id], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout
    assert other.stdout.readline() == b"in\n"
    with pytest.raises(RunError, match="another process"), run.writing():
        pass
    other.communicate(b"\n", timeout=10)
    with run.writing():
        pass


def test_names_differ_within_a_second(tmp_path: Path) -> None:
    assert len({create_run(tmp_path, "q", SETTINGS, now=NOON).id for _ in range(20)}) == 20
