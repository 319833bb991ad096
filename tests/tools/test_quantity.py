"""Numbers as a reader meets them."""

import math
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tools.quantity import Quantity, write


@pytest.mark.parametrize(
    ("value", "std", "unit", "read"),
    [
        (2.636214212726965, 0.002895017482256244, "eV", "2.636 ± 0.003 eV"),
        (0.92887, 0.04897, "eV", "0.93 ± 0.05 eV"),
        (-0.0012, 0.0146, "eV/atom", "−0.001 ± 0.015 eV/atom"),
        (0.0, 0.04, "eV", "0.00 ± 0.04 eV"),
        (99.97, 0.0995, "", "99.97 ± 0.10"),
        (9.99, 0.0096, "m", "9.99 ± 0.01 m"),
        (12345.0, 300.0, "K", "12300 ± 300 K"),
        (1.23456e-8, 3e-10, "m", "(1.23 ± 0.03) × 10⁻⁸ m"),
        (1e8, 2e6, "K", "(1.00 ± 0.02) × 10⁸ K"),
        (25.851999786435535, None, "meV", "25.852 meV"),
        (1.380649e-23, None, "J/K", "1.3806 × 10⁻²³ J/K"),
        (6.0, None, "1", "6"),
        (1234567.0, None, "", "1234567"),
        (0.5, 0.0, "", "0.5"),
        (math.inf, None, "K", "inf K"),
        (5e-324, None, "eV", "4.9407 × 10⁻³²⁴ eV"),
        (1e-323, 5e-324, "eV", "(10 ± 5) × 10⁻³²⁴ eV"),
        (1e308, 5e-324, "eV", "1 × 10³⁰⁸ eV"),
    ],
)
def test_a_number_is_rounded_to_what_is_known(value: float, std: float | None, unit: str, read: str) -> None:
    assert write(value, std, unit) == read
    assert str(Quantity(value=value, std=std, unit=unit)) == read


@given(
    st.floats(-1e12, 1e12).filter(lambda x: x == 0 or abs(x) > 1e-12),
    st.floats(1e-12, 1e12),
)
def test_what_is_shown_differs_by_less_than_the_uncertainty(value: float, std: float) -> None:
    assume(std > 1e-10 * abs(value))  # else the floats themselves are rounded more coarsely
    shown = write(value, std).replace("−", "-")
    power = re.search(r"10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", shown)
    scale = 10 ** int(power[1].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))) if power else 1
    number, deviation = (
        float(part) * scale for part in re.findall(r"-?\d+(?:\.\d+)?", shown.partition("×")[0])
    )
    assert abs(number - value) <= 0.53 * std + 1e-12 * abs(value)
    assert abs(deviation - std) <= 0.34 * std


@given(st.floats(), st.none() | st.floats(min_value=0))
def test_every_number_is_written_in_a_few_characters(value: float, std: float | None) -> None:
    assert 1 <= len(write(value, std)) <= 48
