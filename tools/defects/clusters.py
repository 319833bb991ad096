"""Counts of one-, two- and three-body clusters: the features of a cluster expansion.

A cluster is coded as one integer. Its bodies are words of a kind (5 bits) and the shell of the
opposite side (8 bits), sorted, so that the code does not depend on the order of the defects.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from tools.defects.configuration import Configuration
from tools.defects.kinds import kind_numbers
from tools.defects.shells import UNSEEN, shell_distances, shells

Ints = NDArray[np.int64]
SHELL_BITS: Final = 8
WORD_BITS: Final = 13
BODY_SHIFT: Final = 3 * WORD_BITS
FEW: Final = 48  # defects: so many have all their triples looked at, which is quicker
FAR: Final = 1e6  # Å: between defects farther apart than any shell


def cluster_codes(configuration: Configuration, reach: float) -> Ints:
    """One code a cluster; triples count if their two shorter sides add up to at most `reach` Å."""
    kinds, shell = kind_numbers(configuration), shells(configuration)
    distances = np.where(shell == UNSEEN, FAR, shell_distances(configuration.host)[shell])
    triples = _triples(kinds, shell, distances, reach)
    return np.concatenate([_bodies(1) | kinds, _pairs(kinds, shell), triples])


def bodies(codes: Ints) -> Ints:
    return codes >> BODY_SHIFT


def extent(codes: Ints, distances: NDArray[np.floating]) -> NDArray[np.float64]:
    """Å: a pair's distance, a triple's two shorter sides added up, 0 for one body."""
    mask = (1 << SHELL_BITS) - 1
    sides = np.stack([distances[(codes >> (k * WORD_BITS)) & mask] for k in range(3)], axis=-1)
    sides.sort(axis=-1)
    return np.choose(
        bodies(codes) - 1, [np.zeros(len(codes)), distances[codes & mask], sides[:, 0] + sides[:, 1]]
    )


@dataclass(frozen=True)
class Vocabulary:
    """The clusters that a model knows, sorted by code."""

    codes: Ints
    reach: float

    def count(self, configurations: Sequence[Configuration]) -> csr_matrix:
        """Rows of structures, columns of known clusters."""
        found = [cluster_codes(c, self.reach) for c in configurations]
        rows = np.repeat(np.arange(len(found)), [len(codes) for codes in found])
        codes = np.concatenate(found) if found else np.empty(0, np.int64)
        columns = np.searchsorted(self.codes, codes).clip(max=len(self.codes) - 1)
        known = self.codes[columns] == codes
        shape = (len(found), len(self.codes))
        return csr_matrix((np.ones(known.sum()), (rows[known], columns[known])), shape=shape)


def learn_vocabulary(configurations: Sequence[Configuration], reach: float) -> Vocabulary:
    return Vocabulary(np.unique(np.concatenate([cluster_codes(c, reach) for c in configurations])), reach)


def _bodies(count: int) -> int:
    return count << BODY_SHIFT


@lru_cache(maxsize=128)
def _combinations(number: int, size: int) -> Ints:
    return np.array(list(combinations(range(number), size)), dtype=np.int64).reshape(-1, size)


def _both(number: int) -> Ints:
    """(2, pairs)"""
    return _combinations(number, 2).T if number <= FEW else np.array(np.triu_indices(number, 1))


def _pairs(kinds: Ints, shell: Ints) -> Ints:
    first, second = _both(len(kinds))
    low, high = np.minimum(kinds[first], kinds[second]), np.maximum(kinds[first], kinds[second])
    between = shell[first, second]
    codes = _bodies(2) | (low << (SHELL_BITS + 5)) | (high << SHELL_BITS) | between
    return np.asarray(codes[between != UNSEEN])


def _corners(close: NDArray[np.bool_]) -> Ints:
    """Triples of which two sides at least are close: among many defects, few of all."""
    found = [np.empty((0, 3), dtype=np.int64)]
    for middle, row in enumerate(close):
        others = np.setdiff1d(np.flatnonzero(row), [middle])
        first, second = np.triu_indices(len(others), 1)
        found.append(np.column_stack([np.full(len(first), middle), others[first], others[second]]))
    return np.unique(np.sort(np.concatenate(found), axis=1), axis=0)


def _triples(kinds: Ints, shell: Ints, distances: NDArray[np.float64], reach: float) -> Ints:
    """`distances` (N, N), Å."""
    few = len(kinds) <= FEW
    corners = _combinations(len(kinds), 3) if few else _corners(distances <= reach)
    p, q, r = corners.T
    opposite = np.stack([shell[q, r], shell[p, r], shell[p, q]], axis=-1)
    sides = np.stack([distances[q, r], distances[p, r], distances[p, q]], axis=-1)
    near = (sides.sum(-1) - sides.max(-1) <= reach) & (opposite != UNSEEN).all(-1)
    words = np.sort((kinds[corners[near]] << SHELL_BITS) | opposite[near], axis=-1)
    return np.asarray(_bodies(3) | (words[:, 0] << 2 * WORD_BITS) | (words[:, 1] << WORD_BITS) | words[:, 2])
