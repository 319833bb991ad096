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

from tools.extras import needing
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


class MissingRegressor(ReadingError):
    """The optional package is not installed."""


class RecordPrediction(NamedTuple):
    """A value with its interval, and the median of all records as the floor."""

    value: float
    low: float
    high: float
    median: float


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
        """Return an array (rows, columns): −1 where a number is missing; zeros where there is no column."""
        held = [{name: _split(value) for name, value in row.items()} for row in rows]
        numbers = [
            [-1.0 if (n := _number(row.get(name))) is None else n for name in self.numbers] for row in rows
        ]
        words = [[float(word in one.get(name, ())) for name, word in self.words] for one in held]
        blocks = [np.array(numbers).reshape(len(rows), -1), np.array(words).reshape(len(rows), -1)]
        return np.hstack([*blocks, np.zeros((len(rows), 0 if self.numbers or self.words else 1))])


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
        """Raises ReadingError for fewer than five records, targets that are no numbers; MissingRegressor."""
        if len(rows) != len(targets) or len(rows) < FEWEST:
            raise ReadingError(
                f"{len(rows)} records with {len(targets)} values: at least {FEWEST} are needed"
            )
        y = np.asarray(targets, float)
        if not np.isfinite(y).all():
            raise ReadingError("a value to be predicted is no finite number: leave its record out")
        with needing({"sklearn": "descriptors"}, MissingRegressor):
            from sklearn.tree import DecisionTreeRegressor
        self._encoder = Encoder.of(rows)
        x = self._encoder.encode(rows)
        rng = np.random.default_rng(seed)
        total, votes = np.zeros(len(y)), np.zeros(len(y))
        self._trees: list[DecisionTreeRegressor] = []
        members = _twins(x)
        for _ in range(trees):  # equal records are drawn together: else one would be judged by its twin
            drawn = np.concatenate([members[k] for k in rng.integers(len(members), size=len(members))])
            state = int(rng.integers(2**31))
            tree = DecisionTreeRegressor(max_features=SHARE, min_samples_leaf=LEAF, random_state=state)
            self._trees.append(tree.fit(x[drawn], y[drawn]))
            out = np.setdiff1d(np.arange(len(y)), drawn)
            if len(out):
                total[out] += tree.predict(x[out])
                votes[out] += 1
        seen = votes > 0
        errors = np.sort(np.abs(y[seen] - total[seen] / votes[seen]))
        place = int(np.ceil(COVERED * (len(errors) + 1))) - 1
        self.half_width = float(errors[min(place, len(errors) - 1)])
        """Of the interval that covers nine of ten."""
        self.median = float(np.median(y))

    def predict(self, rows: Sequence[Row]) -> list[RecordPrediction]:
        """Return values with intervals."""
        x = self._encoder.encode(rows)
        values = np.mean([tree.predict(x) for tree in self._trees], axis=0) if len(rows) else []
        return [
            RecordPrediction(float(v), float(v) - self.half_width, float(v) + self.half_width, self.median)
            for v in values
        ]


def _twins(x: Array) -> list[NDArray[np.int64]]:
    """Return the rows of each distinct record; every row for itself where all are alike."""
    if not np.ptp(x, axis=0).any():
        return [np.array([k]) for k in range(len(x))]
    _, group = np.unique(x, axis=0, return_inverse=True)
    return [np.flatnonzero(group == k) for k in range(group.max() + 1)]
