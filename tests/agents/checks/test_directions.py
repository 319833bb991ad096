"""Directions are read from sentences, and held against textbooks where those speak of the same things."""

import re

import pytest

from agents.checks import Aids, mark_text
from agents.checks.directions import book
from agents.checks.phrases import read_phrase
from agents.checks.reading import read_said
from agents.checks.text import read_prose
from tools.experiments.lexicon import stem_list


def against(text: str) -> str:
    checks = mark_text(read_prose("", text), Aids())
    return "; ".join(one.how for one in checks if one.name == "as textbooks say" and one.mark < 1)


@pytest.mark.parametrize(
    ("sentence", "cause", "response", "sign"),
    [
        ("The optical gap falls with tensile strain.", "tensile strain", "optical gap", -1),
        ("As the field grows, the gyroradius shrinks.", "field", "gyroradius", -1),
        (
            "The wider the barrier, the smaller the tunnelling current.",
            "barrier width",
            "tunnelling current",
            -1,
        ),
        ("Disorder leads to an increase in resistivity.", "Disorder", "resistivity", 1),
        ("The Debye length is reduced by salt.", "salt", "Debye length", -1),
        ("Refining the grains raises the yield strength.", "size of grains", "yield strength", -1),
        ("Thinning the film raises the resistivity.", "thickness of film", "resistivity", -1),
        ("Removing 13C raises the thermal conductivity.", "13C", "thermal conductivity", -1),
        ("The conductivity rises on cooling.", "temperature", "conductivity", -1),
        ("Cooling the sample lowers the resistivity.", "temperature of sample", "resistivity", 1),
        ("The half-life is inversely proportional to the decay energy.", "decay energy", "half-life", -1),
        ("The optical gap falls with strain, as orbitals overlap less.", "strain", "optical gap", -1),
        ("The cooling rate rises with the density.", "density", "cooling rate", 1),
        ("Stronger damping lowers the quality factor.", "damping strength", "quality factor", -1),
    ],
)
def test_a_direction_is_read(sentence: str, cause: str, response: str, sign: int) -> None:
    assert (cause, response, sign) in read_said(sentence)


@pytest.mark.parametrize(
    ("sentence", "causes"),
    [
        ("At constant bending radius the energy loss rises with the beam energy.", ["beam energy"]),
        ("The energy loss falls with bending radius at fixed beam energy.", ["bending radius"]),
        ("At fixed mean degree, the threshold falls with the degree variance.", ["degree variance"]),
        ("For a given mass the luminosity rises with temperature.", ["temperature"]),
        ("With the density held constant, the pressure rises with temperature.", ["temperature"]),
    ],
)
def test_what_is_held_fixed_is_no_cause(sentence: str, causes: list[str]) -> None:
    assert [one.cause for one in read_said(sentence)] == causes


@pytest.mark.parametrize(
    "sentence",
    [
        "The yield strength does not rise with grain size.",
        "Does the gap rise with strain?",
        "The gap first rises with strain.",
        "Contrary to Vegard, the gap rises with strain.",
        "Strain tunes the band structure.",
    ],
)
def test_what_is_denied_or_doubted_is_not_read(sentence: str) -> None:
    assert read_said(sentence) == []


def test_words_of_a_name_stand_together() -> None:
    phrase = read_phrase("thermally activated lithium-ion conductivity")
    assert not phrase.ends_with(stem_list("thermal conductivity"))
    assert read_phrase("density of dislocations in copper").ends_with(stem_list("dislocation density"))
    assert not read_phrase("critical thickness").ends_with(stem_list("thickness"))


@pytest.mark.parametrize(
    "wrong",
    [
        "In a plasma the Debye length grows with electron density.",
        "Refining the grains of copper from 10 to 1 µm lowers its yield strength.",
        "At constant bending radius the energy loss per turn falls with the beam energy.",
        "A higher numerical aperture gives a larger spot size.",
        "The larger the cavity loss, the lower the laser threshold.",
        "Higher vaccination coverage leads to a larger outbreak size.",
        "The half-life of alpha emitters rises with the decay energy.",
        "The coherence time of the transmon rises with temperature.",
        "The ice flow speed of the glacier decreases with ice temperature.",
        "The open-circuit voltage of the solar cell climbs with temperature.",
        "With rising pressure the mean free path of the gas gets longer.",
        "The orbital period falls with the semi-major axis of the planet.",
        "The magnetization of the ferromagnet increases on heating.",
        "The Nusselt number decreases with the Rayleigh number.",
    ],
)
def test_a_reversed_direction_is_found_in_each_discipline(wrong: str) -> None:
    assert against(wrong)


def test_a_text_of_two_kinds_of_systems_is_not_judged() -> None:
    assert not against("Unlike in a liquid, in a gas the viscosity rises with temperature.")
    assert not against("The viscosity of the liquid and of the gas rises with temperature.")


def test_each_dependence_can_be_cited_and_met() -> None:
    for known in book().dependencies:
        assert known.source in book().sources
        assert [re.compile(words) for words in (known.when, known.unless)]
        for names, told in ((known.responses, known.response), (known.causes, known.cause)):
            assert names.find(read_phrase(told.split("|")[0])), told


def test_no_dependence_says_two_directions_of_all_systems() -> None:
    signs: dict[tuple[str, str, str], set[str]] = {}
    for known in book().dependencies:
        for response in known.response.split("|"):
            for cause in known.cause.split("|"):
                signs.setdefault((response, cause, known.when), set()).add(known.sign)
    assert [pair for pair, found in signs.items() if len(found) > 1] == []
