"""The shipped model: boosted trees, margins of a candidate, and the probability that they stand for.

The trees are read from arrays; each group of features adds its part to a margin.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from tools.strict import Strict
from tools.synthesis.basis import Basis, features_of, groups_of
from tools.synthesis.crystals import Prototype
from tools.synthesis.elements import Floats
from tools.synthesis.formulas import Composition
from tools.synthesis.reference import Reference, shipped_reference

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


WEIGHTS, CARD = "weights.npz", "card.yaml"
ARRAYS: Final = ("roots", "feature", "threshold", "unknown_left", "left", "right", "value", "offsets")


class BasisCard(Strict):
    """What was measured of one basis, on held-out chemical systems."""

    slope: float = Field(description="log-odds = slope · margin + intercept, fitted to held-out margins")
    intercept: float
    roc_auc: float = Field(description="made against other entries, held out by chemical system")
    calibration_error: float = Field(description="mean |score − observed share| over ten equal bins")
    recall_at_tenth: float = Field(description="of made entries, where a tenth of the others pass")
    labelled: float = Field(description="mean score of held-out made entries: Elkan and Noto's constant c")


class SynthesisCard(Strict):
    """data/card.yaml."""

    name: str
    version: str
    command: str
    seed: int
    minutes: float = Field(description="of one core")
    sources: tuple[str, ...]
    entries: int
    made: int
    bases: dict[str, BasisCard]
    weights_sha256: str
    does_not_apply: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """The model of one basis; quantiles are of held-out margins, in hundredths."""

    trees: Trees
    card: BasisCard
    groups: NDArray[np.int64]
    of_made: Floats
    of_others: Floats

    def probability(self, margins: Floats) -> Floats:
        return 1 / (1 + np.exp(-(self.card.slope * margins + self.card.intercept)))

    def share_above(self, margins: Floats, *, made: bool) -> Floats:
        """Return the share of held-out entries whose margin is at least as high."""
        quantiles = self.of_made if made else self.of_others
        return np.asarray(1 - np.interp(margins, quantiles, np.linspace(0, 1, len(quantiles))))


@dataclass(frozen=True)
class SynthesisModel:
    """A part for each basis, and the compounds that candidates are compared with."""

    card: SynthesisCard
    parts: Mapping[Basis, Part]
    reference: Reference

    def sums(
        self,
        basis: Basis,
        compositions: Sequence[Composition],
        prototypes: Sequence[Prototype] | None = None,
        hull: Sequence[float] | None = None,
    ) -> Sums:
        features = features_of(basis, compositions, prototypes, hull, self.reference)
        part = self.parts[basis]
        return add_up(part.trees, features, part.groups)


def pack(parts: Mapping[Basis, tuple[Trees, Floats, Floats]]) -> bytes:
    """Return the weights as a file: trees and the quantiles of held-out margins."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for basis, (trees, of_made, of_others) in parts.items():
        arrays |= {f"{basis.name}.{name}": getattr(trees, name) for name in ARRAYS}
        arrays |= {f"{basis.name}.of_made": of_made, f"{basis.name}.of_others": of_others}
    stream = BytesIO()
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]  # its stubs take one keyword for an option
    return stream.getvalue()


@cache
def load_model() -> SynthesisModel:
    """Return the shipped model, with the shipped compounds."""
    import yaml

    folder = files("tools.synthesis") / "data"
    content = (folder / WEIGHTS).read_bytes()
    card = SynthesisCard.model_validate(yaml.safe_load((folder / CARD).read_text(encoding="utf-8")))
    if hashlib.sha256(content).hexdigest() != card.weights_sha256:
        raise ValueError(f"{WEIGHTS} is not the file that {CARD} describes")
    with np.load(BytesIO(content), allow_pickle=False) as arrays:
        parts = {basis: _part(basis, arrays, card) for basis in Basis}
    return SynthesisModel(card, parts, shipped_reference())


def _part(basis: Basis, arrays: Mapping[str, NDArray[np.generic]], card: SynthesisCard) -> Part:
    held = {name: arrays[f"{basis.name}.{name}"] for name in ARRAYS}
    return Part(
        Trees(**held),  # type: ignore[arg-type]  # dtypes are those that were packed
        card.bases[basis.value],
        groups_of(basis),
        np.asarray(arrays[f"{basis.name}.of_made"], float),
        np.asarray(arrays[f"{basis.name}.of_others"], float),
    )
