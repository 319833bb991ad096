"""2DMD, point defects in 2D materials, in the publisher's layout (doi 10.1038/s41699-023-00369-1).

<root>/{high,low}_density_defects/<name>/ holds targets.csv.gz, descriptors.csv, elements.csv and
initial.tar.gz; <root>/splits.csv names each structure's split. Energies in eV a defect, gaps in eV.
"""

import ast
import csv
import gzip
import math
import tarfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.defects.configuration import VACANCY, Configuration, describe
from tools.defects.errors import BadDataset, BadInput
from tools.defects.locate import find_configuration
from tools.defects.sources import MOST_ATOMS
from tools.structures import Atoms, BadStructure, decode_text, read_cif

ENERGY: Final = "formation_energy_per_site"
GAP: Final = "homo_lumo_gap_min"
EXTRA: Final = (
    "homo_lumo_gap_majority",
    "homo_lumo_gap_minority",
    "homo_majority",
    "lumo_majority",
    "homo_minority",
    "lumo_minority",
    "total_mag",
    "fermi_level",
)
TARGETS: Final = (ENERGY, GAP, *EXTRA)
LARGEST_CIF: Final = 4_000_000  # bytes: 200 atoms take 12,000
MOST_FILES: Final = 100_000

Row = Mapping[str, str]


@dataclass(frozen=True)
class LabelledStructure:
    """One structure: what is in it, and its targets in the order of TARGETS."""

    id: str
    dataset: str
    configuration: Configuration
    targets: tuple[float, ...]


def dataset_folders(root: Path) -> list[Path]:
    """The eight (or fewer) data sets under a local copy, in a fixed order."""
    folders = sorted(path.parent for path in root.glob("*_density_defects/*/targets.csv.gz"))
    if not folders:
        raise BadDataset(
            f"{root} holds no {{high,low}}_density_defects/<name>/targets.csv.gz: is it a copy of 2DMD?"
        )
    return folders


def read_dataset(folder: Path) -> Iterator[LabelledStructure]:
    """Every structure of one data set, checked against its descriptor."""
    name = f"{folder.parent.name}/{folder.name}"
    descriptors = _by_id(folder / "descriptors.csv", ("_id", "base", "cell", "defects"))
    targets = _by_id(folder / "targets.csv.gz", ("_id", "descriptor_id", *TARGETS))
    elements = {row["element"] for _, row in _rows(folder / "elements.csv", ("element",))}
    for where, key, atoms in _structures(folder / "initial.tar.gz"):
        if key not in targets:
            raise BadDataset(
                f"{where}: no row of {folder / 'targets.csv.gz'} has the id {key}, or two files do"
            )
        line, row = targets.pop(key)
        unknown = set(atoms.symbols) - elements
        if unknown:
            raise BadDataset(f"{where}: {min(unknown)} is not in {folder / 'elements.csv'}")
        place = f"{folder / 'targets.csv.gz'} row {line}"
        if row["descriptor_id"] not in descriptors:
            raise BadDataset(
                f"{place}: descriptor_id {row['descriptor_id']} is not in {folder / 'descriptors.csv'}"
            )
        configuration = _located(atoms, where)
        _check(configuration, *descriptors[row["descriptor_id"]], where, folder / "descriptors.csv")
        yield LabelledStructure(
            key, name, configuration, tuple(_value(row, column, place) for column in TARGETS)
        )
    if targets:
        key, (line, _) = next(iter(targets.items()))
        raise BadDataset(
            f"{folder / 'targets.csv.gz'} row {line}: {folder / 'initial.tar.gz'} has no {key}.cif"
        )


def read_splits(path: Path) -> dict[tuple[str, str], str]:
    """(data set, id) to train, validation or test."""
    splits: dict[tuple[str, str], str] = {}
    for line, row in _rows(path, ("dataset", "_id", "split")):
        key = (row["dataset"], row["_id"])
        if row["split"] not in {"train", "validation", "test"}:
            raise BadDataset(
                f"{path} row {line}: the split {row['split']!r} is none of train, validation and test"
            )
        if key in splits:
            raise BadDataset(f"{path} row {line}: {key[0]} {key[1]} is in {splits[key]} already")
        splits[key] = row["split"]
    return splits


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, Row]]:
    """Rows with their line number; the header is line 1."""
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            missing = set(columns) - set(reader.fieldnames or ())
            if missing:
                raise BadDataset(f"{path} lacks the column {min(missing)}")
            for line, row in enumerate(reader, start=2):
                if any(row[column] is None for column in columns):
                    raise BadDataset(f"{path} row {line} is cut short")
                yield line, row
    except (OSError, EOFError, UnicodeDecodeError, csv.Error, zlib.error) as error:
        raise BadDataset(f"{path} cannot be read: {error}") from error


