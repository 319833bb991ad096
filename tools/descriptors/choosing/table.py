"""A table with a column of formulas or of files with structures, and a target."""

import csv
import gzip
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import Final

import numpy as np

from tools.descriptors.choosing.things import Composition, Things
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
    unit = wanted.partition("(")[2].rstrip(") ") if "(" in wanted else ""
    column = structures or formulas or ""
    cells = [(f"line {number}", row[wanted], row[column]) for number, row in enumerate(rows, start=2)]
    read = partial(_load, path.parent) if structures is not None else None
    return gather(cells, wanted.partition("(")[0].strip(), unit, read)


def gather(
    cells: Iterable[tuple[str, str, str]], name: str, unit: str, read: Callable[[str], Atoms] | None
) -> Data:
    """Return the rows that can be read: where each stands, its target, and a formula or what `read` takes.

    Raises DescriptorError where no row can be used.
    """
    values: list[float] = []
    compositions: list[Composition] = []
    atoms: list[Atoms] = []
    faults: list[str] = []
    for where, target, thing in cells:
        try:
            value = read_number(target)
            if read is None:
                compositions.append(read_composition(thing))
            else:
                atoms.append(read(thing))
                compositions.append(composition_of(atoms[-1]))
        except ToolError as error:
            faults.append(f"{where}: {error}")
        else:
            values.append(value)
    if not values:
        raise DescriptorError(f"no row can be used: {faults[0] if faults else 'it is empty'}")
    notes = [f"{len(faults)} rows were set aside, first {faults[0]}"] if faults else []
    return Data(name, unit, Things(compositions, None if read is None else atoms), np.array(values), notes)


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


def read_crystal(text: str) -> Atoms:
    """Return the atoms of a CIF, POSCAR or extended XYZ. Raises BadStructure."""
    return read_structure(text, MOST_ATOMS)


def _load(folder: Path, name: str) -> Atoms:
    if "\n" in name:
        return read_crystal(name)
    path = folder / name
    if not path.is_file():
        raise DescriptorError(f"{name[:80]} is no file")
    return read_crystal(decode_text(path.read_bytes()))


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
