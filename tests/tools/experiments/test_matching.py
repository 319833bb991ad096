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
