"""A table with a column of formulas or of files with structures, and a target."""

import csv
import gzip
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import Final

import numpy as np

from tools.descriptors.choosing.representations import Composition, Things
from tools.descriptors.composition import MissingPymatgen
from tools.descriptors.contract import Floats
from tools.descriptors.errors import DescriptorError
from tools.errors import ToolError
from tools.extras import needing
from tools.structures import SYMBOLS, Atoms, decode_text, read_structure

FORMULAS: Final = ("formula", "composition")
STRUCTURES: Final = ("structure", "file", "cif", "poscar")
TRUTHS: Final = {"true": 1.0, "false": 0.0, "yes": 1.0, "no": 0.0}
MOST_ROWS: Final = 100_000
MOST_ATOMS: Final = 200
LARGEST: Final = 500_000_000  # bytes
VACUUM: Final = 20.0  # Å around a molecule
TWO: Final = 2


@dataclass(frozen=True)
class Data:
    """Things and their target; notes say what was set aside."""

    name: str
    unit: str
    things: Things
    target: Floats
    notes: list[str] = field(default_factory=list)

    @property
    def is_binary(self) -> bool:
        return len(np.unique(self.target)) == TWO


def read_table(path: Path, target: str) -> Data:
    """Return the rows of a CSV (plain or .gz) that can be read. Raises DescriptorError."""
    headings, rows = _read(path)
    names = {heading.partition("(")[0].strip().lower(): heading for heading in headings}
    wanted = next((h for h in headings if target in (h, h.partition("(")[0].strip())), None)
    if wanted is None:
        raise DescriptorError(f"{path.name} has no column {target[:60]!r}; it has {', '.join(headings[:12])}")
    formulas = next((names[name] for name in FORMULAS if name in names), None)
    structures = next((names[name] for name in STRUCTURES if name in names), None)
    if formulas is None and structures is None:
        raise DescriptorError(f"{path.name} has neither a column called formula nor one called structure")
    values, compositions, atoms, faults = [], [], [], []
    for number, row in enumerate(rows, start=2):
        try:
            value = read_number(row[wanted])
            if structures is not None:
                one = _load(path.parent, row[structures])
                atoms.append(one)
                compositions.append(composition_of(one))
            else:
                compositions.append(read_composition(row[formulas or ""]))
        except ToolError as error:
            faults.append(f"line {number}: {error}")
        else:
            values.append(value)
    if not values:
        raise DescriptorError(f"no row of {path.name} can be used: {faults[0] if faults else 'it is empty'}")
    notes = [f"{len(faults)} rows were set aside, first {faults[0]}"] if faults else []
    unit = wanted.partition("(")[2].rstrip(") ") if "(" in wanted else ""
    things = Things(compositions, atoms if structures is not None else None)
    return Data(wanted.partition("(")[0].strip(), unit, things, np.array(values), notes)


def read_composition(text: str) -> Composition:
    """Return shares by atomic number, which may be any fractions. Raises DescriptorError."""
    import warnings

    with needing({"pymatgen": "descriptors"}, MissingPymatgen), warnings.catch_warnings():
        from pymatgen.core.composition import Composition as Parsed

        warnings.simplefilter("ignore")
        try:
            shares = Parsed(text[:200]).fractional_composition
            found = {SYMBOLS[e.symbol]: float(share) for e, share in shares.items() if share > 0}
        except (ValueError, KeyError, AttributeError, ZeroDivisionError):
            raise DescriptorError(f"{text[:40]!r} is no formula") from None
    if not found:
        raise DescriptorError(f"{text[:40]!r} is no formula")
    return tuple(sorted(found.items()))


def composition_of(atoms: Atoms) -> Composition:
    numbers, counts = np.unique([SYMBOLS[symbol] for symbol in atoms.symbols], return_counts=True)
    return tuple((int(z), float(n) / len(atoms.symbols)) for z, n in zip(numbers, counts, strict=True))


def box(symbols: Sequence[str], places: Floats) -> Atoms:
    """Return a molecule (places in Å) in the middle of a wide cell."""
    size = float(np.ptp(places, axis=0).max()) + VACUUM
    middle = (places - places.mean(0)) / size + 0.5
    return Atoms(tuple(symbols), middle, size * np.eye(3))


def read_number(text: str) -> float:
    """Raises DescriptorError."""
    known = TRUTHS.get(text.strip().lower())
    if known is not None:
        return known
    try:
        value = float(text)
    except ValueError:
        raise DescriptorError(f"{text[:40]!r} is no number") from None
    if not np.isfinite(value):
        raise DescriptorError(f"{text[:40]!r} is no finite number")
    return value


def _load(folder: Path, name: str) -> Atoms:
    if "\n" in name:
        return read_structure(name, MOST_ATOMS)
    path = folder / name
    if not path.is_file():
        raise DescriptorError(f"{name[:80]} is no file")
    return read_structure(decode_text(path.read_bytes()), MOST_ATOMS)


def _read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    if not path.is_file() or path.stat().st_size > LARGEST:
        raise DescriptorError(f"{path.name[:80]} is no file of at most {LARGEST:,} bytes")
    try:
        with (
            TextIOWrapper(gzip.open(path), encoding="utf-8-sig", newline="")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8-sig", newline="")
        ) as stream:
            reader = csv.DictReader(stream, restval="")
            rows = [row for row, _ in zip(reader, range(MOST_ROWS + 1), strict=False)]
            headings = list(reader.fieldnames or ())
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise DescriptorError(f"{path.name} cannot be read: {error}") from error
    if len(rows) > MOST_ROWS:
        raise DescriptorError(f"{path.name} has more than {MOST_ROWS:,} rows: take a sample")
    return headings, rows
