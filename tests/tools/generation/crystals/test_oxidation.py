"""Composition rules against smact itself and against the rule of CDVAE written out."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.generation.crystals.oxidation import is_neutral
from tools.structures import NAMES, SYMBOLS

Composition = tuple[tuple[str, int], ...]
ELEMENTS = NAMES[:94]


def by_definition(composition: Composition) -> bool:
    """SMACT 2.5.5 as CDVAE calls it: every choice of states is tried."""
    import smact
    from smact.screening import pauling_test

    symbols = [symbol for symbol, _ in composition]
    if len(symbols) == 1 or all(symbol in smact.metals for symbol in symbols):
        return True
    elements = [smact.Element(symbol) for symbol in symbols]
    for states in product(*(e.oxidation_states_smact14 or [] for e in elements)):
        if sum(k * s for (_, k), s in zip(composition, states, strict=True)):
            continue
        try:
            if pauling_test(states, [e.pauling_eneg for e in elements]):
                return True
        except TypeError:  # an electronegativity is missing
            return True
    return False


@st.composite
def compositions(draw: st.DrawFn) -> Composition:
    symbols = draw(st.lists(st.sampled_from(ELEMENTS), min_size=1, max_size=4, unique=True))
    return tuple((s, draw(st.integers(1, 6))) for s in sorted(symbols, key=SYMBOLS.__getitem__))


@given(compositions())
@settings(max_examples=150, deadline=None)
def test_the_short_way_answers_as_the_definition(composition: Composition) -> None:
    assert is_neutral(composition, "smact14") == by_definition(composition)


@given(compositions())
@settings(max_examples=80, deadline=None)
def test_smact_as_installed_answers_the_same_with_that_table(composition: Composition) -> None:
    import math

    from smact.screening import smact_validity

    divisor = math.gcd(*(k for _, k in composition))
    reduced = tuple((e, k // divisor) for e, k in composition)
    formula = "".join(f"{e}{k}" for e, k in reduced)
    assert is_neutral(reduced, "smact14") == smact_validity(formula, oxidation_states_set="smact14")


@pytest.mark.parametrize(
    ("composition", "neutral"),
    [
        ((("O", 3), ("Ti", 1), ("Ba", 1)), True),
        ((("Na", 1), ("Cl", 1)), True),
        ((("Na", 1), ("Cl", 3)), False),
        ((("Fe", 7),), True),
        ((("Cu", 1), ("Zn", 1)), True),
        ((("He", 1), ("O", 1)), False),
    ],
)
def test_known_compositions(composition: Composition, *, neutral: bool) -> None:
    assert is_neutral(composition, "smact14") is neutral
    assert is_neutral(composition, "icsd24") is neutral


def test_twenty_elements_are_judged_at_once() -> None:
    """Trying every choice would take longer than the universe has."""
    is_neutral(tuple((symbol, 1) for symbol in NAMES[20:50]), "smact14")
