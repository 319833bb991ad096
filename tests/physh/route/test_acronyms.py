"""Initials are read both ways, and chemical formulas are no initials."""

import pytest

from physh.route.acronyms import Acronyms, align, letters


@pytest.mark.parametrize(
    ("token", "short"),
    [("QFT", "qft"), ("LEDs", "leds"[:3]), ("DFT+U", "dftu"), ("(MHD),", "mhd"), ("AdS/CMT", "adscmt")],
)
def test_acronyms_are_known_by_their_capitals(token: str, short: str) -> None:
    assert letters(token) == short


@pytest.mark.parametrize("token", ["waves", "Waves", "A", "GaN", "CO2", "LiFePO4", "", "...", "ABCDEFGHIJKL"])
def test_words_and_formulas_are_no_acronyms(token: str) -> None:
    assert letters(token) is None


def test_alignment_prefers_one_letter_a_word() -> None:
    whole = align("qft", ["quantum", "field", "theory"])
    inner = align("qft", ["quantum", "foundations"])
    skipped = align("qft", ["quantum", "scalar", "field", "theory"])
    assert whole == 1
    assert whole > skipped > inner > 0
    assert align("qft", ["field", "theory"]) == 0
    assert align("pic", ["particle", "in", "cell"]) == 1
    assert align("pc", ["particle", "in", "cell"]) == 1, "a little word may be skipped"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("QFT", "Quantum field theory"),
        ("MHD turbulence", "Magnetohydrodynamic turbulence"),
        ("superconducting quantum interference device", "SQUID"),
        ("how is QFT used to describe phases of matter in the lab", "Quantum field theory"),
    ],
)
def test_the_right_name_wins(text: str, name: str) -> None:
    names = ["Turbulence", "Quantum field theory", "Magnetohydrodynamic turbulence", "SQUID", "Qubits"]
    assert names[int(Acronyms(names).scores(text).argmax())] == name


@pytest.mark.parametrize(
    "text",
    ["quantum annealing for traffic", "defects in GaN", "", "DNA is found in every cell that we know of"],
)
def test_chance_is_no_reading(text: str) -> None:
    names = ["QFT+X", "2DEG", "DNA", "Dynamics near attractors"]
    assert not Acronyms(names).scores(text).any()
