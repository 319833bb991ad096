"""From records to a property: a random forest over what the slots hold, with an interval, beside the median.

A slot's text becomes the words that layers and compounds are made of ("TiO2-c | TiO2-mp" has two), a number
stays one. Trees are grown on resamples of the records; the interval is conformal over the out-of-bag errors
(Johansson et al. 2014, 10.1007/s10994-014-5453-0): it covers as stated where new records are like the old.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tools.reading.errors import ReadingError

Array = NDArray[np.float64]
Row = Mapping[str, object]
TREES: Final = 200
FEWEST: Final = 5  # records
LEAF: Final = 2  # records of a leaf, at least
COVERED: Final = 0.9
COMMON: Final = 2  # records that hold a word, at least
SHARE: Final = 1 / 3  # of the columns that a split looks at
_PARTS: Final = re.compile(r"\s*(?:\||;|>>|:)\s*")
_WORDS: Final = re.compile(r"[A-Z][a-z]?|[a-z]{3,}|\d+(?:\.\d+)?")


class Prediction(NamedTuple):
    """A value with its interval, and the median of all records as the floor."""

    value: float
    low: float
    high: float
    median: float


class Node(NamedTuple):
    """A split (column, threshold, left, right) or a leaf (column −1, its mean)."""

    column: int
    threshold: float
    left: int
    right: int
    mean: float


@dataclass(frozen=True)
class Encoder:
    """The columns that records become: numbers of slots, and whether a slot holds a word."""

    numbers: tuple[str, ...]
    words: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Encoder":
        """Return columns for all that at least two of the records hold."""
        slots = list(dict.fromkeys(name for row in rows for name in row))
        numbers = tuple(
            name for name in slots if sum(_number(row.get(name)) is not None for row in rows) >= COMMON
        )
        counts: dict[tuple[str, str], int] = {}
        for row in rows:
            for name, value in row.items():
                for word in _split(value):
                    counts[name, word] = counts.get((name, word), 0) + 1
        kept = [key for key, count in counts.items() if COMMON <= count < len(rows)]
        return cls(numbers, tuple(kept))

    def encode(self, rows: Sequence[Row]) -> Array:
        """Return an array of shape (rows, columns); −1 where a number is missing."""
        held = [{name: _split(value) for name, value in row.items()} for row in rows]
        numbers = [
            [-1.0 if (n := _number(row.get(name))) is None else n for name in self.numbers] for row in rows
        ]
        words = [[float(word in one.get(name, ())) for name, word in self.words] for one in held]
        return np.hstack([np.array(numbers).reshape(len(rows), -1), np.array(words).reshape(len(rows), -1)])


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return float(value)
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _split(value: object) -> frozenset[str]:
    """The layers of a stack, the compounds of a layer, and the elements and words in them."""
    if _number(value) is not None or value is None:
        return frozenset()
    parts = [part.strip().casefold() for part in _PARTS.split(str(value)) if part.strip()]
    return frozenset([*parts, *_WORDS.findall(str(value)), f"{len(parts)} parts"])


class Predictor:
    """A random forest (Breiman 2001, 10.1023/A:1010933404324) over records, and how far off it is."""

    def __init__(
        self, rows: Sequence[Row], targets: Sequence[float], seed: int = 0, trees: int = TREES
    ) -> None:
        """Raises ReadingError for fewer than five records, or targets that are no numbers."""
        if len(rows) != len(targets) or len(rows) < FEWEST:
            raise ReadingError(
                f"{len(rows)} records with {len(targets)} values: at least {FEWEST} are needed"
            )
        y = np.asarray(targets, float)
        if not np.isfinite(y).all():
            raise ReadingError("a value to be predicted is no finite number: leave its record out")
        self._encoder = Encoder.of(rows)
        x = self._encoder.encode(rows)
        rng = np.random.default_rng(seed)
        total, votes = np.zeros(len(y)), np.zeros(len(y))
        self._trees: list[list[Node]] = []
        members = _twins(x)
        for _ in range(trees):  # equal records are drawn together: else one would be judged by its twin
            drawn = np.concatenate([members[k] for k in rng.integers(len(members), size=len(members))])
            tree = _grow(x[drawn], y[drawn], rng)
            out = np.setdiff1d(np.arange(len(y)), drawn)
            total[out] += _ask(tree, x[out])
            votes[out] += 1
            self._trees.append(tree)
        seen = votes > 0
        errors = np.sort(np.abs(y[seen] - total[seen] / votes[seen]))
        place = int(np.ceil(COVERED * (len(errors) + 1))) - 1
        self.half_width = float(errors[min(place, len(errors) - 1)])
        """Of the interval that covers nine of ten."""
        self.median = float(np.median(y))
        self._least, self._most = float(y.min()), float(y.max())

    def predict(self, rows: Sequence[Row]) -> list[Prediction]:
        """Return values with intervals."""
        x = self._encoder.encode(rows)
        values = np.mean([_ask(tree, x) for tree in self._trees], axis=0) if len(rows) else []
        return [
            Prediction(float(v), float(v) - self.half_width, float(v) + self.half_width, self.median)
            for v in values
        ]


def _twins(x: Array) -> list[NDArray[np.int64]]:
    """Return the rows of each distinct record; every row for itself where all are alike."""
    if not x.shape[1] or not np.ptp(x, axis=0).any():
        return [np.array([k]) for k in range(len(x))]
    _, group = np.unique(x, axis=0, return_inverse=True)
    return [np.flatnonzero(group == k) for k in range(group.max() + 1)]


def _grow(x: Array, y: Array, rng: np.random.Generator) -> list[Node]:
    """Return a tree as a list of nodes, the root first."""
    nodes: list[Node] = []
    waiting: list[tuple[NDArray[np.int64], int, bool]] = [(np.arange(len(y)), -1, False)]
    while waiting:
        rows, parent, is_right = waiting.pop()
        number = len(nodes)
        if parent >= 0:
            nodes[parent] = nodes[parent]._replace(**{"right" if is_right else "left": number})
        split = _best_split(x[rows], y[rows], rng)
        if split is None:
            nodes.append(Node(-1, 0.0, -1, -1, float(y[rows].mean())))
            continue
        column, threshold = split
        nodes.append(Node(column, threshold, -1, -1, float(y[rows].mean())))
        below = x[rows, column] <= threshold
        waiting += [(rows[~below], number, True), (rows[below], number, False)]
    return nodes


def _best_split(x: Array, y: Array, rng: np.random.Generator) -> tuple[int, float] | None:
    """Return column and threshold that lower the squared error most; None where a leaf is as good."""
    count, width = x.shape
    if count < 2 * LEAF or np.ptp(y) == 0 or not width:
        return None
    columns = rng.choice(width, size=max(1, int(width * SHARE)), replace=False)
    order = np.argsort(x[:, columns], axis=0, kind="stable")
    xs, ys = np.take_along_axis(x[:, columns], order, axis=0), y[order]
    left = np.cumsum(ys, axis=0)[:-1]
    sizes = np.arange(1, count)[:, None]
    gain = left**2 / sizes + (y.sum() - left) ** 2 / (count - sizes)
    gain[xs[1:] == xs[:-1]] = -np.inf
    gain[: LEAF - 1] = gain[count - LEAF :] = -np.inf
    place, column = np.unravel_index(int(gain.argmax()), gain.shape)
    if gain[place, column] <= y.sum() ** 2 / count + 1e-12:
        return None
    return int(columns[column]), float((xs[place, column] + xs[place + 1, column]) / 2)


def _ask(tree: list[Node], x: Array) -> Array:
    """Return the tree's values for rows of shape (rows, columns)."""
    columns = np.array([node.column for node in tree])
    thresholds = np.array([node.threshold for node in tree])
    left, right = np.array([node.left for node in tree]), np.array([node.right for node in tree])
    places = np.zeros(len(x), int)
    while (inner := columns[places] >= 0).any():
        rows = np.flatnonzero(inner)
        at = places[rows]
        places[rows] = np.where(x[rows, columns[at]] <= thresholds[at], left[at], right[at])
    means = np.array([node.mean for node in tree])
    values: Array = means[places]
    return values
