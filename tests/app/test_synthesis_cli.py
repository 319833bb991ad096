"""hypofind synthesis: scores on standard output, faults in one line."""

import json
from pathlib import Path

import pytest

from app.cli.entry import run
from app.cli.exit_codes import Exit


def test_formulas_and_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lists = tmp_path / "some.txt"
    lists.write_text("MgO\n\nnonsense\nBaTiO3\n")
    table = tmp_path / "some.csv"
    table.write_text("name,formula\na,GaN\n")
    assert run(["synthesis", "ZnS", str(lists), str(table), "--json"]) == Exit.DONE
    found = json.loads(capsys.readouterr().out)
    assert [one["formula"] for one in found["scores"]] == ["ZnS", "MgO", "BaTiO3", "GaN"]
    assert [one["name"] for one in found["refused"]] == ["nonsense"]


def test_a_person_sees_scores_and_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["synthesis", "BaTiO3", "MgO", "-n", "1"]) == Exit.DONE
    said = capsys.readouterr()
    assert "BaTiO3" in said.out
    assert "charge balance" in said.out
    assert "2 scored, 1 shown" in said.err


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["Xx"], "no element"),
        ([""], "empty"),
        (["A" * 300], "200"),
        (["no/such/file"], "is not a file"),
        (["missing.cif"], "is not a file"),
        (["NaCl", "--above-hull", "-1"], "greater than or equal to 0"),
        (["Na\x1b[31mCl"], "fits no formula"),
    ],
)
def test_bad_input_is_told_in_one_line(
    given: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["synthesis", *given]) in (Exit.USAGE, Exit.FAILED)
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1
    assert "\x1b" not in said


def test_a_list_without_its_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "some.csv"
    table.write_text("name\nGaN\n")
    assert run(["synthesis", str(table)]) == Exit.USAGE
    assert "no column called formula" in capsys.readouterr().err
