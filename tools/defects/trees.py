"""Boosted oblivious trees on summaries of the surroundings: a second voice on the gap."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from tools.defects.kernel import Features, Layout

Floats = NDArray[np.float32]
REACHES: Final = (1.5, 3.0, 6.0)  # Å
CUTS: Final = (0.06, 0.12, 0.2, 0.3, 0.5)  # quantiles of the shells' distances
FAR: Final = 99.0  # Å: there is none


@dataclass(frozen=True)
class ObliviousTrees:
    """T trees of depth d: at each level one feature and its border, then 2^d leaves."""

    feature: NDArray[np.int64]
    border: Floats
    leaves: Floats
    offset: float

    def value(self, summaries: Floats) -> NDArray[np.float64]:
        above = summaries[:, self.feature] > self.border
        leaf = (above << np.arange(self.feature.shape[1])).sum(-1)
        return np.asarray(
            self.offset + self.leaves[np.arange(len(self.leaves)), leaf].sum(1), dtype=np.float64
        )


def summaries(given: Features, layout: Layout) -> Floats:
    """One row a structure: composition, and how near which kinds are to which."""
    counts = given.shares * given.load
    columns = [given.shares, counts, given.load, counts.round() % 2]
    weights = _weights(layout)
    for centre in range(given.shares.shape[1]):
        own = given.kind == centre
        columns += _about(given.surroundings[own], given.member[:, own], weights, layout.distances, centre)
    return np.concatenate(columns, axis=1).astype(np.float32)


def _weights(layout: Layout) -> Floats:
    """(R, reaches + cuts)."""
    distances = layout.distances
    smooth = [np.exp(-distances / reach) for reach in REACHES]
    within = [(distances < cut) & (distances > 0) for cut in np.quantile(distances, CUTS)]
    return np.stack([*smooth, *within], axis=1).astype(np.float32)


def _about(
    around: Floats, member: csr_matrix, weights: Floats, distances: Floats, centre: int
) -> list[Floats]:
    """What surrounds the defects of one kind: means, extremes and the nearest of every kind."""
    columns = []
    for other in range(around.shape[1]):
        sums = around[:, other] @ weights
        nearest = np.where(around[:, other] > 0, distances, FAR).min(1)
        if other >= centre:
            columns.append(member @ sums)
        ends = [
            _extreme(member, sums[:, 1], 0.0),
            -_extreme(member, -sums[:, 1], -FAR),
            -_extreme(member, -nearest, -FAR),
        ]
        columns.append(np.stack(ends, axis=1))
    return columns


def _extreme(member: csr_matrix, values: Floats, otherwise: float) -> Floats:
    """The greatest value among each structure's defects."""
    best = np.full(member.shape[0], otherwise, dtype=np.float32)
    held = np.flatnonzero(np.diff(member.indptr))
    if len(held):
        best[held] = np.maximum.reduceat(values[member.indices], member.indptr[held]).clip(min=otherwise)
    return best
