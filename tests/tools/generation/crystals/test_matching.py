"""The cabinet answers as a plain comparison of every pair does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.generation.samples import crystals, perovskite, rock_salt, rock_salt_primitive
from tools.generation.crystals.crystal import Crystal
from tools.generation.crystals.matching import Cabinet, Tolerances, build_matcher
from tools.generation.crystals.text import parse_text

LOOSE = Tolerances(length=0.3, site=0.5, angle=10)


def naive(structures: list[Crystal], tolerances: Tolerances) -> list[int | None]:
    """For each, the first earlier kept one that StructureMatcher.fit accepts, among all of them."""
    matcher = build_matcher(tolerances)
    kept: list[int] = []
    answers: list[int | None] = []
    for number, crystal in enumerate(structures):
        found = next((k for k in kept if matcher.fit(structures[k].structure(), crystal.structure())), None)
        answers.append(found)
        if found is None:
            kept.append(number)
    return answers


def bucketed(structures: list[Crystal], tolerances: Tolerances) -> list[int | None]:
    cabinet, answers = Cabinet(tolerances), []
    for number, crystal in enumerate(structures):
        answers.append(cabinet.find(crystal))
        if answers[-1] is None:
            cabinet.put(number, crystal)
    return answers


def shaken(crystal: Crystal, width: float, seed: int) -> Crystal:
    rng = np.random.default_rng(seed)
    places = crystal.fractional + rng.normal(0, width, crystal.fractional.shape) + rng.random(3)
    order = rng.permutation(len(crystal.symbols))
    return Crystal(
        tuple(crystal.symbols[k] for k in order), places[order], crystal.lattice * rng.uniform(0.95, 1.05)
    )


@pytest.mark.parametrize("tolerances", [Tolerances(), LOOSE])
def test_the_same_answers_as_every_pair_compared(tolerances: Tolerances) -> None:
    real = crystals()
    mixed = real + [shaken(c, width, k) for k, c in enumerate(real) for width in (0.0, 0.02, 0.15)]
    answers = naive(mixed, tolerances)
    assert bucketed(mixed, tolerances) == answers
    assert 0 < sum(a is None for a in answers) < len(mixed)


@given(st.integers(0, 10_000), st.floats(0, 0.2))
@settings(max_examples=10, deadline=None)
def test_the_same_answers_for_shaken_copies_of_one_composition(seed: int, width: float) -> None:
    cubic = parse_text(perovskite("Ba", "Ti"))
    mixed = [shaken(cubic, width, seed + k) for k in range(6)]
    assert bucketed(mixed, Tolerances()) == naive(mixed, Tolerances())


def test_a_cell_and_its_primitive_cell_are_one_crystal() -> None:
    cabinet = Cabinet(Tolerances())
    cabinet.put(7, parse_text(rock_salt("Na", "Cl")))
    assert cabinet.find(parse_text(rock_salt_primitive("Na", "Cl"))) == 7
    assert cabinet.find(parse_text(rock_salt("K", "Cl"))) is None


def test_prototypes_do_not_depend_on_elements() -> None:
    from tools.generation.crystals.crystal import find_symmetry, label_prototype

    labels = [
        label_prototype(c, find_symmetry(c, 0.1))
        for c in map(
            parse_text, (perovskite("Ba", "Ti"), perovskite("La", "Al", "N", 3.7), rock_salt("Na", "Cl"))
        )
    ]
    assert labels[0] == labels[1] == "ABC3|221|1-1-3"
    primitive = parse_text(rock_salt_primitive("Mg", "O"))
    assert labels[2] == label_prototype(primitive, find_symmetry(primitive, 0.1)) == "AB|225|1-1"
