"""A prototype is of the crystal, however its cell was chosen."""

import numpy as np
import pytest

from tools.structures import Atoms
from tools.synthesis.basis import least_charge
from tools.synthesis.crystals import find_prototype
from tools.synthesis.elements import element_table
from tools.synthesis.errors import SynthesisError
from tools.synthesis.formulas import read_formula

pytest.importorskip("spglib", reason="the extra [generation] is not installed")

FACES = np.array([[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])
ROCK_SALT = Atoms(
    ("Na",) * 4 + ("Cl",) * 4, np.concatenate([FACES, FACES + np.array([0.5, 0, 0])]), 5.64 * np.eye(3)
)


def primitive() -> Atoms:
    lattice = 2.82 * np.array([[0.0, 1, 1], [1, 0, 1], [1, 1, 0]])
    return Atoms(("Cl", "Na"), np.array([[0.5, 0.5, 0.5], [0, 0, 0]]) + 0.1, lattice)


def test_cell_order_and_origin_do_not_matter() -> None:
    one, other = find_prototype(ROCK_SALT), find_prototype(primitive())
    assert (one.composition, one.space_group, one.sites, one.atoms) == (
        other.composition, other.space_group, other.sites, other.atoms,
    )  # fmt: skip
    assert one.volume == pytest.approx(other.volume)
    assert (one.space_group, one.atoms) == (225, 2)
    assert one.text == "225 1m-3m 1m-3m"


def test_too_many_atoms_are_refused() -> None:
    many = Atoms(("Na",) * 501, np.random.default_rng(0).random((501, 3)), 50 * np.eye(3))
    with pytest.raises(SynthesisError, match="at most 500"):
        find_prototype(many)


@pytest.mark.parametrize(("formula", "charge"), [("NaCl", 0), ("Fe2O3", 0), ("Na2Cl", 1 / 3), ("BaTiO3", 0)])
def test_charge_balance(formula: str, charge: float) -> None:
    assert least_charge(read_formula(formula), element_table().common_charges) == pytest.approx(charge)


def test_alike_elements_are_alike() -> None:
    unlike = element_table().unlikeness()
    assert unlike[10, 10] == 0
    assert unlike[10, 18] < unlike[10, 16]  # Na is nearer to K than to Cl
    assert np.allclose(unlike, unlike.T)
