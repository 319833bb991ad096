"""CSV and JSON Lines with one string a row."""

import csv
import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final, TypeVar

from tools.generation.errors import BadFile
from tools.generation.judging.examine import longest
from tools.generation.schema import Sample, SampleForm, Unreturned
from tools.structures.archives import unpacked_name

SEPARATED: Final = (".csv", ".tsv")
TABLES: Final = (*SEPARATED, ".jsonl", ".ndjson")
DELIMITERS: Final = ",\t;"
LARGEST_FIELD: Final = 20_000_000  # characters
COLUMNS: Final = {
    "cif": SampleForm.CIF,
    "text": SampleForm.TEXT,
    "poscar": SampleForm.POSCAR,
    "slices": SampleForm.SLICES,
    "smiles": SampleForm.SMILES,
    "selfies": SampleForm.SELFIES,
    "xyz": SampleForm.XYZ,
    "site": SampleForm.SITE,
    "pdb": SampleForm.PDB,
    "mmcif": SampleForm.MMCIF,
}
Row = dict[str, Any]
Word = TypeVar("Word", SampleForm, Unreturned)


def read_table(
    name: str, lines: Iterable[str], form: SampleForm | None, column: str | None
) -> Iterator[Sample]:
    """`column` may be left out where a column has a form's name. Raises BadFile."""
    if unpacked_name(name).lower().endswith(SEPARATED):
        yield from _csv(name, lines, form, column)
    else:
        yield from _json(name, lines, form, column)


def _csv(name: str, lines: Iterable[str], form: SampleForm | None, column: str | None) -> Iterator[Sample]:
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST_FIELD))
    stream = (line.replace("\0", "\ufffd") for line in lines)
    header = next(stream, "")
    delimiter = max(DELIMITERS, key=header.count)
    try:
        for row in csv.DictReader(chain([header], stream), delimiter=delimiter):
            yield _sample(name, row, form, column)
    except csv.Error as error:
        raise BadFile(f"{name} is no CSV: {error}") from error


def _json(name: str, lines: Iterable[str], form: SampleForm | None, column: str | None) -> Iterator[Sample]:
    """A line that holds no object, as where a writer was killed, is a sample that failed.

    It is written as those before it; the first line must be whole, or this is no such file.
    """
    written: SampleForm | None = None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = _object(line)
        except ValueError as error:
            if written is None:
                raise BadFile(f"{name}, line {number}: {error}") from None
            yield Sample(form=written, unreturned=Unreturned.FAILED, text=f"line {number}: {error}")
            continue
        sample = _sample(name, row, form, column)
        written = sample.form
        yield sample


def _object(line: str) -> Row:
    """Raises ValueError."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("no JSON; one object a line is needed") from None
    if not isinstance(row, dict):
        raise ValueError(f"{type(row).__name__} where an object is needed")  # noqa: TRY004 - of a text, not of code
    return row


def _sample(name: str, row: Row, form: SampleForm | None, column: str | None) -> Sample:
    """A row may say in `form` how it is written, in `unreturned` why it is not, in `shots` what was shown."""
    found = column or next((c for c in row if c is not None and _form_of(c)), None)
    if found is None or found not in row:
        raise BadFile(
            f"{name}: name the column with the strings, or call it {', '.join(COLUMNS)}; there are "
            f"{', '.join(map(str, row))}"
        )
    text = row[found]
    written = form or _said(SampleForm, row.get("form")) or _form_of(found)
    if written is None:
        raise BadFile(f"{name}: say how the strings of {found!r} are written: {', '.join(SampleForm)}")
    text = "" if text is None else str(text)
    return Sample(
        form=written,
        text=text[: longest(written) + 1],
        unreturned=_said(Unreturned, row.get("unreturned")),
        shots=tuple(str(shot) for shot in row.get("shots") or () if isinstance(row.get("shots"), list)),
    )


def _form_of(column: str) -> SampleForm | None:
    """By the column's name: smiles, canonical_smiles, CIF, …"""
    return COLUMNS.get(column.strip().lower().rpartition("_")[2])


def _said(words: type[Word], said: object) -> Word | None:
    return next((word for word in words if word == said), None)
