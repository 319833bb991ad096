"""Reading without a model: dopants, properties, syntheses, cells, and schemas of one's own."""

import csv
from pathlib import Path

import pytest

from tools.reading import READ, BadText, ReadRequest, load_form, read
from tools.reading.quantities import find_amounts, to_unit
from tools.reading.tables import make_table, write_csv, write_parquet

DOPED = "Luminescence of Nd-doped ZnO. SrTiO3:Tb3+ was grown. TiO2 doped with 2 at.% Fe was not."
MEASURED = (
    "The Curie temperature of Fe3O4 is 585 °C. The resistivity of ZnO was 1.7 × 10−2 Ω cm at 300 K. "
    "Its power conversion efficiency reached 125%. YSZ shows an ionic conductivity of 0.1 S cm−1 at 1000 °C. "
    "Others give a resistivity of 0.9 Ω cm for ZnO at 300 K."
)
CELL = (
    "All chemicals were purchased from Sigma: Spiro-MeOTAD, DMF. "
    "FTO glass was coated with compact TiO2 by spray "
    "pyrolysis. The CH3NH3PbI3 precursor in DMF was spin-coated and annealed at 100 °C for 10 min. "
    "Spiro-MeOTAD was spin-coated on top. "
    "An Au electrode was thermally evaporated. The active area was 0.16 cm2."
)


def test_hosts_dopants_and_amounts() -> None:
    result = read(DOPED, "doping")
    found = {
        (one.content.get("host"), one.content["dopant"], one.content.get("amount")) for one in result.records
    }
    assert {("ZnO", "Nd", None), ("SrTiO3", "Tb3+", None), ("TiO2", "Fe", "2 at.%")} <= found
    for record in result.records:
        for value in record.values:
            assert DOPED[value.start : value.end] == value.written


def test_properties_with_units_temperatures_and_conflicts() -> None:
    result = read(MEASURED, "measurements")
    told = {
        (one.content.get("material"), one.content["property"]): one.content for one in result.records[::-1]
    }
    assert told["Fe3O4", "Curie temperature"]["value"] == 585
    assert told["ZnO", "resistivity"]["value"] == pytest.approx(0.017)
    assert told["ZnO", "resistivity"]["temperature"] == 300
    assert told["YSZ", "ionic conductivity"]["temperature"] == pytest.approx(1273.15)
    assert any("impossible" in one.reason and one.value == "125.0" for one in result.rejected)
    assert any("resistivity" in one.about for one in result.conflicts)


def test_steps_of_a_synthesis_have_their_conditions() -> None:
    text = (
        "The powders were mixed with ethanol. They were calcined at 900 °C for 12 h in air and then pressed."
    )
    (record,) = read(text, "synthesis").records
    steps = record.content["steps"]
    assert isinstance(steps, list)
    calcined = next(step for step in steps if step["operation"] == "calcined")
    assert (calcined["temperature"], calcined["time"], calcined["atmosphere"]) == (900, 12, "air")
    assert "ethanol" in str(record.content["materials"])


def test_a_cell_layer_by_layer() -> None:
    (record,) = read(CELL, "perovskite_cell").records
    told = record.content
    assert told["Substrate_stack_sequence"] == "SLG | FTO"
    assert told["ETL_stack_sequence"] == "TiO2-c"
    assert told["HTL_stack_sequence"] == "Spiro-MeOTAD"
    assert told["Perovskite_composition_long_form"] == "MAPbI3"
    assert told["Perovskite_deposition_thermal_annealing_temperature"] == 100
    assert told["Cell_architecture"] == "nip"
    assert told["Cell_area_measured"] == pytest.approx(0.16)
    assert next(one for one in record.values if one.path == "Cell_architecture").how == "inferred"


def test_a_schema_of_ones_own_is_read_by_names() -> None:
    schema: dict[str, object] = {
        "type": "object",
        "properties": {
            "deposition_rate": {"type": "number", "unit": "nm/s"},
            "phase": {"enum": ["cubic", "hexagonal"]},
            "substrate": {"type": "string"},
        },
    }
    result = read("Substrate: sapphire. The deposition rate was 6 nm/min. The film is hexagonal.", schema)
    assert result.records[0].content == {
        "deposition_rate": 0.1,
        "phase": "hexagonal",
        "substrate": "sapphire",
    }
    assert "floor" in result.notes[0]


