"""Claims find the instrument that can test them."""

import pytest

from tools.experiments.language import read_claim
from tools.experiments.matching import shortlist
from tools.experiments.schema import ClaimLine
from tools.instruments import instruments


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"cause_range": {"low": 1.4, "high": 3.6, "unit": "1"}}, "lattice_ising"),
        ({"cause_range": {"low": 100, "high": 900, "unit": "K"}}, "lattice_magnet"),
    ],
)
def test_of_two_instruments_the_one_that_reaches_the_range_is_chosen(
    given: dict[str, object], expected: str
) -> None:
    """One counts temperature in J/k_B and one in kelvin; a range without a unit can be of either."""
    line = ClaimLine.model_validate(
        {
            "system": "two-dimensional Ising model on a square lattice",
            "cause": "temperature",
            "response": "heat capacity",
            "relation": "peaks",
            **given,
        }
    )
    choice = shortlist(read_claim(line), instruments()).choice
    assert choice
    assert choice.instrument == expected


@pytest.mark.parametrize(
    "held", ["at a Kondo coefficient of 6e-11 ohm*m", "with kondo_coefficient = 6e-11 ohm*m"]
)
def test_a_value_at_the_end_is_held_and_no_cause(held: str) -> None:
    said = (
        f"In a dilute magnetic alloy the resistivity falls as the temperature rises from 2 to 20 K, {held}."
    )
    choice = shortlist(read_claim(ClaimLine(statement=said)), instruments()).choice
    assert choice is not None
    assert (choice.instrument, choice.cause) == ("law_kondo_minimum", "temperature")
    assert choice.settings == {"kondo_coefficient": 6e-11}
