"""Atoms in a periodic cell: what every reader of structures gives, and why a text is none."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.errors import ToolError

FARTHEST: Final = 1e6  # cells: of larger coordinates little is left after the point
SMALLEST_VOLUME: Final = 1e-6  # Å³
HALF_TURN: Final = 180.0  # degrees

Floats = NDArray[np.float64]


class StructureFault(StrEnum):
    """Why a text holds no structure that can be used."""

    UNREADABLE = "unreadable"
    UNKNOWN_FORM = "unknown form"
    TOO_MANY_ATOMS = "too many atoms"
    UNKNOWN_SPECIES = "unknown species"
    NOT_FINITE = "not a finite number"
    PARTIAL_OCCUPANCY = "partial occupancy"
    FLAT_CELL = "cell without volume"
    SYMMETRY = "symmetry"
    """The symmetry, or the list of atoms, contradicts what the file declares about its contents."""


class BadStructure(ToolError):
    """A text that is no structure, with the fault as a word that a program can count."""

    def __init__(self, fault: StructureFault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


@dataclass(frozen=True)
class Atoms:
    """Element symbols (n), fractional coordinates (n, 3), and lattice vectors as rows (3, 3) in Å."""

    symbols: tuple[str, ...]
    fractional: Floats
    lattice: Floats

    def __post_init__(self) -> None:
        if not self.symbols:
            raise BadStructure(StructureFault.UNREADABLE, "the structure has no atoms")
        if self.fractional.shape != (len(self.symbols), 3):
            raise BadStructure(
                StructureFault.UNREADABLE,
                f"{len(self.symbols)} atoms but coordinates of shape {self.fractional.shape}",
            )
        if not (np.isfinite(self.fractional).all() and np.isfinite(self.lattice).all()):
            raise BadStructure(
                StructureFault.NOT_FINITE, "a coordinate or lattice vector is not a finite number"
            )
        if np.abs(self.fractional).max() > FARTHEST:
            raise BadStructure(
                StructureFault.NOT_FINITE,
                f"a fractional coordinate beyond ±{FARTHEST:g}: is a unit or a decimal point wrong?",
            )
        if not SMALLEST_VOLUME <= self.volume < math.inf:
            raise BadStructure(StructureFault.FLAT_CELL, f"the lattice vectors span {self.volume:.3g} Å³")

    @property
    def volume(self) -> float:
        """In Å³."""
        with np.errstate(over="ignore", invalid="ignore"):
            return float(abs(np.linalg.det(self.lattice)))

    def counts(self) -> Counter[str]:
        return Counter(self.symbols)


def check_number(atoms: int, most: int) -> None:
    """Raise BadStructure if a structure has more than `most` atoms."""
    if atoms > most:
        raise BadStructure(StructureFault.TOO_MANY_ATOMS, f"{atoms} atoms: at most {most} are read")


def lattice_from_parameters(lengths: Sequence[float], angles: Sequence[float]) -> Floats:
    """Return rows a, b, c in Å from lengths in Å and angles in degrees; c along z, as pymatgen lays it.

    Raises BadStructure if they close no cell.
    """
    lengths, angles = tuple(lengths), tuple(angles)
    if not all(math.isfinite(x) for x in (*lengths, *angles)):
        raise BadStructure(StructureFault.NOT_FINITE, "a cell length or angle is not a finite number")
    if min(lengths) <= 0 or not all(0 < x < HALF_TURN for x in angles):
        raise BadStructure(StructureFault.FLAT_CELL, f"lengths {lengths} Å, angles {angles}° make no cell")
    alpha, beta, gamma = np.radians(angles)
    cosine = (math.cos(alpha) * math.cos(beta) - math.cos(gamma)) / (math.sin(alpha) * math.sin(beta))
    if abs(cosine) > 1:
        raise BadStructure(StructureFault.FLAT_CELL, f"no cell has the angles {angles}°")
    a, b, c = lengths
    star = math.acos(cosine)
    across = b * math.sin(alpha)
    return np.array(
        [
            [a * math.sin(beta), 0.0, a * math.cos(beta)],
            [-across * math.cos(star), across * math.sin(star), b * math.cos(alpha)],
            [0.0, 0.0, c],
        ]
    )


def to_fractional(cartesian: Floats, lattice: Floats) -> Floats:
    """Return fractional coordinates (n, 3) of Cartesian ones in Å. Raises BadStructure for a flat cell."""
    try:
        return np.asarray(np.linalg.solve(lattice.T, cartesian.T).T)
    except np.linalg.LinAlgError:
        raise BadStructure(StructureFault.FLAT_CELL, "the lattice vectors span 0 Å³") from None
