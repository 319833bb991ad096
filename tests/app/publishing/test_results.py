"""Results of tools and tests of claims as archives: complete, opened elsewhere, and computed again."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli import entry
from app.evidence import show
from app.jobs.benches import LongTest, as_use
from app.jobs.people import LOCAL
from app.notebook import check_claim, run_tool
from app.publishing import OpenedResult, compute_again, open_any, publish_result, read_author
from app.publishing.archive import NotPublished
from app.publishing.opening import BadCrate
from app.publishing.opening_results import hindrance
from app.results import Kept, keep, name_of, read
from app.tools import ToolResult, record
from tests.app.publishing.conftest import AUTHOR, WHEN
from tests.app.publishing.test_publishing import pack, unpack
from tools.experiments.tool import TEST_CLAIM, ToTest

FALLS = "In the ideal gas the pressure falls as the volume rises."
AT = datetime(2026, 11, 28, 9, tzinfo=UTC)


def keeping(result: ToolResult) -> Kept:
    return Kept(id=name_of(result), at=AT, result=result)


def archive(kept: Kept, folder: Path) -> Path:
    path = folder / "result.crate.zip"
    path.write_bytes(publish_result(kept, [read_author(AUTHOR)], "CC-BY-4.0", now=WHEN))
    return path


def test_an_evaluation_is_opened_elsewhere_and_computed_again(bare: None, tmp_path: Path) -> None:
    strings = ["CCO", "C1CC", "c1ccccc1"]
    kept = keeping(run_tool("evaluate_strings", form="smiles", strings=strings))
    path = archive(kept, tmp_path)
    assert path.read_bytes() == publish_result(kept, [read_author(AUTHOR)], "CC-BY-4.0", now=WHEN)
    opened = open_any(path, tmp_path / "elsewhere", tmp_path / "mining")
    assert isinstance(opened, OpenedResult)
    assert (opened.result, opened.hindrance, opened.authors) == (kept.id, None, ["Josiah Carberry"])
    again = read(tmp_path / "elsewhere", LOCAL, kept.id)
    assert again == kept
    assert compute_again(again.result) == []
    page = unpack(path)["ro-crate-preview.html"].decode()
    assert "<table>" in page
    assert "<script" not in page
    assert "{&quot;" not in page, "raw JSON"


@pytest.mark.slow
def test_a_test_of_a_claim_has_its_figure_and_who_what_when(bare: None, tmp_path: Path) -> None:
    result = check_claim(FALLS, seconds=5)
    claim = ToTest(statement=FALLS, seconds=5)
    kept = keeping(record(TEST_CLAIM, claim, json.loads(result.model_dump_json())))
    files = unpack(archive(kept, tmp_path))
    assert files["test.svg"].startswith(b"<svg")
    assert b"survived" in files["ro-crate-preview.html"]
    graph = {one["@id"]: one for one in json.loads(files["ro-crate-metadata.json"])["@graph"]}
    assert graph["./"]["conformsTo"] == [{"@id": "https://w3id.org/ro/wfrun/process/0.5"}]
    action = graph["#action"]
    assert action["instrument"] == {"@id": "#tool-test_claim"}
    assert {"@id": "test.svg"} in action["result"]
    assert action["endTime"] == AT.isoformat()


@pytest.mark.slow
def test_a_long_test_is_shown_and_measured_again_as_it_was_planned(bare: None) -> None:
    found = check_claim(FALLS, seconds=5)
    used = as_use(LongTest(statement=FALLS, seconds=900), found)
    assert "Survived" in str(show(keeping(used).evidence).blocks[0])
    assert hindrance(used) is None
    assert compute_again(used) == []
    points = [*found.points]
    points[3] = points[3].model_copy(update={"value": 1.0})
    other = found.model_copy(update={"points": points})
    changed = compute_again(as_use(LongTest(statement=FALLS, seconds=900), other))
    assert [one.then for one in changed] == [1.0]


def test_what_differs_is_shown_value_by_value(bare: None) -> None:
    said = run_tool("calculator", expression="k_B * 300 K", unit="meV")
    (name,) = [name for name, value in said.content.items() if isinstance(value, float)]
    changed = said.model_copy(update={"content": said.content | {name: 99.5, "more": [1]}})
    found = {one.at: (one.then, one.now) for one in compute_again(changed)}
    assert found == {f"/{name}": (99.5, said.content[name]), "/more": ([1], None)}


def test_what_cannot_be_computed_here_says_why(bare: None, tmp_path: Path) -> None:
    said = run_tool("calculator", expression="2 * 3 m", unit="m")
    for update, told in (
        ({"version": "0"}, "calculator has version"),
        ({"tool": "calculator_of_others"}, "no tool 'calculator_of_others'"),
        ({"inputs": {"expression": "1"} | {"unit": 5}}, "calculator.unit"),
    ):
        folder = tmp_path / str(len(told))
        folder.mkdir()
        opened = open_any(
            archive(keeping(said.model_copy(update=update)), folder), folder / "runs", folder / "mining"
        )
        assert isinstance(opened, OpenedResult)
        assert told in (opened.hindrance or "")


def test_a_result_under_another_s_name_is_refused(bare: None, tmp_path: Path) -> None:
    kept = keeping(run_tool("calculator", expression="2 * 3 m", unit="m"))
    other = kept.model_copy(update={"id": "0" * 16})
    with pytest.raises(BadCrate, match="another result's"):
        open_any(archive(other, tmp_path), tmp_path / "runs", tmp_path / "mining")
    files = unpack(archive(kept, tmp_path))
    with pytest.raises(BadCrate, match="another sha256"):
        open_any(
            pack(files | {"result.json": b"{}"}, tmp_path / "x.zip"), tmp_path / "runs", tmp_path / "mining"
        )
    assert not (tmp_path / "runs").exists()


def test_a_result_that_names_a_path_or_a_key_is_not_published(tmp_path: Path) -> None:
    for secret in ("/home/ada/data/x.cif", f"hyp_0123abcd_{'k' * 43}"):
        kept = keeping(ToolResult(tool="x", version="1", inputs={"of": secret}, content={"a": 1}))
        with pytest.raises(NotPublished, match="compute it again without"):
            archive(kept, tmp_path)


def test_from_the_command_line(bare: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = keep(tmp_path / "runs", LOCAL, run_tool("calculator", expression="2 * 3 m", unit="m"), AT)
    path = str(tmp_path / "out.zip")
    told = ["publish", kept.id, "--licence", "CC0-1.0", "--author", AUTHOR, "--to", path]
    assert entry.run(told) == 0
    capsys.readouterr()
    assert entry.run(["open", path, "--out", str(tmp_path / "elsewhere"), "--recompute"]) == 0
    assert "computed again: the same" in capsys.readouterr().out
