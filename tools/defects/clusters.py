"""Counts of one-, two- and three-body clusters: the features of a cluster expansion.

A cluster is coded as one integer, the least that its words give (`orientation`) over all symmetries of the
layer and with every body as the origin: clusters have the same code where a symmetry maps them onto each
other, and triangles that point elsewhere have another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from tools.defects.configuration import Configuration, Gathered, gather
from tools.defects.graph import pair_table
from tools.defects.hosts import Host
from tools.defects.orientation import (
    CELL_BITS,
    KIND_SHIFT,
    MIDDLE,
    SITE_SHIFT,
    WORD_BITS,
    Words,
    word_tables,
)

Ints = NDArray[np.int64]
BODY_SHIFT: Final = 56
FEW: Final = 48  # defects: so many have all their triples looked at, which is quicker
WHOLE: Final = 6  # defects: so few have all their triples counted, however far apart
AT_ONCE: Final = 400_000  # triples: bounds the memory
CHUNK: Final = 20_000  # triples whose words are sought at once
WORD: Final = (1 << WORD_BITS) - 1


def cluster_codes(configurations: Sequence[Configuration], reach: float) -> tuple[Ints, Ints]:
    """Return (structure, code) of each cluster of configurations of one host.

    A triple counts if its two shorter sides add up to at most `reach` Å, or if there are few defects in all.
    """
    rows, codes = [], []
    for group in gather(configurations):
        for parts in _cut(group):
            for places, found in _codes(parts, reach):
                rows.append(parts.rows[places])
                codes.append(found)
    if not rows:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return np.concatenate(rows), np.concatenate(codes)


def bodies(codes: Ints) -> Ints:
    return codes >> BODY_SHIFT


def cluster_kinds(codes: Ints) -> Ints:
    """(V, 3) numbers in KINDS, −1 for bodies that a cluster has not."""
    number = bodies(codes)
    low, middle = (codes & WORD) >> KIND_SHIFT, ((codes >> WORD_BITS) & WORD) >> KIND_SHIFT
    third = (codes >> (2 * WORD_BITS + KIND_SHIFT - SITE_SHIFT)) & (WORD >> KIND_SHIFT)
    return np.stack([low, np.where(number > 1, middle, -1), np.where(number > 2, third, -1)], axis=-1)  # noqa: PLR2004 bodies


def extent(codes: Ints, host: Host) -> NDArray[np.float64]:
    """Å: a pair's distance, a triple's two shorter sides added up, 0 for one body."""
    number = bodies(codes)
    first, second = (_place(codes >> shift & WORD, host) for shift in (0, WORD_BITS))
    origin = (codes >> 2 * WORD_BITS) & 3
    alone = np.where(number == 3, origin, (codes >> WORD_BITS & WORD) >> SITE_SHIFT & 3)  # noqa: PLR2004 bodies
    home = _place((alone << SITE_SHIFT) | MIDDLE << CELL_BITS | MIDDLE, host)
    sides = [np.linalg.norm(x - y, axis=-1) for x, y in ((first, home), (second, home), (first, second))]
    triple = np.sum(sides, axis=0) - np.max(sides, axis=0)
    return np.choose(number - 1, [np.zeros(len(codes)), sides[0], triple])


@dataclass(frozen=True)
class ClusterVocabulary:
    """The clusters that a model knows, sorted by code."""

    codes: Ints
    reach: float

    def count(self, configurations: Sequence[Configuration]) -> tuple[csr_matrix, csr_matrix, Ints]:
        """Return rows of structures, columns of known clusters; the same of unknown ones, and their codes."""
        rows, codes = cluster_codes(configurations, self.reach)
        columns = np.searchsorted(self.codes, codes).clip(max=len(self.codes) - 1)
        known = self.codes[columns] == codes
        strange, places = np.unique(codes[~known], return_inverse=True)
        return (
            _counted(rows[known], columns[known], (len(configurations), len(self.codes))),
            _counted(rows[~known], places, (len(configurations), len(strange))),
            strange,
        )


def learn_vocabulary(configurations: Sequence[Configuration], reach: float) -> ClusterVocabulary:
    return ClusterVocabulary(np.unique(cluster_codes(configurations, reach)[1]), reach)


def _counted(rows: Ints, columns: Ints, shape: tuple[int, int]) -> csr_matrix:
    return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)


def _cut(group: Gathered) -> Iterator[Gathered]:
    number = len(group.members[0].defects)
    step = max(1, AT_ONCE // max(1, number**3 // 6)) if number <= FEW else 1
    for k in range(0, len(group.rows), step):
        yield Gathered(group.members[k : k + step], group.rows[k : k + step])


def _codes(group: Gathered, reach: float) -> Iterator[tuple[Ints, Ints]]:
    """Yield (structure, code) of bodies, pairs and triples."""
    structures, number = group.kinds.shape
    every, kinds = np.arange(structures), group.kinds
    yield np.repeat(every, number), _tag(1) | (kinds.ravel() << KIND_SHIFT)
    if number == 1:
        return
    table = word_tables(group.host, group.n, group.m)
    between = group.between
    least = table.least[between] | (kinds[:, :, None] << (WORD_BITS + KIND_SHIFT))
    least |= kinds[:, None] << KIND_SHIFT
    first, second = _both(number)
    pairs = np.minimum(least[:, first, second], least[:, second, first])
    yield np.repeat(every, len(first)), _tag(2) | pairs.ravel()
    if number > 2:  # noqa: PLR2004 bodies
        yield _triples(group, table, reach)


def _triples(group: Gathered, table: Words, reach: float) -> tuple[Ints, Ints]:
    number = group.kinds.shape[1]
    between = group.between
    distance = pair_table(group.host, group.n, group.m).values[(*between, 0)]
    if number <= FEW:
        p, q, r = _combinations(number, 3).T
        sides = np.stack([distance[:, q, r], distance[:, p, r], distance[:, p, q]])
        structure, which = np.nonzero((sides.sum(0) - sides.max(0) <= reach) | (number <= WHOLE))
        corners = np.stack([p, q, r], axis=-1)[which]
    else:
        corners = _corners(distance[0] <= reach)
        sides = distance[0][corners[:, [1, 0, 0]], corners[:, [2, 2, 1]]]
        corners = corners[sides.sum(-1) - sides.max(-1) <= reach]
        structure = np.zeros(len(corners), dtype=np.int64)
    if not table.is_symmetric:
        closed = _is_closed(
            table, tuple(x[structure[:, None], corners[:, [0, 1, 0]], corners[:, [1, 2, 2]]] for x in between)
        )
        structure, corners = structure[closed], corners[closed]
    codes = [
        _triple_codes(group, table, structure[k : k + CHUNK], corners[k : k + CHUNK])
        for k in range(0, len(structure), CHUNK)
    ]
    return structure, np.concatenate([np.empty(0, np.int64), *codes])


def _triple_codes(group: Gathered, table: Words, structure: Ints, corners: Ints) -> Ints:
    """The least over all operations, each corner being the origin in turn."""
    kinds = group.kinds[structure[:, None], corners] << KIND_SHIFT
    sites = group.sites[structure[:, None], corners]
    best = np.full(len(structure), np.iinfo(np.int64).max)
    for origin, one, other in ((0, 1, 2), (1, 0, 2), (2, 0, 1)):
        words = []
        for place in (one, other):
            apart = sites[:, place] - sites[:, origin]
            index = sites[:, origin, 2], sites[:, place, 2], apart[:, 0] % group.n, apart[:, 1] % group.m
            words.append(table.others[index] | kinds[:, place, None])
        first = (kinds[:, origin, None] | table.origins[sites[:, origin, 2]]) >> SITE_SHIFT
        ends = np.minimum(*words) << WORD_BITS | np.maximum(*words)
        best = np.minimum(best, (first << 2 * WORD_BITS | ends).min(-1))
    return _tag(3) | best


def _is_closed(table: Words, between: tuple[Ints, ...]) -> NDArray[np.bool_]:
    """Of sides (first to second, second to third, first to third): whether their nearest images meet."""
    steps, tied = table.steps[between], table.is_tied[between]
    return np.asarray((steps[:, 0] + steps[:, 1] == steps[:, 2]).all(-1) & ~tied.any(-1))


def _tag(count: int) -> int:
    return count << BODY_SHIFT


def _place(words: Ints, host: Host) -> NDArray[np.float64]:
    """(…, 3) Å."""
    basis = host.basis[(words >> SITE_SHIFT & 3).clip(max=len(host.sites) - 1)]
    cells = np.stack([words >> CELL_BITS & (2 * MIDDLE - 1), words & (2 * MIDDLE - 1)], axis=-1) - MIDDLE
    return np.concatenate([(basis[..., :2] + cells) @ host.plane, basis[..., 2:]], axis=-1)


@lru_cache(maxsize=128)
def _combinations(number: int, size: int) -> Ints:
    return np.array(list(combinations(range(number), size)), dtype=np.int64).reshape(-1, size)


def _both(number: int) -> Ints:
    """(2, pairs)"""
    return _combinations(number, 2).T if number <= FEW else np.array(np.triu_indices(number, 1))


def _corners(close: NDArray[np.bool_]) -> Ints:
    """Triples of which two sides at least are close: among many defects, few of all."""
    found = [np.empty((0, 3), dtype=np.int64)]
    for middle, row in enumerate(close):
        others = np.setdiff1d(np.flatnonzero(row), [middle])
        first, second = np.triu_indices(len(others), 1)
        found.append(np.column_stack([np.full(len(first), middle), others[first], others[second]]))
    return np.unique(np.sort(np.concatenate(found), axis=1), axis=0)
