"""Crystals from CIF and POSCAR, by the readers that all tools share."""

from tools.generation.crystals.crystal import MOST_ATOMS, Crystal, build_crystal
from tools.generation.lost import lost_as
from tools.generation.schema import Reason
from tools.structures import Atoms, read_cif, read_poscar


def parse_cif(text: str) -> Crystal:
    """Return the first data block with atoms, its symmetry expanded. Raises Lost."""
    with lost_as(Reason.NOT_CIF):
        return _crystal(read_cif(text, MOST_ATOMS))


def parse_poscar(text: str) -> Crystal:
    """Raises Lost."""
    with lost_as(Reason.NOT_POSCAR):
        return _crystal(read_poscar(text, MOST_ATOMS))


def _crystal(atoms: Atoms) -> Crystal:
    return build_crystal(list(atoms.symbols), atoms.fractional, atoms.lattice)
