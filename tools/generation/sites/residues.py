"""The twenty amino acids: heavy atoms by the names of the PDB, bonds, torsions, and measured geometry.

Lengths and angles are medians over the residues of the training sites, made by `tools.generation.sites.build`
and kept in data/residues.json; they agree with Engh and Huber (Acta Cryst. A47, 392 (1991),
10.1107/S0108767391001071) within a few hundredths of an Å.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np

from tools.generation.sites.site import Places

BACKBONE: Final = ("N", "CA", "C", "O")
SIDE_CHAINS: Final = {
    "ALA": "CB", "ARG": "CB CG CD NE CZ NH1 NH2", "ASN": "CB CG OD1 ND2", "ASP": "CB CG OD1 OD2",
    "CYS": "CB SG", "GLN": "CB CG CD OE1 NE2", "GLU": "CB CG CD OE1 OE2", "GLY": "",
    "HIS": "CB CG ND1 CD2 CE1 NE2", "ILE": "CB CG1 CG2 CD1", "LEU": "CB CG CD1 CD2", "LYS": "CB CG CD CE NZ",
    "MET": "CB CG SD CE", "PHE": "CB CG CD1 CD2 CE1 CE2 CZ", "PRO": "CB CG CD", "SER": "CB OG",
    "THR": "CB OG1 CG2", "TRP": "CB CG CD1 CD2 NE1 CE2 CE3 CZ2 CZ3 CH2",
    "TYR": "CB CG CD1 CD2 CE1 CE2 CZ OH", "VAL": "CB CG1 CG2",
}  # fmt: skip
ATOMS: Final = {name: (*BACKBONE, *rest.split()) for name, rest in SIDE_CHAINS.items()}
TORSIONS: Final = {
    "ARG": "CG CD NE CZ", "ASN": "CG OD1", "ASP": "CG OD1", "CYS": "SG", "GLN": "CG CD OE1",
    "GLU": "CG CD OE1", "HIS": "CG ND1", "ILE": "CG1 CD1", "LEU": "CG CD1", "LYS": "CG CD CE NZ",
    "MET": "CG SD CE", "PHE": "CG CD1", "PRO": "CG CD", "SER": "OG", "THR": "OG1", "TRP": "CG CD1",
    "TYR": "CG CD1", "VAL": "CG1",
}  # fmt: skip
"""The atom that each chi puts in place; the three before it on the way from N come first."""
CHIS: Final = {
    name: tuple(("N", "CA", "CB", *ends.split())[k : k + 4] for k in range(len(ends.split())))
    for name, ends in TORSIONS.items()
}
"""The four atoms of chi 1, chi 2 and so on."""
PEPTIDE: Final = ("C", "N")  # of one residue and of the next


@dataclass(frozen=True)
class Ideal:
    """Bonds with their lengths (Å) and angles with their sizes (degrees), by names of atoms."""

    bonds: dict[tuple[str, str], float]
    angles: dict[tuple[str, str, str], float]
    conformers: Places
    """Residues of the training sites, (k, atoms, 3) in Å: Cα is the origin, axes by `frame_of`."""
    reach: float
    """Å from Cα to the nearest atom of the ligand that 95 % of them do not exceed."""


@cache
def ideals() -> dict[str, Ideal]:
    """Return the geometry by the name of the residue."""
    read = json.loads((files("tools.generation.sites") / "data/residues.json").read_text(encoding="utf-8"))
    return {
        name: Ideal(
            {(a, b): length for a, b, length in one["bonds"]},
            {(a, b, c): size for a, b, c, size in one["angles"]},
            np.array(one["conformers"]),
            one["reach"],
        )
        for name, one in read["residues"].items()
    }


@cache
def peptide() -> dict[str, float]:
    """Return the length C–N (Å) and the angles Cα–C–N and C–N–Cα (degrees) of peptide bonds."""
    read = json.loads((files("tools.generation.sites") / "data/residues.json").read_text(encoding="utf-8"))
    return {name: float(value) for name, value in read["peptide"].items()}


@cache
def beyond(name: str, chi: int) -> tuple[int, ...]:
    """Return the places in ATOMS of what turns with a chi (from 0): all on the far side of its axis."""
    near, far = CHIS[name][chi][1:3]
    found, todo = {near, far}, [far]
    while todo:
        at = todo.pop()
        for pair in ideals()[name].bonds:
            if at in pair:
                other = pair[0] if pair[1] == at else pair[1]
                if other not in found:
                    found.add(other)
                    todo.append(other)
    atoms = ATOMS[name]
    return tuple(atoms.index(atom) for atom in atoms if atom in found - {near, far})