def _by_id(path: Path, columns: tuple[str, ...]) -> dict[str, tuple[int, Row]]:
    found: dict[str, tuple[int, Row]] = {}
    for line, row in _rows(path, columns):
        if row["_id"] in found:
            raise BadDataset(
                f"{path} row {line}: the id {row['_id']} is already in row {found[row['_id']][0]}"
            )
        found[row["_id"]] = line, row
    return found


def _structures(path: Path) -> Iterator[tuple[str, str, Atoms]]:
    """(where it is, id, atoms) of each CIF in the archive, without unpacking it."""
    try:
        with tarfile.open(path) as archive:
            for count, member in enumerate(archive):
                where = f"{path}:{member.name}"
                if count > MOST_FILES or member.size > LARGEST_CIF:
                    raise BadDataset(f"{where}: over {MOST_FILES} files or {LARGEST_CIF} bytes: not read")
                file = archive.extractfile(member) if _is_cif(member) else None
                if file is not None:
                    yield where, Path(member.name).stem, _atoms(file.read(), where)
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        raise BadDataset(f"{path} cannot be read: {error}") from error


def _is_cif(member: tarfile.TarInfo) -> bool:
    return member.isfile() and member.name.endswith(".cif")


def _atoms(content: bytes, where: str) -> Atoms:
    try:
        return read_cif(decode_text(content), MOST_ATOMS, alone=True)
    except BadStructure as error:
        raise BadDataset(f"{where}: {error}") from error


def _located(atoms: Atoms, where: str) -> Configuration:
    try:
        return find_configuration(atoms)
    except BadInput as error:
        raise BadDataset(f"{where}: {error}") from error


def _check(configuration: Configuration, line: int, row: Row, where: str, path: Path) -> None:
    try:
        cell, defects = ast.literal_eval(row["cell"]), ast.literal_eval(row["defects"])
        promised = Counter(_kind(defect) for defect in defects)
        shape = tuple(int(k) for k in cell[:2])
    except (ValueError, SyntaxError, KeyError, TypeError) as error:
        raise BadDataset(f"{path} row {line} cannot be read: {error}") from error
    found, kinds = (configuration.host.name, (configuration.n, configuration.m)), Counter(configuration.kinds)
    if (
        found != (row["base"], shape)
        or _change(kinds) != _change(promised)
        or kinds.total() != promised.total()
    ):
        found_here, said = _summary(*found, kinds), _summary(row["base"], shape, promised)
        raise BadDataset(f"{where} holds {found_here}, but {path} row {line} says {said}")


def _change(kinds: Counter[tuple[str, str]]) -> Counter[str]:
    """Atoms gained and lost, since a descriptor stands for a formula.

    To it, C on N beside a missing B is C on B beside a missing N.
    """
    change: Counter[str] = Counter()
    for (before, after), count in kinds.items():
        change[after] += count
        change[before] -= count
    return Counter({element: count for element, count in change.items() if count})


def _kind(defect: Mapping[str, str]) -> tuple[str, str]:
    """Raises ValueError for what is neither a vacancy nor a substitution."""
    if defect["type"] == "vacancy":
        return defect["element"], VACANCY
    if defect["type"] != "substitution":
        raise ValueError(f"a defect of the type {defect['type']!r}, which is no vacancy and no substitution")
    return defect["from"], defect["to"]


def _summary(host: str, shape: tuple[int, ...], kinds: Counter[tuple[str, str]]) -> str:
    listed = ", ".join(f"{k} {describe(kind)}" for kind, k in sorted(kinds.items()))
    return f"{host} {'x'.join(map(str, shape))}: {listed}"


def _value(row: Row, column: str, place: str) -> float:
    try:
        value = float(row[column])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadDataset(f"{place}: {column} is {row[column]!r}, not a finite number")
    return value
