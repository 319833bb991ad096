"""Tables as instruments: made-up rows with known truth, the user's files, and the tables that are shipped."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from tests.tools.instruments.measuring import defaults, measurer
from tools.instruments.contract import InstrumentError, InstrumentKind, OutsideValidity
from tools.instruments.tables import INSTRUMENTS, open_table
from tools.instruments.tables.instrument import TableInstrument

ROWS = 3000


@pytest.fixture
def springs(tmp_path: Path) -> Path:
    """Rows in which y = 3x + noise, z drives both x and w, and u is noise; colours are by lot."""
    generator = np.random.default_rng(7)
    drive = generator.normal(size=ROWS)
    x = drive + 0.5 * generator.normal(size=ROWS)
    columns = {
        "load (N)": x, "length [mm]": 3 * x + 0.1 * generator.normal(size=ROWS),
        "temperature (K)": 300 + 10 * drive, "mass (kg)": drive + 0.3 * generator.normal(size=ROWS),
        "luck": generator.normal(size=ROWS),
    }  # fmt: skip
    colours = np.where(generator.random(ROWS) < 0.5, "red", "blue")
    lines = [",".join([*columns, "colour"])]
    lines += [
        ",".join([*(f"{value:.4f}" for value in row), colour])
        for row, colour in zip(zip(*columns.values(), strict=True), colours, strict=True)
    ]
    path = tmp_path / "springs.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_headings_give_names_and_units(springs: Path) -> None:
    table = open_table(springs)
    assert {one.name: one.unit for one in table.parameters} == {
        "load": "N", "length": "mm", "temperature": "K", "mass": "kg", "luck": "1",
    }  # fmt: skip
    assert table.kind is InstrumentKind.TABLE
    assert not table.stochastic
    assert all(one.low < one.default < one.high for one in table.parameters)


@pytest.mark.parametrize("load", [-1.0, 0.2, 0.9])
def test_a_mean_within_a_window(springs: Path, load: float) -> None:
    table = open_table(springs)
    got = table.measure(defaults(table) | {"load": load}, "length", 1)
    assert got.value == pytest.approx(3 * load, abs=4 * got.std + 0.06)  # the window is not centred in value
    assert 0.002 < got.std < 0.1
    assert got == table.measure(defaults(table) | {"load": load}, "length", 2)


def test_the_bootstrap_is_as_wide_as_it_should_be(springs: Path) -> None:
    table = open_table(springs)
    free = table.measure(defaults(table), "luck", 1)
    assert free.std == pytest.approx(1 / np.sqrt(ROWS), rel=0.15)
    assert abs(free.value) < 4 * free.std


def test_halves_share_no_row(springs: Path) -> None:
    table = open_table(springs)
    explore, confirm, whole = (
        table.measure(defaults(table) | {"part": part}, "luck", 1).value
        for part in ("explore", "confirm", "all")
    )
    assert (explore + confirm) / 2 == pytest.approx(whole, abs=1e-12)
    assert explore != confirm


def test_confounders_are_named(springs: Path) -> None:
    table = TableInstrument(springs)
    assert set(table.confounders("load", "mass")) == {"length", "temperature"}
    assert table.confounders("load", "luck") == []


def test_a_description_beside_the_table(springs: Path) -> None:
    springs.with_suffix(".yaml").write_text(
        """
name: hooke
title: Springs
purpose: Springs that were pulled.
systems: [spring]
columns:
- {heading: load (N), label: force, unit: N, words: [pull]}
- {heading: "length [mm]", label: elongation, unit: mm}
categories: [{heading: colour, label: colour}]
source: [{citation: a test}]
""",
        encoding="utf-8",
    )
    table = open_table(springs)
    assert table.name == "hooke"
    assert table.choices[1].values == ("any", "blue", "red")
    red = table.measure(defaults(table) | {"force": 0.5, "colour": "red"}, "elongation", 1)
    assert red.value == pytest.approx(1.5, abs=0.2)
    springs.with_suffix(".yaml").write_text("name: Hooke!", encoding="utf-8")
    with pytest.raises(InstrumentError, match="does not describe a table: name"):
        open_table(springs)


def test_the_version_follows_the_content(springs: Path) -> None:
    before = open_table(springs).version
    springs.write_text(springs.read_text(encoding="utf-8") + "\n1,3,300,1,0,red", encoding="utf-8")
    assert open_table(springs).version != before


def test_missing_numbers_are_left_out(tmp_path: Path) -> None:
    rows = [f"{index},{index if index % 3 else 'n/a'}" for index in range(600)]
    path = tmp_path / "gaps.csv.gz"
    path.write_bytes(gzip.compress("\n".join(["a,b", *rows]).encode()))
    table = open_table(path)
    assert table.measure(defaults(table) | {"a": 300}, "b", 1).value == pytest.approx(300, abs=2)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a,b\n1,2\n", "1 rows: at least 20"),
        ("a,b\n" + "1,2\n" * 30 + "1,2,3\n", "line 32 of bad.csv has not the 2 fields"),
        ("a,b\n" + "1,x\n" * 30, "cannot be used"),
        ("a,a (m)\n" + "\n".join(f"{i},{i}" for i in range(30)), "two columns are called 'a'"),
    ],
)
def test_tables_that_cannot_be_used(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InstrumentError, match=reason):
        open_table(path)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InstrumentError, match="cannot be read"):
        open_table(tmp_path / "none.csv")
    (tmp_path / "torn.csv.gz").write_bytes(b"no gzip")
    with pytest.raises(InstrumentError, match="cannot be read"):
        open_table(tmp_path / "torn.csv.gz")


def test_too_few_rows_say_nothing(springs: Path) -> None:
    table = open_table(springs)
    with pytest.raises(OutsideValidity, match="rows of springs lie near"):
        table.measure(defaults(table) | {"load": 1.5, "mass": -2.0}, "length", 1)


def test_shipped_tables() -> None:
    """Metals are heavy and gaps go with ionicity; oxides of perovskites widen down the periodic table."""
    measured = measurer(INSTRUMENTS)
    gaps = [
        measured("table_crystals", "band_gap", electronegativity_difference=value).value
        for value in (0.3, 1.5, 2.8)
    ]
    assert gaps == sorted(gaps)
    light, heavy = (
        measured("table_crystals", "density", mean_atomic_number=value).value for value in (15, 60)
    )
    assert heavy > 2 * light
    small, large = (
        measured("table_perovskites", "lattice_parameter", atomic_number_of_b=value, anions="O").value
        for value in (13, 56)
    )
    assert large > small + 0.2
