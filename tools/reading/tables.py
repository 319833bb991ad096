"""Records as a table: a row a record, headings with units, for `hypofind laws` and the table instrument.

Measured properties become a row for each material (and source and temperature), with a
column for each property in its own unit, so that one property can be explained by others.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.reading.errors import ReadingError
from tools.reading.forms import Form
from tools.reading.schema import ExtractedRecord, ReadResult, Scalar

Cell = Scalar | None
Read = Iterable[tuple[str, ReadResult]]


@dataclass(frozen=True)
class TextTable:
    """Headings with units, and rows of one length."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def make_table(results: Read, form: Form) -> TextTable:
    """Return the records of all texts as one table."""
    if form.name == "measurements":
        return _wide(results)
    rows = [
        {"source": source, **{value.path: value.value for value in reversed(record.values)}}
        for source, result in results
        for record in result.records
    ]
    units = {slot.path: slot.unit for slot in form.slots if slot.unit}
    paths = dict.fromkeys(["source", *(slot.path for slot in form.slots if not slot.many)])
    paths |= dict.fromkeys(sorted(name for row in rows for name in row if name not in paths))
    return _lay(rows, {path: _heading(path, units.get(path)) for path in paths})


def _wide(results: Read) -> TextTable:
    """One row for each source, material and temperature; the first of two values stands."""
    from tools.experiments.errors import BadClaim
    from tools.reading.measurements import properties
    from tools.reading.quantities import to_unit

    units = {one.name: one.unit for one in properties()}
    rows: dict[tuple[object, ...], dict[str, Cell]] = {}
    for source, result in results:
        for record in result.records:
            told = {value.path: value for value in record.values}
            name, value = told.get("property"), told.get("value")
            if name is None or value is None:
                continue
            material, heat = _get(record, "material"), _get(record, "temperature")
            row = rows.setdefault(
                (source, material or record.values[0].quote, heat),
                {"source": source, "material": material, "temperature": heat},
            )
            wanted = units.get(str(name.value), value.unit or "1")
            try:
                number = to_unit(float(value.value), value.unit or "", wanted)
            except (BadClaim, ValueError):
                continue
            row.setdefault(str(name.value), float(f"{number:.10g}"))
    found = dict.fromkeys(name for row in rows.values() for name in row)
    known = {"temperature": "K"} | units
    return _lay(list(rows.values()), {name: _heading(name, known.get(name)) for name in found})


def _get(record: ExtractedRecord, path: str) -> Cell:
    return next((value.value for value in record.values if value.path == path), None)


def _heading(name: str, unit: str | None) -> str:
    return f"{name} ({unit})" if unit and unit != "1" else name


def _lay(rows: Sequence[Mapping[str, Cell]], headings: Mapping[str, str]) -> TextTable:
    """Only columns that hold something."""
    kept = [name for name in headings if any(row.get(name) is not None for row in rows)]
    return TextTable(
        tuple(headings[name] for name in kept), tuple(tuple(row.get(name) for name in kept) for row in rows)
    )


def write_csv(table: TextTable, path: Path) -> None:
    """Write with a comma between cells; empty where nothing was said."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.headings)
        writer.writerows([["" if cell is None else cell for cell in map(_safe, row)] for row in table.rows])


def _safe(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula begins with an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "@", "\t") else cell


def write_parquet(table: TextTable, path: Path) -> None:
    """Raises ReadingError where pyarrow is not installed."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ModuleNotFoundError as error:
        raise ReadingError("pyarrow is not installed: pip install pyarrow, or write a .csv") from error
    columns = {}
    for place, heading in enumerate(table.headings):
        cells = [row[place] for row in table.rows]
        kinds = {type(cell) for cell in cells if cell is not None}
        columns[heading] = (
            cells if len(kinds) == 1 else [None if cell is None else str(cell) for cell in cells]
        )
    parquet.write_table(pa.table(columns), path)
