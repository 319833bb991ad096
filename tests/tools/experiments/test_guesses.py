"""Ranges that sentences give: used where they fit the cause's unit, and told where not or in doubt."""

import re
from collections.abc import Iterator

import pytest

from tests.tools.experiments.toys import FIELD, WIDTH, Toy
from tools.experiments.deciding import assess
from tools.experiments.guesses import without_guesses
from tools.experiments.language import read_claim
from tools.experiments.matching import shortlist
from tools.experiments.running import ExperimentRunner
from tools.experiments.schema import ClaimLine, ExperimentResult
from tools.instruments import instruments


@pytest.fixture(scope="module")
def runner() -> Iterator[ExperimentRunner]:
    with ExperimentRunner() as running:
        yield running


def test_a_range_in_foreign_units_is_told_where_it_is_not_used(runner: ExperimentRunner) -> None:
    said = "The capillary length falls as the liquid density grows from 500 to 2000 {}."
    wrong = assess(ClaimLine(statement=said.format("kg")), instruments(), runner)
    assert "“500 to 2000 kg” was not used: liquid density is in kg/m^3" in wrong.reason
    right = assess(ClaimLine(statement=said.format("kg/m^3")), instruments(), runner)
    assert "was not used" not in right.reason


LAYERS = WIDTH.model_copy(update={"label": "number of layers", "unit": "1", "words": ("sheets",)})


@pytest.mark.parametrize(
    ("cause", "behind", "told"),
    [
        ("width of the slab", "foo", "“1 to 4 foo” was not used: width of the slab is in cm"),
        ("width of the slab", "layers", "“1 to 4 layers” was not used: width of the slab is in cm"),
        ("width of the slab", "at rest", "“1 to 4” was not used: width of the slab is in cm"),
        ("width of the slab", "cm", None),
        ("number of layers", "kg", "“1 to 4 kg” was not used: number of layers is a plain number"),
        ("number of layers", "wt%", "“1 to 4 wt%” was not used: number of layers is a plain number"),
        ("number of layers", "Kelvin", "“1 to 4 Kelvin” was not used: number of layers is a plain number"),
        ("number of layers", "Osm/kg", "“1 to 4 Osm/kg” was not used: number of layers is a plain number"),
        ("number of layers", "orders of magnitude", "“1 to 4 orders” was not used"),
    ],
)
def test_a_word_behind_a_range_that_is_no_unit_is_told(
    runner: ExperimentRunner, cause: str, behind: str, told: str | None
) -> None:
    """It is not taken for a plain number; what counts, and what the cause is called, is."""
    said = f"The strength of the glow rises as the {cause} grows from 1 to 4 {behind}"
    one = Toy(parameters=(LAYERS if "layers" in cause else WIDTH, FIELD))
    line = ClaimLine(statement=said, cause=cause, response="strength of the glow", system="glowing slab")
    result = assess(line, (one,), runner)
    assert result.experiment is not None, result.reason
    used = told is None
    assert (told or "") in result.reason
    assert ("was not used" in result.reason) is not used
    assert (max(result.experiment.values) < 5) is used


PLAIN = """layers, sheets, atoms, times, at rest, neighbours, qubits, pairs, dopants, hops, reaching zero,
    everywhere, followed by rest, glow is seen, chaos appears, T_c, T/T_c, J, J/k_B, [J/k_B], (J/k_B), t, a"""


@pytest.mark.parametrize("behind", ["", *re.split(r",\s+", PLAIN)])
def test_plain_numbers_are_used_and_no_word_is_told(runner: ExperimentRunner, behind: str) -> None:
    result = of_layers(runner, behind)
    assert result.experiment is not None, result.reason
    assert max(result.experiment.values) == 4
    assert "plain number" not in result.reason


def test_an_unknown_word_behind_plain_numbers_is_told_and_they_are_used(runner: ExperimentRunner) -> None:
    result = of_layers(runner, "foo")
    assert result.experiment is not None
    assert max(result.experiment.values) == 4
    assert "“1 to 4 foo” was read as plain numbers: “foo” is no unit that is known" in result.reason


def of_layers(runner: ExperimentRunner, behind: str) -> ExperimentResult:
    said = f"The strength of the glow rises as the number of layers grows from 1 to 4 {behind}"
    line = ClaimLine(
        statement=said, cause="number of layers", response="strength of the glow", system="glowing slab"
    )
    return assess(line, (Toy(parameters=(LAYERS, FIELD)),), runner)


@pytest.mark.parametrize(
    "said",
    [
        "The magnetisation of the Ising model falls with temperature between 1 and 3 reaching zero.",
        "The magnetisation of the Ising model falls with temperature from 1 to 3 T_c.",
        "The magnetisation of the Ising model falls as temperature grows from 1 to 3 [J/k_B].",
    ],
)
def test_a_range_of_a_model_is_used(said: str) -> None:
    line = ClaimLine(statement=said)
    found = shortlist(read_claim(line), instruments(), typed=False)
    match = found.matches[0]
    instrument = next(one for one in instruments() if one.name == match.instrument)
    kept, told = without_guesses(read_claim(line), line, match, instrument)
    assert kept.cause_range is not None
    assert (kept.cause_range.low, kept.cause_range.high, told) == (1, 3, [])
