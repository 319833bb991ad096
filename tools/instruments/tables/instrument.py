"""A table of observed rows as an instrument: associations within a window, never causes."""

from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tools.instruments.contract import (
    Choice,
    Cost,
    InstrumentError,
    InstrumentKind,
    Measurement,
    OutsideValidity,
    Parameter,
    Response,
    Settings,
    Source,
)
from tools.instruments.tables.reading import Category, Labels, TableColumn, TableDescription, read

WINDOW = 1 / 12
"""Share of a column's rows that lie in the window round a value."""
FEWEST = 12
"""Rows in a window below which nothing is said."""
FARTHEST = 0.25
"""Share of a column's range that the rows of a window may lie off, on average, where values are few."""
RESAMPLES = 200
FAINT = 0.1
"""Rank correlation below which a column is no confounder."""
ANY = "any"
PART = Choice(
    name="part", label="part of the rows", values=("all", "explore", "confirm"), default="all",
    meaning="all rows, or one of two halves: what was found in one can be tested in the other",
)  # fmt: skip


class TableInstrument:
    """An `Instrument` made of a table. Every numeric column is a parameter and a response.

    A parameter at its default is left free; set, it keeps the rows near its value. Values are means of the
    response over these rows, with the standard error of a bootstrap; another seed gives no other rows.
    """

    kind = InstrumentKind.TABLE
    stochastic = False
    extra: Literal["instruments", "defects", "generation", "stability"] | None = None
    cost = Cost(seconds=0.03, memory_mb=30)

    def __init__(self, path: Path, description: TableDescription | None = None) -> None:
        """Read the table. Raises InstrumentError for one that cannot be used."""
        self._description, self._numbers, self._labels, self.version = read(path, description)
        self.name = self._description.name
        self.title = self._description.title
        self.purpose = self._description.purpose
        self.systems = self._description.systems
        self.source: tuple[Source, ...] = self._description.source
        self.parameters = tuple(_parameter(one, self._numbers[one.name]) for one in self._description.columns)
        self.responses = tuple(
            Response(name=one.name, label=one.label, symbol=one.symbol or one.label, unit=one.unit,
                     meaning=f"mean over the rows in the window: {one.meaning or one.label}",
                     words=one.words, concepts=one.concepts)
            for one in self._description.columns
        )  # fmt: skip
        self.choices = (PART, *(_choice(self._labels, one) for one in self._description.categories))

    def validity(self, settings: Settings) -> str | None:
        rows = self._rows(settings)
        if len(rows) < FEWEST:
            return (
                f"only {len(rows)} rows of {self.name} lie near these settings: at least {FEWEST} are needed"
            )
        for one in self.parameters:
            value = float(settings.get(one.name, one.default))
            apart = abs(float(np.nanmean(self._numbers[one.name][rows])) - value)
            if value != one.default and apart > FARTHEST * (one.high - one.low):
                return f"the rows of {self.name} that are nearest have another {one.label}"
        return None

    def measure(self, settings: Settings, response: str, seed: int) -> Measurement:  # noqa: ARG002 - observed
        """Return the mean of a column over the rows near the settings, with its bootstrap standard error."""
        if response not in self._numbers:
            raise InstrumentError(
                f"{self.name} has no column {response!r}; it has {', '.join(self._numbers)}"
            )
        objection = self.validity(settings)
        if objection:
            raise OutsideValidity(objection)
        values = self._numbers[response][self._rows(settings)]
        values = values[np.isfinite(values)]
        if len(values) < FEWEST:
            raise OutsideValidity(f"only {len(values)} rows near these settings have a {response}")
        generator = np.random.default_rng(0)
        draws = values[generator.integers(0, len(values), (RESAMPLES, len(values)))].mean(axis=1)
        return Measurement(value=float(values.mean()), std=float(draws.std(ddof=1)))

    def confounders(self, cause: str, response: str) -> list[str]:
        """Return labels of columns that go with both: an association may be theirs. By rank correlation."""
        from scipy.stats import spearmanr

        found = []
        others = [one for one in self._description.columns if one.name not in (cause, response)]
        strict = 0.01 / (2 * max(1, len(others)))  # as many questions are asked
        for one in others:
            column = self._numbers[one.name]
            pairs = [spearmanr(column, self._numbers[two], nan_policy="omit") for two in (cause, response)]
            if all(pair.pvalue < strict and abs(pair.statistic) > FAINT for pair in pairs):
                found.append(one.label)
        return found

    def _rows(self, settings: Settings) -> NDArray[np.intp]:
        """Return the rows of the part and categories asked for that lie in every window."""
        kept = _part(len(next(iter(self._numbers.values()))), settings.get("part", "all"))
        for name, labels in self._labels.items():
            if settings.get(name, ANY) != ANY:
                kept &= labels == settings[name]
        for one in self.parameters:
            value = float(settings.get(one.name, one.default))
            if value != one.default:
                kept &= _near(self._numbers[one.name], value)
        return np.flatnonzero(kept)


def _part(rows: int, part: object) -> NDArray[np.bool_]:
    half = np.random.default_rng(20260101).permutation(rows) % 2 == 0
    return np.ones(rows, bool) if part == "all" else (half if part == "explore" else ~half)


def _near(column: NDArray[np.float64], value: float) -> NDArray[np.bool_]:
    """Return which rows are in the window: as many on both sides, together WINDOW of all."""
    order = np.sort(column[np.isfinite(column)])
    place, reach = int(np.searchsorted(order, value)), max(1, round(len(order) * WINDOW / 2))
    low, high = order[max(0, place - reach)], order[min(len(order) - 1, place + reach)]
    return np.asarray((column >= low) & (column <= high))


def _parameter(column: TableColumn, values: NDArray[np.float64]) -> Parameter:
    """Return a column as a parameter, from its 2nd to its 98th percentile.

    Its default stands for "any": it lies a billionth of the range off the median, where no sweep stops.
    """
    low, middle, high = np.nanpercentile(values, [2, 50, 98])
    if low == high:
        low, high = np.nanmin(values), np.nanmax(values)
    if low == high:
        raise InstrumentError(f"column {column.heading!r} has one value only")
    default = min(high, max(low, middle)) + (high - low) * (1e-9 if middle < high else -1e-9)
    return Parameter(
        name=column.name,
        label=column.label,
        symbol=column.symbol or column.label,
        unit=column.unit,
        low=float(low),
        high=float(high),
        default=float(default),
        meaning=f"{column.meaning or column.label}; rows near the value are taken",
        words=column.words,
        concepts=column.concepts,
    )


def _choice(labels: Labels, category: Category) -> Choice:
    values = sorted({str(value) for value in labels[category.name]})
    return Choice(
        name=category.name,
        label=category.label,
        values=(ANY, *values),
        default=ANY,
        meaning=category.meaning or "rows with this value",
        words=category.words,
    )
