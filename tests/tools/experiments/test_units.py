"""Units as people and strangers write them."""

import pytest

from tools.experiments.errors import BadClaim
from tools.experiments.units import agree, convert, convert_difference, read_unit


@pytest.mark.parametrize(
    "text",
    [
        "m**9**9**9",
        "(m**9)**9",
        "9**9**9",
        "m**(99*99*99*99)",
        "m**(9)(9)",
        "m^1e9",
        "m^1000",
        "10^6 m",
        "(" * 30 + "m" + ")" * 30,
        "a" * 1_000_000,
        "m\x00",
        "m; import os",
        "米",
    ],
)
def test_what_is_no_unit_is_refused_at_once(text: str) -> None:
    with pytest.raises(BadClaim, match="is no unit") as told:
        read_unit(text)
    assert len(str(told.value)) < 200
    assert not agree(text, "m")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("(m/s)^2", "J/kg"),
        ("m**(1/2)", "m^0.5"),
        ("kg m^2 s^-2", "J"),
        ("eV/Å³", "J/m^3"),
        ("J K-1 mol-1", "J/(mol K)"),
        ("W/(m·K)", "W/m/K"),
        ("1/µm", "1/m"),
    ],
)
def test_common_ways_to_write_a_unit_are_read(text: str, wanted: str) -> None:
    assert agree(text, wanted)


def test_a_number_past_the_floats_is_refused() -> None:
    with pytest.raises(BadClaim, match="no number"):
        convert(1.0, "Gm^99", "m^99")


@pytest.mark.parametrize(("value", "unit", "wanted"), [(1e308, "K", "uK"), (-1.7e308, "m", "angstrom")])
def test_a_number_too_large_for_a_unit_is_said_to_be_none(value: float, unit: str, wanted: str) -> None:
    with pytest.raises(BadClaim, match="no number that can be given"):
        convert(value, unit, wanted)
    with pytest.raises(BadClaim, match="no number that can be given"):
        convert_difference(value, unit, wanted)
