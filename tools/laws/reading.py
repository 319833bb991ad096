"""Read a table from a file or a request, and set aside what cannot enter a law, saying so."""

import csv
import gzip
import lzma
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import TextIOWrapper
from math import isfinite, nan
from pathlib import Path
from typing import Final, TextIO

import numpy as np
from numpy.typing import NDArray

from tools.laws.errors import LawError
from tools.laws.monomials import Array
from tools.laws.schema import LawRequest
from tools.laws.units import Scale, read_scale

HEADING: Final = re.compile(r"^(?P<label>.+?)\s*[\[(](?P<unit>[^\])]*(?:\([^)]*\))?[^\])]*)[\])]\s*$")
"""A heading with its unit, such as "band gap (eV)" or "conductivity [W/(m K)]"."""
LARGEST: Final = 2_000_000_000
FEWEST: Final = 5
MOST_VARIABLES: Final = 24
HALF: Final = 0.5
"""Share of a column's cells that must be numbers."""
MISSING: Final = ("", "nan", "na", "n/a", "null", "none", "-", "?")


@dataclass
class RegressionTable:
    """Columns in SI base units, the target apart; notes say what was set aside."""

    columns: dict[str, Array]
    scales: dict[str, Scale]
    target: str
    y: Array
    labels: tuple[str, str] | None = None
    """The two names that the target's values −1 and +1 stand for, if it has two."""
    notes: list[str] = field(default_factory=list)


def read_table(path: Path, target: str) -> RegressionTable:
    """Return a CSV (plain, .gz or .xz) whose first line has headings with units. Raises LawError."""
    try:
        with _open(path) as stream:
            headings, columns, texts = _read(csv.reader(stream), path.name)
    except (OSError, EOFError, UnicodeDecodeError, lzma.LZMAError, csv.Error) as error:
        raise LawError(f"the table {path} cannot be read: {error}") from error
    parsed = [_heading(one) for one in headings]
    return _make([label for label, _ in parsed], [unit for _, unit in parsed], columns, texts, target)


def read_request(request: LawRequest) -> RegressionTable:
    """Return the table of a request. Raises LawError."""
    columns = [np.array([nan if v is None else v for v in one.values], float) for one in request.columns]
    names, units = [one.name for one in request.columns], [one.unit for one in request.columns]
    return _make(names, units, columns, {}, request.target)


