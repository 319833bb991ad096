"""Numbers, changes and thresholds are read with their units and sides."""

import pytest

from agents.checks.measures import dimension_of, find_changes, find_limits, find_measures


@pytest.mark.parametrize(
    ("text", "unit"),
    [("a resistivity of 0.57 nanoohm meter", "ohm*m"), ("a torque of 5 newton-metres", "N*m")],
)
def test_two_unit_names_are_one_unit(text: str, unit: str) -> None:
    (found,) = find_measures(text)
    assert found.dimension == dimension_of(unit)


def test_numbers_are_read_with_their_units() -> None:
    found = find_measures("MoS2 at 4 K and 2 × 10^-3 Pa s, a 17 nΩ m film, 10⁻³ W/(m K), 25 °C and 5 %")
    assert [(one.value, one.unit) for one in found] == [
        (4, "K"),
        (0.002, "Pa s"),
        (17, "nΩ m"),
        (0.001, "W/(m K)"),
        (25, "°C"),
        (5, "%"),
    ]
    assert found[4].si == pytest.approx(298.15)


def test_a_change_needs_no_verb_of_direction() -> None:
    change = find_changes("When heated, the optical gap goes from 0.95 to 1.12 eV.")[0]
    assert (change.phrase, change.sign, change.said) == ("the optical gap", 1, 0)


def test_a_threshold_knows_its_side() -> None:
    limits = find_limits("It is refuted by a shift below 50 meV or more than 3 THz.")
    assert [(one.below, one.measure.unit) for one in limits] == [(True, "meV"), (False, "THz")]
