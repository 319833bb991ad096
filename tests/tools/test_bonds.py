"""Bonds by covalent radii."""

import pytest

from tools.bonds import RADII, find_bonds

ELEMENTS = ("Ba", "Ti", "O")  # of a perovskite
PLACES = ((0.0, 0.0, 0.0), (2.0, 2.0, 2.0), (2.0, 2.0, 0.0))


def test_radii_are_those_of_the_paper() -> None:
    data = pytest.importorskip("ase.data", reason="the extra [stability] is not installed")
    for symbol, radius in RADII.items():
        assert radius == pytest.approx(data.covalent_radii[data.atomic_numbers[symbol]], abs=0.005), symbol


def test_cations_are_bonded_to_anions_and_not_to_each_other() -> None:
    assert find_bonds(ELEMENTS, PLACES) == ((0, 2), (1, 2))


@pytest.mark.parametrize(
    ("elements", "distance", "bonded"),
    [
        (("Ga", "Ga"), 2.46, True),  # in GaSe
        (("P", "P"), 2.22, True),
        (("P", "P"), 3.33, False),
        (("C", "C"), 1.54, True),
        (("Fe", "Fe"), 2.48, True),  # iron alone is a metal, whose atoms touch
        (("C", "Cl"), 3.0, False),
    ],
)
def test_neighbours_are_bonded(elements: tuple[str, str], distance: float, *, bonded: bool) -> None:
    assert bool(find_bonds(elements, [(0.0, 0.0, 0.0), (0.0, 0.0, distance)])) is bonded


def test_one_atom_has_no_bond() -> None:
    assert find_bonds(["C"], [(0.0, 0.0, 0.0)]) == ()
