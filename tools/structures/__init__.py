"""Reads atoms in periodic cells, and frames of XYZ, from what people and programs write.

    read_structure(Path("POSCAR").read_text(), most_atoms=1000)

The readers raise `BadStructure`, with the fault as a word and a line that says what is wrong.
"""

from tools.structures.atoms import (
    Atoms,
    BadStructure,
    StructureFault,
    check_number,
    lattice_from_parameters,
    to_fractional,
)
from tools.structures.cif import looks_like_cif, read_cif
from tools.structures.elements import NAMES, SYMBOLS, element_of
from tools.structures.poscar import looks_like_poscar, read_poscar
from tools.structures.text import decode_text, plain, read_lines
from tools.structures.xyz import Frame, looks_like_xyz, read_extended_xyz, read_xyz

__all__ = [
    "NAMES", "SYMBOLS", "Atoms", "BadStructure", "Frame", "StructureFault", "check_number", "decode_text",
    "element_of", "lattice_from_parameters", "looks_like_cif", "looks_like_poscar", "looks_like_xyz", "plain",
    "read_cif", "read_extended_xyz", "read_lines", "read_poscar", "read_structure", "read_xyz",
    "to_fractional",
]  # fmt: skip


def read_structure(text: str, most_atoms: int) -> Atoms:
    """Return the structure of a CIF, POSCAR or extended XYZ, told apart by what they hold.

    Numbers on lines 2 to 5 make a POSCAR of a text, whatever its comment says. Raises BadStructure.
    """
    if looks_like_poscar(text):
        return read_poscar(text, most_atoms)
    if looks_like_xyz(text):
        return read_extended_xyz(text, most_atoms)
    if looks_like_cif(text):
        return read_cif(text, most_atoms, alone=True)
    if text.lstrip().startswith("{"):  # as C2DB and ASE keep them
        raise BadStructure(
            StructureFault.UNREADABLE, "this is JSON: write the structure as CIF, POSCAR or extended XYZ"
        )
    raise BadStructure(
        StructureFault.UNKNOWN_FORM, "this is neither a CIF nor a POSCAR nor an XYZ with its lattice"
    )
