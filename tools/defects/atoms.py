"""Atoms in a periodic cell, as read from a file or taken from pymatgen."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tools.defects.errors import BadInput, OutsideModel

if TYPE_CHECKING:
    from pymatgen.core.structure import Structure

MOST_ATOMS = 20_000
FARTHEST = 1_000  # cells
LONGEST = 10_000  # Å


@dataclass(frozen=True)
class Atoms:
    """Element symbols, fractional coordinates (n, 3), and the lattice's vectors as rows in Å."""

    symbols: tuple[str, ...]
    fractional: NDArray[np.float64]
    lattice: NDArray[np.float64]

    def __post_init__(self) -> None:
        if not self.symbols:
            raise BadInput("the structure has no atoms")
        if len(self.symbols) > MOST_ATOMS:
            raise BadInput(
                f"{len(self.symbols)} atoms: at most {MOST_ATOMS} are read; write large cells as a spec"
            )
        if self.fractional.shape != (len(self.symbols), 3):
            raise BadInput(f"{len(self.symbols)} atoms but coordinates of shape {self.fractional.shape}")
        if not (np.isfinite(self.fractional).all() and np.isfinite(self.lattice).all()):
            raise BadInput("a coordinate or lattice vector is not a finite number")
        if np.abs(self.fractional).max() > FARTHEST or np.abs(self.lattice).max() > LONGEST:
            raise BadInput(
                f"a fractional coordinate beyond ±{FARTHEST:,} or a lattice vector over {LONGEST:,} Å: "
                "is a unit or a decimal point wrong?"
            )
        if abs(np.linalg.det(self.lattice)) < 1e-6:  # noqa: PLR2004 Å³: a flat cell
            raise BadInput("the lattice vectors span no volume")


def from_pymatgen(structure: "Structure") -> Atoms:
    if not structure.is_ordered:
        raise OutsideModel("a site is partially occupied: give an ordered structure")
    symbols = tuple(str(site.specie.symbol) for site in structure)
    return Atoms(symbols, np.array(structure.frac_coords, float), np.array(structure.lattice.matrix, float))


def lattice_from_parameters(lengths: tuple[float, ...], angles: tuple[float, ...]) -> NDArray[np.float64]:
    """Rows a, b, c with a along x and b in the xy plane; lengths in Å, angles in degrees."""
    a, b, c = lengths
    alpha, beta, gamma = np.radians(angles)
    if not np.sin(gamma) > 0:
        raise BadInput(f"the cell angles {angles} make no lattice")
    cx, cy = np.cos(beta), (np.cos(alpha) - np.cos(beta) * np.cos(gamma)) / np.sin(gamma)
    height = 1 - cx**2 - cy**2
    if not height > 0:
        raise BadInput(f"the cell angles {angles} make no lattice")
    return np.array(
        [[a, 0, 0], [b * np.cos(gamma), b * np.sin(gamma), 0], [c * cx, c * cy, c * np.sqrt(height)]]
    )
