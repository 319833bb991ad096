"""Read a table: CSV, plain or compressed, with its description in a YAML file of the same name beside it.

A description has columns with units and meanings, the source, and the systems for which the table speaks;
where there is none it is guessed from the headings.
"""

import csv
import gzip
import hashlib
import lzma
import re
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import TextIO

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import Field, ValidationError, model_validator

from tools.instruments.contract import InstrumentError, Source
from tools.instruments.declared import parse
from tools.strict import Strict

HEADER = re.compile(r"^(?P<label>.+?)\s*[\[(](?P<unit>[^\])]*)[\])]$")
"""A heading with its unit, such as "band gap (eV)" or "volume [Å^3]"."""


class TableColumn(Strict):
    """A numeric column: a possible cause, and a possible response."""

    heading: str = Field(description="as in the first line of the table")
    label: str
    symbol: str = ""
    unit: str = Field(default="1", description='as pint reads it; "1" where there is none')
    meaning: str = ""
    words: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return what settings call it."""
        return slug(self.label)


class Category(Strict):
    """A column with a few names, by which rows can be chosen."""

    heading: str
    label: str
    meaning: str = ""
    words: dict[str, tuple[str, ...]] = Field(default_factory=dict, description="other names by value")

    @property
    def name(self) -> str:
        return slug(self.label)


class TableDescription(Strict):
    """What is known of a table beside its numbers."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    purpose: str
    systems: tuple[str, ...] = Field(min_length=1)
    columns: tuple[TableColumn, ...] = Field(min_length=2)
    categories: tuple[Category, ...] = ()
    source: tuple[Source, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> "TableDescription":
        names = [one.name for one in self.columns] + [one.name for one in self.categories]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two columns are called {twice[0]!r}: give one of them another label")
        return self


def slug(label: str) -> str:
    """Return a label as a name of a setting: "band gap" as "band_gap"."""
    plain = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
    return plain if plain[:1].isalpha() else f"column_{plain}"


def guess(name: str, headings: list[str]) -> TableDescription:
    """Return a description of a table that has none, from its headings alone: "band gap (eV)".

    Raises InstrumentError where two headings give one name.
    """
    columns = []
    for heading in headings:
        found = HEADER.match(heading.strip())
        label, unit = (found["label"], found["unit"]) if found else (heading.strip(), "1")
        columns.append(TableColumn(heading=heading, label=label, unit=unit or "1"))
    try:
        return TableDescription(
            name=slug(name),
            title=f"The table {name}",
            purpose="Rows of the user's own table: associations, not causes.",
            systems=(name.replace("_", " "),),
            columns=tuple(columns),
            source=(Source(citation=f"the user's table {name}"),),
        )
    except ValidationError as error:
        raise InstrumentError(f"the table {name} cannot be used: {error.errors()[0]['msg']}") from error


LARGEST = 200_000_000
"""Bytes that a table may have, unpacked."""
PIECE = 1 << 20
"""Characters that are read at once: a stream makes room for as many as it is asked for."""
FEWEST = 20
"""Rows below which a table says nothing."""

Columns = dict[str, NDArray[np.float64]]
Labels = dict[str, NDArray[np.str_]]
Table = dict[str, tuple[str, ...]]


def read(
    path: Path, described: TableDescription | None = None
) -> tuple[TableDescription, Columns, Labels, str]:
    """Return the description, numeric columns and categories by name, and a digest of both files.

    What is no number counts as missing. Raises InstrumentError for a table that cannot be used.
    """
    text = _text(path)
    rows = list(csv.reader(text.splitlines()))
    if len(rows) <= FEWEST:
        raise InstrumentError(f"{path.name} has {max(0, len(rows) - 1)} rows: at least {FEWEST} are needed")
    headings = rows[0]
    uneven = next((number for number, row in enumerate(rows, 1) if row and len(row) != len(headings)), None)
    if uneven:
        raise InstrumentError(
            f"line {uneven} of {path.name} has not the {len(headings)} fields of its first line"
        )
    cells = zip(*(row for row in rows[1:] if row), strict=True)
    table: Table = dict(zip(headings, cells, strict=True))
    description = described or _described(path, table)
    wanted = [one.heading for one in description.columns] + [one.heading for one in description.categories]
    absent = next((heading for heading in wanted if heading not in table), None)
    if absent:
        raise InstrumentError(f"{path.name} has no column {absent!r}; it has {', '.join(headings)[:300]}")
    numbers = {one.name: _numbers(table[one.heading]) for one in description.columns}
    for column in description.columns:
        if np.isfinite(numbers[column.name]).sum() < FEWEST:
            raise InstrumentError(f"column {column.heading!r} of {path.name} has fewer than {FEWEST} numbers")
    labels = {one.name: np.array(table[one.heading]) for one in description.categories}
    digest = hashlib.sha256(text.encode() + description.model_dump_json().encode()).hexdigest()
    return description, numbers, labels, digest[:16]


def _text(path: Path) -> str:
    try:
        with _opened(path) as stream:
            pieces = (stream.read(PIECE) for _ in range(LARGEST // PIECE + 2))
            text = "".join(takewhile(bool, pieces))
    except (OSError, EOFError, UnicodeDecodeError, lzma.LZMAError) as error:
        raise InstrumentError(f"the table {path} cannot be read: {error}") from error
    if len(text) > LARGEST:
        raise InstrumentError(f"the table {path} is larger than {LARGEST // 1_000_000} MB")
    return text


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig")
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8-sig")
    return path.open(encoding="utf-8-sig")


def _described(path: Path, table: Table) -> TableDescription:
    """Return the description beside the table, or one made of the headings of its numeric columns."""
    stem = path.name.partition(".")[0]
    beside = path.with_name(f"{stem}.yaml")
    if not beside.exists():
        numeric = [heading for heading, cells in table.items() if _mostly_numbers(cells)]
        return guess(stem, numeric)
    try:
        return TableDescription.model_validate(parse(beside.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise InstrumentError(f"{beside.name} is no YAML: {str(error).splitlines()[0]}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InstrumentError(f"{beside.name} does not describe a table: {place}: {first['msg']}") from error


def _mostly_numbers(cells: Sequence[str]) -> bool:
    values = _numbers(cells)
    known = values[np.isfinite(values)]
    return len(known) > len(values) / 2 and bool(known.min() < known.max())


def _numbers(cells: Sequence[str]) -> NDArray[np.float64]:
    try:
        values = np.array(cells, dtype=np.float64)  # six times as fast, where every cell is a number
    except ValueError:
        values = np.array([_number(cell) for cell in cells])
    return np.where(np.isfinite(values), values, np.nan)


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return np.nan
