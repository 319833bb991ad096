"""Tables of strangers: what is set aside is said, what cannot be used is refused in one line."""

from pathlib import Path

import numpy as np
import pytest

from tools.laws.errors import LawError
from tools.laws.reading import RegressionTable, read_table


def write(folder: Path, *lines: str) -> Path:
    path = folder / "table.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(folder: Path, headings: str, *cells: str, target: str = "y", count: int = 8) -> RegressionTable:
    lines = [headings, *(",".join(c.format(k=k) for c in cells) for k in range(1, count + 1))]
    return read_table(write(folder, *lines), target)


def test_numbers_become_si(tmp_path: Path) -> None:
    table = read(tmp_path, "x (cm),T (°C),y [W/(m K)]", "{k}", "{k}0", "{k}.5")

    assert table.columns["x"] == pytest.approx(np.arange(1, 9) / 100)
    assert table.columns["T"][0] == pytest.approx(283.15)
    assert list(map(int, table.scales["y"].powers)) == [1, -3, 1, -1, 0, 0, 0]
    assert any("absolute zero" in note for note in table.notes)


@pytest.mark.parametrize("unit", ["Å", "kg·m⁻³", "m s-2", "%", "J/(mol K)", "Ω"])
def test_units_as_people_write_them(tmp_path: Path, unit: str) -> None:
    assert read(tmp_path, f"x ({unit}),y", "{k}", "{k}1").scales["x"].factor > 0


@pytest.mark.parametrize(
    ("headings", "cells", "note"),
    [
        ("x,z,y", ("{k}", "5", "{k}1"), "'z' has one value only"),
        ("x,z,y", ("{k}", "{k}", "{k}1"), "'z' is the same as 'x'"),
        ("x,z,y", ("{k}", "sample {k}", "{k}1"), "'z' is left out: less than half"),
        ("x,z,y", ("{k}", "{k}1", "{k}1"), "'z' is the target itself"),
    ],
)
def test_what_is_left_out_is_said(tmp_path: Path, headings: str, cells: tuple[str, ...], note: str) -> None:
    table = read(tmp_path, headings, *cells)

    assert set(table.columns) == {"x"}
    assert any(note in one for one in table.notes)


def test_rows_with_missing_numbers_are_left_out(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "x,y", *(f"{k},{k}1" for k in range(8)), ",3", "4,NaN", "inf,1"), "y")

    assert len(table.y) == 8
    assert table.notes == ["3 of 11 rows are left out: a number is missing."]


@pytest.mark.parametrize(
    ("lines", "target", "told"),
    [
        ([], "y", "is empty"),
        (["x,y", "1,2", "2,3,4"], "y", "line 3 of table.csv has 3 fields"),
        (["x,y"], "y", "0 rows have a number in every column"),
        (["x,x,y", *["1,2,3"] * 6], "y", "two columns are called 'x'"),
        (["x,y", *[f"{k},7" for k in range(6)]], "y", "one value only"),
        (["x,y", *[f"7,{k}" for k in range(6)]], "y", "no column of numbers that vary"),
        (["x,y", *[f"{k},{k}" for k in range(6)]], "z", "no column is called 'z'; there are x, y"),
        (["x (furlongz),y", *[f"{k},{k}" for k in range(6)]], "y", "column 'x': 'furlongz' is no unit"),
        (["x,y", *[f"{k},{'abcdef'[k]}" for k in range(6)]], "y", "text with 6 values"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, lines: list[str], target: str, told: str) -> None:
    path = write(tmp_path, *lines) if lines else tmp_path / "empty.csv"
    path.touch()

    with pytest.raises(LawError, match=told.replace("(", r"\(")) as caught:
        read_table(path, target)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(LawError, match="cannot be read"):
        read_table(tmp_path / "absent.csv", "y")
