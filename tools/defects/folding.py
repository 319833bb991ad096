"""A trained process folded for speed: what structures share is compared once.

Many training structures have defects with the same surroundings, and the same composition; and the
anchors of the variance are among them. So a new structure's defects are compared with the distinct
surroundings only, and the means and the anchors' covariances are sums over that one comparison.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from tools.defects.kernel import (
    Features,
    Layout,
    Parameters,
    compositions,
    likeness,
    shell_weights,
    weigh,
)

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Surroundings:
    """The U distinct surroundings of one kind of defect, weighed: far and near, (U, kinds × shells) each."""

    weighed: tuple[Floats, Floats]
    squares: tuple[Floats, Floats]
    """(U,) each: squared lengths of the rows."""
    pull: Floats
    """(U, G): what each adds to the mean, by group of equal composition."""
    anchors: csr_matrix
    """(A, U): how much of each anchor it is."""


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

    def compare(self, asked: Features, layout: Layout, p: Parameters) -> tuple[Floats, Floats]:
        """Without clusters: (S,) the part of the mean, eV, and (S, A) the covariance with the anchors."""
        composition, damping = compositions(asked, self, p, np)
        pulled, alike = np.zeros(damping.shape), np.zeros((len(damping), len(self.anchor_groups)), np.float32)
        weights = shell_weights(layout, p, np)
        structure, share = np.repeat(np.arange(len(damping)), np.diff(asked.member.indptr)), asked.member.data
        for kind, around in enumerate(self.kinds):
            rows = np.flatnonzero(asked.kind == kind)
            if not len(rows):
                continue
            own = tuple(weigh(asked.surroundings[rows], w, p) for w in weights)
            alike_each = _compare(own, around, p) * (p["centre_kind"][kind] ** 2 * share[rows, None])
            shared = _sums(alike_each, structure[rows], len(damping))
            pulled += shared @ around.pull
            alike += (around.anchors @ shared.T).T
        groups = self.anchor_groups
        return composition @ self.dual + (damping * pulled).sum(1), (
            composition[:, groups] + damping[:, groups] * alike
        )


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
    for kind in range(trained.shares.shape[1]):
        places = np.flatnonzero(trained.kind == kind)
        own = trained.surroundings[places]
        _, first, which = np.unique(_hashes(own), return_index=True, return_inverse=True)
        same = csr_matrix((np.ones(len(own), np.float32), (np.arange(len(own)), which)))
        member = trained.member[:, places] @ same
        far, near = (weigh(own[first], w, p) for w in shell_weights(layout, p, np))
        squares = ((far**2).sum(1), (near**2).sum(1))
        yield Surroundings((far, near), squares, (by_group @ member).toarray().T, member[anchors])


def _hashes(counts: Floats) -> NDArray[np.int64]:
    """One number a row: far quicker to sort than rows, and 64 random bits leave no two alike by chance."""
    rows = counts.reshape(len(counts), -1).astype(np.int64)
    factors = np.random.default_rng(0).integers(-(2**62), 2**62, rows.shape[1])
    return np.asarray(rows @ factors, dtype=np.int64)


def _compare(own: tuple[Floats, ...], around: Surroundings, p: Parameters) -> Floats:
    """(defects asked, U) share of the covariance."""
    far, near = (
        _distances(one, other, squares)
        for one, other, squares in zip(own, around.weighed, around.squares, strict=True)
    )
    return np.asarray(likeness(far, near, p, np))


def _distances(one: Floats, other: Floats, squares: Floats) -> Floats:
    """Squared, between rows."""
    apart = one @ other.T
    apart *= -2
    apart += (one**2).sum(1)[:, None]
    apart += squares
    return np.maximum(apart, 0, out=apart)


def _sums(rows: Floats, structure: NDArray[np.int64], number: int) -> Floats:
    """Rows of one structure, which follow each other, added up."""
    total = np.zeros((number, rows.shape[1]), rows.dtype)
    first = np.flatnonzero(np.diff(structure, prepend=-1))
    total[structure[first]] = np.add.reduceat(rows, first)
    return total
