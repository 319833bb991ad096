"""Results that are kept: named by their content, an owner's own, and none of it by way of a path."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.cli import entry
from app.results import FOLDER, MOST, DamagedResult, NoSuchResult, NotKept, find, keep, list_results, read
from app.tools import ToolResult

WHEN = datetime(2026, 11, 29, 1, tzinfo=UTC)


def result(value: float = 1.0, **more: object) -> ToolResult:
    return ToolResult(
        tool="calculator", version="1", inputs={"expression": "1 m"}, content={"value": value, **more}
    )


def test_a_result_is_named_by_what_it_says(tmp_path: Path) -> None:
    kept = keep(tmp_path, "alice", result(), WHEN)
    assert keep(tmp_path, "alice", result(), WHEN + timedelta(days=1)) == kept
    assert keep(tmp_path, "alice", result(2.0), WHEN).id != kept.id
    assert read(tmp_path, "alice", kept.id) == kept
    assert kept.id in kept.citation
    assert "29 November 2026" in kept.citation


def test_another_s_results_are_not_there_but_for_those_who_see_all(tmp_path: Path) -> None:
    kept = keep(tmp_path, "alice", result(), WHEN)
    with pytest.raises(NoSuchResult):
        read(tmp_path, "bob", kept.id)
    assert list_results(tmp_path, {"bob"}) == []
    assert find(tmp_path, None, kept.id) == kept


@pytest.mark.parametrize("name", ["", "..", "../alice/x", "0" * 15, "0" * 17, "0" * 16 + "\n", "\x00" * 16])
def test_a_name_that_is_none_is_not_looked_for(name: str, tmp_path: Path) -> None:
    with pytest.raises(NoSuchResult):
        read(tmp_path, "alice", name)


@pytest.mark.parametrize("owner", ["../runs", "a/b", ".", "", "x" * 500])
def test_an_owner_s_name_leads_nowhere_else(owner: str, tmp_path: Path) -> None:
    kept = keep(tmp_path / "runs", owner, result(), WHEN)
    assert [path.stem for path in (tmp_path / "runs" / FOLDER).glob("*/*.json")] == [kept.id]
    assert list_results(tmp_path / "runs", {owner}) == [kept]


def test_newest_first_and_damage_hides_one_only(tmp_path: Path) -> None:
    older = keep(tmp_path, "alice", result(1.0), WHEN)
    newer = keep(tmp_path, "alice", result(2.0), WHEN + timedelta(hours=1))
    assert list_results(tmp_path, {"alice"}) == [newer, older]
    (tmp_path / FOLDER / "alice" / f"{newer.id}.json").write_bytes(b"{")
    assert list_results(tmp_path, {"alice"}) == [older]
    with pytest.raises(DamagedResult, match="is damaged"):
        find(tmp_path, {"alice", "bob"}, newer.id)
    elsewhere = keep(tmp_path, "bob", newer.result, WHEN)
    assert find(tmp_path, {"alice", "bob"}, newer.id) == elsewhere
    again = keep(tmp_path, "alice", newer.result, newer.at)
    assert read(tmp_path, "alice", newer.id) == again == newer


def test_there_is_an_end_to_what_is_kept(tmp_path: Path) -> None:
    with pytest.raises(NotKept, match="characters"):
        keep(tmp_path, "alice", result(text="x" * 5_000_001), WHEN)
    folder = tmp_path / FOLDER / "alice"
    folder.mkdir(parents=True)
    for number in range(MOST):
        (folder / f"{number:016x}.json").touch()
    with pytest.raises(NotKept, match="kept already"):
        keep(tmp_path, "alice", result(), WHEN)


def test_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HYPOFIND_PATHS__RUNS", str(tmp_path))
    asked = '{"expression": "2 m * 3", "unit": null}'
    assert entry.run(["run", "calculator", asked, "--keep", "--json"]) == 0
    kept = json.loads(capsys.readouterr().out)["kept"]
    assert entry.run(["run", "calculator", asked]) == 0
    assert "cite" not in capsys.readouterr().err
    assert entry.run(["results", "--json"]) == 0
    assert [one["id"] for one in json.loads(capsys.readouterr().out)] == [kept]
    assert entry.run(["results", kept]) == 0
    assert "6 m" in capsys.readouterr().out
    assert entry.run(["results", "0" * 16]) != 0
    assert "no result" in capsys.readouterr().err
