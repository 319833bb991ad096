"""A trained process folded for speed: what structures share is compared once.

Many training structures have defects with the same surroundings, and the same composition; and the
anchors of the variance are among them. So a new structure's defects are compared with the distinct
surroundings only, and the means and the anchors' covariances are sums over that one comparison.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from tools.defects.kernel import (
    Features,
    Layout,
    Parameters,
    compositions,
    shell_weights,
)

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Distances:
    """Squared distances to the U distinct surroundings of one kind of defect, scaled by a factor."""

    weights: Floats
    """(kinds × shells,) squared, times the factor: what a count adds to a squared length."""
    cross: Floats
    """(kinds × shells, U): minus twice the weighed counts."""
    squares: Floats
    """(U,) scaled squared lengths."""

    @classmethod
    def of(cls, counts: Floats, weights: Floats, factor: float) -> "Distances":
        """`counts` are (U, kinds × shells), `weights` those of their columns."""
        squared = np.asarray(factor * weights**2, dtype=np.float32)
        cross = np.ascontiguousarray(-2 * (counts * squared).T, dtype=np.float32)
        return cls(squared, cross, np.asarray(counts**2 @ squared, dtype=np.float32))

    def measure(self, counts: csr_matrix) -> Floats:
        """(D, U) from each of D surroundings: few of their counts are not 0."""
        apart = counts @ self.cross
        apart += (counts.power(2) @ self.weights)[:, None]
        apart += self.squares
        return np.asarray(apart)


@dataclass(frozen=True)
class Surroundings:
    """The U distinct surroundings of one kind of defect."""

    far: Distances
    near: Distances
    sums: csr_matrix
    """(G + A, U): what each adds to the mean by group of equal composition, and its share of each anchor."""

    def liken(self, counts: csr_matrix, p: Parameters) -> Floats:
        """(D, U): as `kernel.likeness`, in place."""
        tail, near = self.far.measure(counts), self.near.measure(counts)
        np.maximum(tail, 0, out=tail)
        tail += 1
        np.log(tail, out=tail)
        tail *= -p["far_tail"]
        np.exp(tail, out=tail)
        tail *= p["far"] ** 2
        np.exp(near, out=near)
        near *= p["near"] ** 2
        tail += near
        return tail


@dataclass(frozen=True)
class Folded:
    """G groups of training structures of equal composition, and the surroundings by kind."""

    shares: Floats
    """(G, K)"""
    load: Floats
    """(G, 1)"""
    dual: Floats
    """(G,) summed over each group."""
    anchor_groups: NDArray[np.int64]
    """(A,) the group of each anchor."""
    kinds: tuple[Surroundings, ...]

    def compare(self, asked: Features, p: Parameters) -> tuple[Floats, Floats]:
        """Without clusters: (S,) the part of the mean, eV, and (S, A) the covariance with the anchors."""
        composition, damping = compositions(asked, self, p, np)
        groups = self.anchor_groups
        sums = np.zeros((len(damping.T) + len(groups), len(damping)))
        for kind, around in enumerate(self.kinds):
            rows = np.flatnonzero(asked.kind == kind)
            if len(rows):
                own = csr_matrix(asked.surroundings[rows].reshape(len(rows), -1))
                member = asked.member[:, rows] * p["centre_kind"][kind] ** 2
                sums += around.sums @ np.ascontiguousarray((member @ around.liken(own, p)).T)
        pulled, alike = np.split(sums.T, [damping.shape[1]], axis=1)
        mean = composition @ self.dual + (damping * pulled).sum(1)
        return mean, composition[:, groups] + damping[:, groups] * alike


def fold(
    trained: Features, dual: Floats, anchors: NDArray[np.int64], layout: Layout, p: Parameters
) -> Folded:
    """`anchors` are rows of the S trained structures, `dual` their (S,) weights."""
    composed, group = np.unique(np.c_[trained.shares, trained.load], axis=0, return_inverse=True)
    by_group = csr_matrix(
        (dual.astype(np.float64), (group, np.arange(len(dual)))), shape=(len(composed), len(dual))
    )
    kinds = tuple(_surroundings(trained, by_group, anchors, layout, p))
    return Folded(
        composed[:, :-1], composed[:, -1:], np.asarray(by_group.sum(1)).ravel(), group[anchors], kinds
    )


def _surroundings(
    trained: Features, by_group: csr_matrix, anchors: NDArray[np.int64], layout: Layout, p: Parameters
) -> Iterator[Surroundings]:
    far, near = ((weights * p["neighbour_kind"][:, None]).ravel() for weights in shell_weights(layout, p, np))
    for kind in range(trained.shares.shape[1]):
        places = np.flatnonzero(trained.kind == kind)
        own = trained.surroundings[places]
        _, first, which = np.unique(_hashes(own), return_index=True, return_inverse=True)
        same = csr_matrix((np.ones(len(own), np.float32), (np.arange(len(own)), which)))
        member = trained.member[:, places] @ same
        counts = own[first].reshape(len(first), -1)
        yield Surroundings(
            Distances.of(counts, far, 1 / (2 * p["far_tail"])),
            Distances.of(counts, near, -1 / 2),
            vstack([by_group @ member, member[anchors]]).tocsr(),
        )


def _hashes(counts: Floats) -> NDArray[np.int64]:
    """One number a row: far quicker to sort than rows, and 64 random bits leave no two alike by chance."""
    rows = counts.reshape(len(counts), -1).astype(np.int64)
    factors = np.random.default_rng(0).integers(-(2**62), 2**62, rows.shape[1])
    return np.asarray(rows @ factors, dtype=np.int64)