@pytest.mark.parametrize("text", ["", " \n ", "12 34 …", "\x00\x01"])
def test_a_text_without_words_is_refused(text: str) -> None:
    with pytest.raises(BadText, match="no text"):
        read(text, "doping")


def test_a_text_of_ten_megabytes_is_refused_in_one_line() -> None:
    with pytest.raises(BadText, match="split it"):
        read("word " * 2_000_000, "doping")


@pytest.mark.parametrize("form", ["doping", "measurements", "synthesis", "perovskite_cell"])
@pytest.mark.parametrize(
    "text",
    [
        "(" * 2_000 + "x", "doped " * 600, "-doped" * 600, ":" * 1_000 + "Zn", "Zn:Al" * 300,
        "1e999 eV band gap of ZnO", "band gap " + "9" * 400 + " eV",
        "perovskite \ud800 \u202e MAPbI3", "１２ ｅＶ band gap",
    ],
)  # fmt: skip
def test_hostile_texts_do_no_harm(text: str, form: str) -> None:
    for record in read(text, form).records:
        for value in record.values:
            assert value.start < value.end


@pytest.mark.parametrize(
    ("text", "value", "unit", "wanted"),
    [
        ("1.7 × 10−2 Ω cm", 0.017, "Ω cm", "ohm*cm"), ("10⁻³ S/cm", 1e-3, "S/cm", "S/cm"),
        ("-200 µV/K", -200.0, "μV/K", "uV/K"), ("92 emu/g", 92.0, "emu/g", "mA*m^2/g"),
        ("1,200 nm", 1200.0, "nm", "nm"), ("3.5 cm2 V−1 s−1", 3.5, "cm2 V−1 s−1", "cm^2/(V*s)"),
    ],
)  # fmt: skip
def test_amounts_as_papers_write_them(text: str, value: float, unit: str, wanted: str) -> None:
    (amount,) = find_amounts(f"It was {text} there")
    assert amount.value == pytest.approx(value)
    assert amount.unit == unit
    assert to_unit(amount.value, amount.unit, wanted) == pytest.approx(value)


def test_a_range_is_its_middle_with_half_its_width() -> None:
    (amount,) = find_amounts("a thickness of 10–20 nm")
    assert (amount.value, amount.error, amount.is_range) == (15, 5, True)


def test_records_become_a_table_with_units_in_its_headings(tmp_path: Path) -> None:
    from pyarrow import parquet

    table = make_table([("a paper", read(MEASURED, "measurements"))], load_form("measurements"))
    write_csv(table, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    iron = next(row for row in rows if row["material"] == "Fe3O4")
    assert float(iron["Curie temperature (K)"]) == pytest.approx(858.15)
    write_parquet(table, tmp_path / "t.parquet")
    assert parquet.read_table(tmp_path / "t.parquet").num_rows == len(rows)


def test_a_cell_that_looks_like_a_formula_is_made_harmless(tmp_path: Path) -> None:
    from tools.reading.tables import TextTable

    write_csv(TextTable(("a",), (("=1+1",),)), tmp_path / "t.csv")
    assert "'=1+1" in (tmp_path / "t.csv").read_text(encoding="utf-8")


def test_the_tool_tells_and_shows() -> None:
    asked = ReadRequest(text=DOPED, form="doping")
    result = READ.run(asked)
    assert READ.tell(asked) == (f"doping in a text of {len(DOPED)} characters",)
    assert "records" in READ.digest(result)
    assert any("Nd" in str(block) for block in READ.view(asked, result))
    assert READ.result.model_validate_json(result.model_dump_json()) == result


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("We doped ZnO thin films with 2 at.% Al by sputtering.", [("ZnO", "Al")]),
        ("Doping silicon with phosphorus raises the carrier density.", [("silicon", "phosphorus")]),
        ("Mg is a p-type dopant in GaN.", [("GaN", "Mg")]),
        (
            "Boron and phosphorus act as dopants in silicon.",
            [("silicon", "Boron"), ("silicon", "phosphorus")],
        ),
        ("Al-doped ZnO with high conductivity was grown.", [("ZnO", "Al")]),
    ],
)
def test_doping_that_is_said_outright_is_read(text: str, pairs: list[tuple[str, str]]) -> None:
    records = [one.content for one in read(text, "doping").records]
    assert [(one.get("host"), one.get("dopant")) for one in records] == pairs