def _open(path: Path) -> TextIO:
    if path.is_file() and path.stat().st_size > LARGEST:
        raise LawError(f"the table {path} is larger than {LARGEST // 10**9} GB: take a sample of its rows")
    if path.suffix == ".gz":
        return TextIOWrapper(gzip.open(path), encoding="utf-8-sig", newline="")
    if path.suffix == ".xz":
        return TextIOWrapper(lzma.open(path), encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _read(rows: Iterator[list[str]], name: str) -> tuple[list[str], list[Array], dict[int, list[str]]]:
    """Return headings, columns of numbers (NaN where there is none), and the cells of text columns."""
    headings = next(rows, None)
    if not headings:
        raise LawError(f"{name} is empty: its first line must name the columns")
    numbers = [array("d") for _ in headings]
    texts: dict[int, list[str]] = {}
    for line, row in enumerate(rows, 2):
        if not row:
            continue
        if len(row) != len(headings):
            raise LawError(f"line {line} of {name} has {len(row)} fields and the first line {len(headings)}")
        for place, cell in enumerate(row):
            value = _number(cell)
            if value is None:
                value = nan
                if cell.strip().lower() not in MISSING:
                    cells = texts.setdefault(place, [])
                    cells += [""] * (len(numbers[place]) - len(cells)) + [cell.strip()]
            numbers[place].append(value)
    count = len(numbers[0])
    for cells in texts.values():
        cells.extend([""] * (count - len(cells)))
    return headings, [np.array(column, float) for column in numbers], texts


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if isfinite(value) else nan


def _heading(text: str) -> tuple[str, str]:
    found = HEADING.match(text.strip())
    return (found["label"].strip(), found["unit"].strip() or "1") if found else (text.strip(), "1")


def _make(
    names: Sequence[str],
    units: Sequence[str],
    columns: Sequence[Array],
    texts: dict[int, list[str]],
    target: str,
) -> RegressionTable:
    twice = next((name for name in names if list(names).count(name) > 1), None)
    if twice is not None:
        raise LawError(f"two columns are called {twice!r}: give one of them another name")
    wanted = next((k for k, name in enumerate(names) if target in (name, symbol(name))), None)
    if wanted is None:
        raise LawError(f"no column is called {target!r}; there are {', '.join(names)[:300]}")
    y, labels = _target(columns[wanted], texts.get(wanted), names[wanted])
    numeric = [k for k, column in enumerate(columns) if k != wanted and np.isfinite(column).mean() >= HALF]
    usable = np.all([np.isfinite(y), *(np.isfinite(columns[k]) for k in numeric)], axis=0)
    if usable.sum() < FEWEST:
        raise LawError(f"{usable.sum()} rows have a number in every column: at least {FEWEST} are needed")
    if np.ptp(y[usable]) == 0:
        raise LawError(f"the target {target!r} has one value only: there is nothing to explain")
    scale = read_scale("1" if labels else units[wanted], names[wanted])
    table = RegressionTable(
        {}, {names[wanted]: scale}, names[wanted], y[usable] * scale.factor + scale.offset, labels
    )
    table.notes += [
        f"{names[k]!r} is left out: less than half of its cells are numbers."
        for k in range(len(names))
        if k not in (wanted, *numeric)
    ]
    if not usable.all():
        table.notes.append(f"{int((~usable).sum()):,} of {len(y):,} rows are left out: a number is missing.")
    for k in numeric:
        _add(table, names[k], units[k], columns[k][usable])
    if not table.columns:
        raise LawError("no column of numbers that vary is left to explain the target with")
    if len(table.columns) > MOST_VARIABLES:
        raise LawError(
            f"{len(table.columns)} columns vary and at most {MOST_VARIABLES} can: keep the likely ones"
        )
    return table


def _target(column: Array, cells: list[str] | None, name: str) -> tuple[Array, tuple[str, str] | None]:
    """Return the target, and its two names where it has two values: these become −1 and +1."""
    if cells is not None and np.isfinite(column).mean() < HALF:
        kinds = sorted({cell for cell in cells if cell})
        if len(kinds) != 2:  # noqa: PLR2004 - a boundary has two sides
            raise LawError(
                f"the target {name!r} is text with {len(kinds)} values: numbers or two names are needed"
            )
        places = {kinds[0]: -1.0, kinds[1]: 1.0}
        return np.array([places.get(cell, nan) for cell in cells]), (kinds[0], kinds[1])
    values = np.unique(column[np.isfinite(column)])
    if len(values) == 2 and np.isfinite(column).sum() > 2 * FEWEST:  # noqa: PLR2004 - as above
        signs = np.where(np.isfinite(column), np.where(column == values[1], 1.0, -1.0), nan)
        return signs, (f"{values[0]:g}", f"{values[1]:g}")
    return column, None


def _add(table: RegressionTable, name: str, unit: str, column: NDArray[np.float64]) -> None:
    if np.ptp(column) == 0:
        table.notes.append(f"{name!r} has one value only ({column[0]:g}) and is left out.")
        return
    scale = read_scale(unit, name)
    values = column * scale.factor + scale.offset
    if table.labels is None and np.array_equal(values, table.y):
        table.notes.append(f"{name!r} is the target itself and is left out.")
        return
    same = next((other for other, held in table.columns.items() if np.array_equal(held, values)), None)
    if same is not None:
        table.notes.append(f"{name!r} is the same as {same!r} and is left out.")
        return
    if scale.offset:
        table.notes.append(f"{name!r} is counted from absolute zero, in K.")
    if symbol(name) in {symbol(other) for other in table.columns}:
        raise LawError(f"{name!r} and another column differ in signs only: give one of them another name")
    table.columns[name], table.scales[name] = values, scale


def symbol(name: str) -> str:
    """Return a name as a symbol of a formula: "pendulum length" as pendulum_length."""
    plain = re.sub(r"\W+", "_", name.strip()).strip("_")
    return plain if plain[:1].isalpha() else f"x_{plain}"
