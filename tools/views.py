"""How a person sees what a tool said: a few kinds of blocks, which the page, Markdown and HTML each draw.

A tool's `view` makes them of its typed result. Texts in them may hold words of a model or a
file: whoever draws a block makes them inert.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from tools.quantity import Quantity, write

Vector = tuple[float, float, float]
MOST_ROWS: Final = 12  # of a table that nobody has written a view for


@dataclass(frozen=True)
class Quantities:
    """Named numbers."""

    items: tuple[tuple[str, Quantity], ...]


@dataclass(frozen=True)
class Table:
    """Rows of short texts. `left_out` rows are in the JSON only."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    left_out: int = 0


@dataclass(frozen=True)
class ChangedSite:
    """A place that differs from the pristine structure: an element that came, or nothing (None)."""

    place: Vector
    label: str
    element: str | None = None


@dataclass(frozen=True)
class Structure:
    """Atoms with Cartesian places in Å, pairs of them that are bonded, and the edges of the cell."""

    title: str
    elements: tuple[str, ...]
    places: tuple[Vector, ...]
    bonds: tuple[tuple[int, int], ...] = ()
    edges: tuple[tuple[Vector, Vector], ...] = ()
    marks: tuple[ChangedSite, ...] = ()


@dataclass(frozen=True)
class Molecule:
    """A molecule by its canonical SMILES."""

    title: str
    smiles: str


@dataclass(frozen=True)
class Series:
    """Points of a plot, joined by a line or not; `std` is one standard deviation of y."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    std: tuple[float, ...] | None = None
    line: bool = False


@dataclass(frozen=True)
class Plot:
    """Axes with their units, and series."""

    title: str
    x: str
    y: str
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Sentences:
    """Plain words."""

    texts: tuple[str, ...]


Block: TypeAlias = Quantities | Table | Structure | Molecule | Plot | Sentences


def plain_blocks(content: Mapping[str, object]) -> tuple[Block, ...]:
    """Return any tool's JSON as quantities, sentences, and a table for each list of records."""
    quantities = {name: found for name, value in content.items() if (found := read_quantity(value))}
    records = {name: value for name, value in content.items() if _are_records(value)}
    rest = {name: value for name, value in content.items() if name not in quantities.keys() | records.keys()}
    blocks: list[Block] = []
    if quantities:
        blocks.append(Quantities(tuple((label(name), found) for name, found in quantities.items())))
    if told := plain_sentences(rest):
        blocks.append(Sentences(told))
    return (*blocks, *(_records(name, value) for name, value in records.items() if isinstance(value, list)))


def plain_sentences(values: Mapping[str, object]) -> tuple[str, ...]:
    """Return one for each field that has a value."""
    return tuple(f"{label(name)}: {say(value)}" for name, value in values.items() if value is not None)


def label(name: str) -> str:
    """`formation_energy` is a field's name, `formation energy` what a person says."""
    return name.replace("_", " ")


def say(value: object) -> str:
    """One value in a few words."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return write(value)
    if isinstance(value, Mapping):
        found = read_quantity(value)
        return str(found) if found else ", ".join(f"{label(str(k))} {say(v)}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(map(say, value)) or "none"
    return str(value)


def read_quantity(value: object) -> Quantity | None:
    """A number with a unit, in either of the forms that tools write."""
    if not isinstance(value, Mapping) or not isinstance(value.get("unit"), str):
        return None
    number, std = value.get("value"), value.get("std", value.get("uncertainty"))
    if type(number) not in (int, float) or not (std is None or type(std) in (int, float)):
        return None
    return Quantity(value=number, std=std if std is None else abs(std), unit=value["unit"])


def _are_records(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _records(name: str, records: Sequence[Mapping[str, object]]) -> Table:
    columns = tuple(dict.fromkeys(key for record in records for key in record))
    return Table(
        columns=tuple(label(column) for column in columns),
        rows=tuple(tuple(say(record.get(column)) for column in columns) for record in records[:MOST_ROWS]),
        title=label(name),
        left_out=max(0, len(records) - MOST_ROWS),
    )
