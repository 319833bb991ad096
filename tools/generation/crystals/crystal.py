"""An ordered crystal as numbers: what every reader gives and every measure takes."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tools.generation.crystals.elements import SYMBOLS
from tools.generation.lost import Lost, lost_in_typing
from tools.generation.schema import Reason, Stage

if TYPE_CHECKING:
    from pymatgen.core.structure import Structure

MOST_ATOMS: Final = 1_000
FARTHEST: Final = 1e6  # cells: of larger coordinates little is left after the point
SMALLEST_VOLUME: Final = 0.1  # Å³, below which CDVAE builds no structure
NEAR_ONE: Final = 1.0


@dataclass(frozen=True)
class Crystal:
    """Symbols (n), fractional coordinates (n, 3) and lattice vectors (3, 3) as rows, in Å."""

    symbols: tuple[str, ...]
    fractional: NDArray[np.float64]
    lattice: NDArray[np.float64]

    @cached_property
    def volume(self) -> float:
        """In Å³."""
        return float(abs(np.linalg.det(self.lattice)))

    @cached_property
    def composition(self) -> tuple[tuple[str, int], ...]:
        """Elements in the order of atomic number, with their counts divided by their greatest divisor."""
        counts = Counter(self.symbols)
        divisor = math.gcd(*counts.values())
        return tuple((e, counts[e] // divisor) for e in sorted(counts, key=SYMBOLS.__getitem__))

    @cached_property
    def formula(self) -> str:
        """Reduced, elements in the order of atomic number."""
        return "".join(f"{e}{k if k > 1 else ''}" for e, k in self.composition)

    @cached_property
    def anonymous(self) -> str:
        """Reduced, with letters for elements from the rarest on: ABC3."""
        counts = sorted(k for _, k in self.composition)
        return "".join(f"{chr(65 + i)}{k if k > 1 else ''}" for i, k in enumerate(counts))

    def structure(self) -> Structure:
        from pymatgen.core.structure import Structure

        return Structure(self.lattice, list(self.symbols), self.fractional)


def build_crystal(
    symbols: list[str], fractional: NDArray[np.float64], lattice: NDArray[np.float64]
) -> Crystal:
    """Raises Lost where a species is no element, a number is not finite or the cell has no volume."""
    if len(symbols) > MOST_ATOMS:
        raise Lost(Reason.TOO_MANY_ATOMS, f"{len(symbols)} atoms, at most {MOST_ATOMS} are judged")
    unknown = [s for s in symbols if s not in SYMBOLS]
    if unknown:
        raise lost_in_typing(Reason.UNKNOWN_SPECIES, f"{unknown[0]!r} is no element")
    if not (np.isfinite(fractional).all() and np.isfinite(lattice).all()):
        raise lost_in_typing(Reason.NOT_FINITE, "a cell or a coordinate is not finite")
    if np.abs(fractional).max(initial=0.0) > FARTHEST:
        raise lost_in_typing(Reason.NOT_FINITE, f"a coordinate beyond {FARTHEST:g} cells")
    crystal = Crystal(tuple(symbols), fractional, lattice)
    if not SMALLEST_VOLUME <= crystal.volume < math.inf:
        raise Lost(Reason.FLAT_CELL, f"{crystal.volume:.3g} Å³", Stage.STRUCTURAL)
    return crystal


def lattice_from_parameters(lengths: tuple[float, ...], angles: tuple[float, ...]) -> NDArray[np.float64]:
    """Rows a, b, c in Å from lengths in Å and angles in degrees; c along z, as pymatgen lays it."""
    if not all(math.isfinite(x) for x in (*lengths, *angles)):
        raise lost_in_typing(Reason.NOT_FINITE, "a cell length or angle is not finite")
    if min(lengths) <= 0 or not all(0 < x < 180 for x in angles):  # noqa: PLR2004 - degrees of a half turn
        raise Lost(Reason.FLAT_CELL, f"lengths {lengths} Å, angles {angles}°", Stage.STRUCTURAL)
    alpha, beta, gamma = np.radians(angles)
    cosine = (math.cos(alpha) * math.cos(beta) - math.cos(gamma)) / (math.sin(alpha) * math.sin(beta))
    if abs(cosine) > NEAR_ONE:
        raise Lost(Reason.FLAT_CELL, f"no cell has the angles {angles}°", Stage.STRUCTURAL)
    a, b, c = lengths
    star = math.acos(cosine)
    return np.array(
        [
            [a * math.sin(beta), 0.0, a * math.cos(beta)],
            [
                -b * math.sin(alpha) * math.cos(star),
                b * math.sin(alpha) * math.sin(star),
                b * math.cos(alpha),
            ],
            [0.0, 0.0, c],
        ]
    )
