"""Boosted trees read from arrays: what they add up to, and how much each group of features adds."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tools.synthesis.elements import Floats

ROWS: Final = 2_000  # that are taken through all trees at once


@dataclass(frozen=True)
class Trees:
    """T trees of F folds, one behind the other; a leaf is its own child.

    A node sends a row to `left` where its feature is at most `threshold`, or unknown and `unknown_left`.
    `value` of an inner node is the mean of its leaves, weighted by the training rows that reached them.
    """

    roots: NDArray[np.int32]
    """(F, T): the first node of each tree"""
    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    unknown_left: NDArray[np.bool_]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]
    offsets: Floats
    """(F): the margin before the first tree"""


class Sums(NamedTuple):
    """`margins` (n, F) in log-odds; `parts` (n, G): the mean share of each group of features in them."""

    margins: Floats
    parts: Floats
    start: float
    """The mean margin over the training rows: margins = start + sum of parts, in the mean over the folds."""


def add_up(trees: Trees, features: Floats, groups: NDArray[np.int64]) -> Sums:
    """Return margins and parts of rows (n, f); `groups` numbers the group of each feature.

    A split's part is the difference of the value of the node it leads to and its own (Saabas's path
    attribution); parts of one group are added up.
    """
    count, folds = int(groups.max()) + 1, len(trees.roots)
    margins = np.zeros((len(features), folds))
    parts = np.zeros((len(features), count))
    for first in range(0, len(features), ROWS):
        some = slice(first, first + ROWS)
        margins[some], parts[some] = _descend(trees, features[some], groups, count)
    start = trees.offsets + trees.value[trees.roots].sum(1)
    return Sums(margins, parts / folds, float(start.mean()))


def _descend(trees: Trees, features: Floats, groups: NDArray[np.int64], count: int) -> tuple[Floats, Floats]:
    rows = np.arange(len(features))[:, None]
    node = np.broadcast_to(trees.roots.ravel(), (len(features), trees.roots.size))
    parts = np.zeros(len(features) * count)
    while True:
        feature = trees.feature[node]
        given = features[rows, feature]
        low = np.where(np.isnan(given), trees.unknown_left[node], given <= trees.threshold[node])
        child = np.where(low, trees.left[node], trees.right[node])
        if np.array_equal(child, node):
            break
        step = trees.value[child] - trees.value[node]
        place = rows * count + groups[feature]
        parts += np.bincount(place.ravel(), step.ravel(), len(parts))
        node = child
    leaves = trees.value[node].reshape(len(features), *trees.roots.shape)
    return trees.offsets + leaves.sum(-1, dtype=np.float64), parts.reshape(len(features), count)
