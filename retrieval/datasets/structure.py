"""A structure as OPTIMADE tells it, read from a foreign record: every site one element, or a word why not."""

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from retrieval.datasets.query import SYMBOLS
from retrieval.passage import FrozenModel
from retrieval.sources.answers import ForeignRecord, Maybe, plain, some

MOST_SITES = 5_000
LONGEST_ID = 200
WHOLE = 0.999  # concentration from which a site is one element
FARTHEST = 1e6  # Å

Vector = tuple[float, float, float]


class FoundStructure(FrozenModel):
    """Atoms in a periodic cell, with who told of them. Lengths in Å; rows of `lattice` are its vectors."""

    provider: str
    id: str
    formula: str | None
    symbols: tuple[str, ...]
    positions: tuple[Vector, ...]
    lattice: tuple[Vector, Vector, Vector]
    modified: str | None = None
    licence: str | None = None


class Species(ForeignRecord):
    name: str
    chemical_symbols: list[str]
    concentration: Maybe[list[float]] = None
    attached: Maybe[list[str]] = None


class Attributes(ForeignRecord):
    chemical_formula_reduced: Maybe[str] = None
    nsites: Maybe[int] = None
    lattice_vectors: Maybe[list[Maybe[list[Maybe[float]]]]] = None
    cartesian_site_positions: Maybe[list[list[float]]] = None
    species_at_sites: Maybe[list[str]] = None
    species: Maybe[list[Maybe[Species]]] = None
    last_modified: Maybe[str] = None


class OptimadeRecord(ForeignRecord):
    """A record of /structures."""

    id: str | int
    attributes: Attributes = Attributes()


class UnusableRecord(NamedTuple):
    """Why a record is no structure that can be used, in words that can be counted."""

    why: str


def read_structure(
    entry: OptimadeRecord, provider: str, licence: str | None
) -> FoundStructure | UnusableRecord:
    """Return the structure of a record, or why it has none."""
    given = entry.attributes
    lattice = [_vector(row) for row in given.lattice_vectors or ()]
    if len(lattice) != 3 or not all(lattice):  # noqa: PLR2004 axes
        return UnusableRecord("no cell that is periodic in three directions")
    names, places = given.species_at_sites or [], given.cartesian_site_positions or []
    if not names or len(names) != len(places):
        return UnusableRecord("no atoms")
    if len(names) > MOST_SITES:
        return UnusableRecord(f"more than {MOST_SITES:,} atoms")
    positions = [_vector(place) for place in places]
    if not all(positions):
        return UnusableRecord("a coordinate that is no number")
    symbols = _elements(names, some(given.species))
    if isinstance(symbols, UnusableRecord):
        return symbols
    return FoundStructure(
        provider=provider,
        id=plain(str(entry.id), LONGEST_ID) or "?",
        formula=_short(given.chemical_formula_reduced),
        symbols=symbols,
        positions=tuple(some(positions)),
        lattice=(lattice[0], lattice[1], lattice[2]),
        modified=_short(given.last_modified),
        licence=licence,
    )


def _vector(row: Sequence[float | None] | None) -> Vector | None:
    numbers = [number for number in row or () if number is not None and isfinite(number)]
    if len(numbers) != 3 or max(map(abs, numbers)) > FARTHEST:  # noqa: PLR2004 axes
        return None
    return numbers[0], numbers[1], numbers[2]


def _elements(names: Sequence[str], species: Sequence[Species]) -> tuple[str, ...] | UnusableRecord:
    kinds = {kind.name: kind for kind in species}
    found = []
    for name in names:
        symbol = _element(kinds[name]) if name in kinds else name
        if isinstance(symbol, UnusableRecord):
            return symbol
        if symbol not in SYMBOLS:
            return UnusableRecord("a site that is no element")
        found.append(symbol)
    return tuple(found)


def _element(kind: Species) -> str | UnusableRecord:
    if kind.attached:
        return UnusableRecord("atoms attached without coordinates")
    if len(kind.chemical_symbols) != 1:
        return UnusableRecord("sites shared by several elements, or partly empty")
    if kind.concentration and kind.concentration[0] < WHOLE:
        return UnusableRecord("sites shared by several elements, or partly empty")
    return kind.chemical_symbols[0]


def _short(text: str | None) -> str | None:
    return plain(text or "", LONGEST_ID) or None
