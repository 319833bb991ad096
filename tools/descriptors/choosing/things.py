"""What representations describe: compositions, and structures where a data set has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tools.descriptors.contract import Floats, refuse_overlaps
from tools.structures.atoms import Atoms
from tools.structures.elements import SYMBOLS

Composition = tuple[tuple[int, float], ...]
"""Atomic numbers with shares that add up to one."""


@dataclass(frozen=True)
class Things:
    """What is described: compositions, and structures where the table has them."""

    compositions: Sequence[Composition]
    structures: Sequence[Atoms] | None = None
    periodic: bool = True

    def take(self, rows: Sequence[int]) -> "Things":
        structures = None if self.structures is None else [self.structures[row] for row in rows]
        return Things([self.compositions[row] for row in rows], structures, self.periodic)

    @cached_property
    def atoms(self) -> list[tuple[Floats, Any, Floats]]:
        """Places (N, 3) and lattice vectors (3, 3) in Å, atomic numbers (N); overlaps are refused."""
        found = []
        for one in self.structures or ():
            places = one.fractional @ one.lattice
            refuse_overlaps(places, one.lattice)
            found.append((places, np.array([SYMBOLS[s] for s in one.symbols]), one.lattice))
        return found
