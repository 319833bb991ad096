"""Ranges of a system, units by the noun, signs of components, and units of prediction and falsifier."""

import pytest

from agents.checks import Aids, Draft, mark_text
from agents.checks.laws import forbidden
from agents.checks.measures import dimension_of
from agents.checks.quantities import table
from agents.checks.ranges import ranges
from agents.checks.text import read_draft, read_prose


def faults(text: str) -> dict[str, str]:
    return {
        one.name: one.how
        for one in mark_text(read_prose("", text), Aids())
        if one.of == "physics" and one.mark < 1
    }


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("In the superconductor the coherence length goes from 5 to 2 cm.", "magnitudes plausible"),
        ("In the mantle the viscosity drops from 20 to 10 Pa s.", "magnitudes plausible"),
        ("The tunnelling time goes from 6 to 3 Bq.", "units fit"),
        ("The wobble energy goes from 6 to 4 Bq.", "units fit"),
        ("Over the run T1 goes from 16 to 12 µA.", "units fit"),
        ("The escape velocity goes from 3 to 4 kg.", "units fit"),
        ("Two electrons occupy the same state in the dot.", "symmetry kept"),
        ("A single heat bath gives net work in a cycle.", "conservation kept"),
        ("The spacecraft reaches the speed of light after a year.", "conservation kept"),
    ],
)
def test_what_cannot_be_is_found(text: str, check: str) -> None:
    assert check in faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "The temperature rises from 25 to 60 C.",
        "The radial velocity goes from -12 to 9 km/s within a day.",
        "The Hall voltage goes from -3 to 3 mV.",
        "The coherence length of the laser goes from 5 to 2 cm.",
        "Sweeping the magnetic field from -2 to 2 T flips the film.",
        "The settling speed of 10 µm grains rises on heating.",
        "The velocity stays near 230 km/s from 10 to 30 kpc.",
        "The strength climbs from 200 MPa at 10 µm grain size to 1.4 GPa at 30 nm.",
        "Two electrons cannot occupy the same state.",
    ],
)
def test_what_may_be_is_left_alone(text: str) -> None:
    assert faults(text) == {}


def test_prediction_and_falsifier_give_the_response_in_units_of_one_kind() -> None:
    draft = Draft(
        statement="The resistivity of the copper film rises as the film is made thinner.",
        prediction="From 100 to 10 nm the resistivity goes from 20 to 60 nΩ m.",
        falsifier="A resistivity below 30 nm at 10 nm refutes it.",
    )
    marks = {one.name: one.mark for one in mark_text(read_draft("", draft), Aids())}
    assert marks["units fit"] == 0


def test_each_entry_has_a_source_and_units_that_can_be_read() -> None:
    for known in table().quantities.values():
        assert known.source in table().sources
        assert known.low < known.high
        assert all(dimension_of(unit) is not None for unit in known.units)
    for one in ranges().ranges:
        assert one.source in table().sources
        assert dimension_of(one.unit) is not None
        assert one.names
        one.speaks_of("")
    for rule in forbidden().rules:
        assert rule.source in forbidden().sources
        assert len(rule.patterns) == 3
    assert all(ranges().units.values())
