"""Coverage of a reference by samples, and the other way round (Xie et al., ICLR 2022, after Xu et al. 2021).

A reference crystal is covered where the nearest sample by structure and the nearest by composition (which may
be two different samples) are both within the cutoffs; a sample is precise where that holds in reverse.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.generation.crystals.fingerprints import describe_composition
from tools.generation.judging.facts import CrystalFacts
from tools.generation.rules import Cutoffs

BLOCK: Final = 256
Rows = NDArray[np.float64]


class CoverageCount:
    """Takes samples as they come; keeps only the nearest distances."""

    def __init__(self, reference: Iterable[CrystalFacts], cutoffs: Cutoffs) -> None:
        self._structures, self._compositions = _rows([f for f in reference if f.fingerprint is not None])
        self._cutoffs = cutoffs
        self._nearest = np.full((2, len(self._structures)), np.inf)
        self._waiting: list[CrystalFacts] = []
        self._precise = 0

    def take(self, facts: CrystalFacts) -> None:
        if facts.fingerprint is not None:
            self._waiting.append(facts)
        if len(self._waiting) >= BLOCK:
            self._compare()

    @property
    def covered(self) -> tuple[int, int]:
        """Reference crystals that are covered, and how many there are."""
        self._compare()
        near = (self._nearest[0] <= self._cutoffs.structure) & (self._nearest[1] <= self._cutoffs.composition)
        return int(near.sum()), near.size

    @property
    def precise(self) -> int:
        """Samples with a reference crystal near."""
        self._compare()
        return self._precise

    def _compare(self) -> None:
        if not self._waiting or not len(self._structures):
            return
        from scipy.spatial.distance import cdist

        structures, compositions = _rows(self._waiting)
        by_structure = cdist(structures, self._structures)
        by_composition = cdist(compositions, self._compositions)
        self._nearest = np.minimum(self._nearest, [by_structure.min(axis=0), by_composition.min(axis=0)])
        near = by_structure.min(axis=1) <= self._cutoffs.structure
        self._precise += int((near & (by_composition.min(axis=1) <= self._cutoffs.composition)).sum())
        self._waiting.clear()


def _rows(facts: list[CrystalFacts]) -> tuple[Rows, Rows]:
    """Shapes (n, 61) and (n, 132)."""
    structures = np.array([f.fingerprint for f in facts], dtype=float)
    return structures, np.array([describe_composition(f.crystal.composition) for f in facts])
