"""Which atoms a CIF stands for: its symmetry, held against what it declares about its contents.

A file states its symmetry up to three times (operations, Hall symbol, Hermann–Mauguin name or number), and
its contents up to three times (formula, formula units, multiplicities). Where the statements differ, that
symmetry is taken which gives the declared contents; where none does, the file is refused.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tools.structures.atoms import BadStructure, StructureFault

if TYPE_CHECKING:
    import gemmi

Floats = NDArray[np.float64]
SAME: Final = 0.1  # Å: images nearer than this are one atom on a special position
MOST_COPIES: Final = 200_000  # atoms times operations
HYDROGEN: Final = "H"
SHARE: Final = 1e-3  # by which numbers of atoms may miss the proportions of a formula
GROUPS: Final = 230
ORIGIN: Final = re.compile(r"\s*\(origin choice ([12])\)$", re.IGNORECASE)
TERM: Final = re.compile(r"([+-]?)(?:(\d*\.?\d+|\d+\.)(?:/([1-9]\d*))?\*?)?([xyz]?)")
MOST_OPERATIONS: Final = 1_000  # no group has more than 192 in its usual cells
ROUNDING: Final = 0.5  # atoms by which a count may miss its formula, which may be a fraction
IDENTITY: Final = np.eye(3, 4)


@dataclass(frozen=True)
class SymmetryOperations:
    """Operations (k, 3, 4): rotation and translation in fractions of the cell; `said` as the file says it."""

    operations: Floats
    said: str
    group: int = 0
    """The number of the space group, if it was named and not listed."""

    @property
    def is_trivial(self) -> bool:
        return len(self.operations) == 1


@dataclass(frozen=True)
class DeclaredContents:
    """What the file says it holds: atoms by element a formula unit, units a cell, images of each site."""

    formula: dict[str, float]
    units: int | None
    multiplicities: tuple[int, ...] | None

    def allows(self, counts: dict[str, int], images: Sequence[int]) -> bool | None:
        """Whether the counts of a cell fit; None if nothing binding is declared.

        Some programs write the formula of the whole cell beside the number of formula units.
        """
        said: list[bool] = []
        if self.formula and self.units:
            said.append(any(_same(counts, self.formula, k) for k in (self.units, 1)))
        if self.multiplicities is not None:
            said.append(tuple(images) == self.multiplicities)
        return all(said) if said else None

    def fits_formula(self, counts: Mapping[str, int]) -> bool:
        """Whether a cell holds whole formulas, at least one; hydrogen that was not located may be absent."""
        ratios = {
            counts.get(element, 0) / number
            for element, number in self.formula.items()
            if element in counts or element != HYDROGEN
        }
        if not ratios:
            return True
        alike = max(ratios) - min(ratios) < SHARE * max(ratios)
        return set(counts) <= set(self.formula) and alike and min(ratios) > 1 - SHARE


@dataclass(frozen=True)
class Expanded:
    """All atoms of the cell, and how many images each listed site has."""

    symbols: tuple[str, ...]
    fractional: Floats
    images: tuple[int, ...]

    def counts(self) -> Counter[str]:
        return Counter(self.symbols)


def expand(
    symbols: tuple[str, ...],
    fractional: Floats,
    lattice: Floats,
    candidates: Sequence[SymmetryOperations],
    declared: DeclaredContents,
) -> Expanded:
    """Return the atoms under the first of the candidate symmetries that gives what is declared.

    Raises BadStructure (SYMMETRY) if none does, or if two differ and nothing decides between them.
    """
    listed = Expanded(symbols, fractional, (1,) * len(symbols))
    if all(candidate.is_trivial for candidate in candidates):
        return listed
    tried: list[tuple[SymmetryOperations, Expanded]] = []
    faults: list[BadStructure] = []
    for symmetry in candidates:
        try:
            cell = listed if symmetry.is_trivial else _apply(symmetry, symbols, fractional, lattice)
        except BadStructure as error:
            faults.append(error)
            continue
        if not declared.fits_formula(cell.counts()):
            faults.append(BadStructure(StructureFault.SYMMETRY, _contradiction(symmetry, cell, declared)))
            continue
        if declared.allows(cell.counts(), cell.images):
            return cell
        tried.append((symmetry, cell))
    if not tried:
        raise faults[0]
    return _undeclared(tried, declared)


def _undeclared(tried: Sequence[tuple[SymmetryOperations, Expanded]], declared: DeclaredContents) -> Expanded:
    """Return the cell where nothing that the file declares confirms one."""
    (first, cell), others = tried[0], tried[1:]
    if declared.allows(cell.counts(), cell.images) is False:
        raise BadStructure(StructureFault.SYMMETRY, _contradiction(first, cell, declared))
    if first.is_trivial and others and len(others[0][1].symbols) != len(cell.symbols):
        raise BadStructure(
            StructureFault.SYMMETRY,
            f"the file lists x,y,z alone and names {others[0][0].said}: {write_counts(cell.counts())} or "
            f"{write_counts(others[0][1].counts())}, and no formula units decide",
        )
    if not first.group:
        return cell
    strange = next((other for other, _ in others if other.group != first.group), None)
    if strange is not None:
        raise BadStructure(
            StructureFault.SYMMETRY, f"the file names {first.said} and {strange.said}: which is it?"
        )
    return min(
        (c for _, c in tried), key=lambda c: len(c.symbols)
    )  # of two origins, where sites are most special


def _contradiction(symmetry: SymmetryOperations, cell: Expanded, declared: DeclaredContents) -> str:
    gives = f"{symmetry.said} gives {write_counts(cell.counts())}"
    if declared.formula:
        units = f" with Z = {declared.units}" if declared.units else ""
        return f"{gives}, but the file declares {write_counts(declared.formula)}{units}"
    return f"{gives}, but the file declares other multiplicities of its sites"


def write_counts(counts: Mapping[str, float]) -> str:
    """Return atoms by element in one line: `Cl4 Na4`."""
    return " ".join(f"{element}{number:g}" for element, number in sorted(counts.items()))


def _same(counts: dict[str, int], formula: dict[str, float], units: int) -> bool:
    promised = {e: k * units for e, k in formula.items() if e in counts or e != HYDROGEN}
    return set(counts) == set(promised) and all(abs(counts[e] - k) < ROUNDING for e, k in promised.items())


def _apply(
    symmetry: SymmetryOperations, symbols: tuple[str, ...], fractional: Floats, lattice: Floats
) -> Expanded:
    operations = symmetry.operations
    if len(symbols) * len(operations) > MOST_COPIES:
        raise BadStructure(
            StructureFault.TOO_MANY_ATOMS,
            f"{len(symbols)} atoms under {len(operations)} symmetry operations are too many: write it in P1",
        )
    orbits = [_orbit(place, operations, lattice) for place in fractional]
    images = tuple(len(orbit) for orbit in orbits)
    elements = np.repeat(np.array(symbols), images)
    places = np.concatenate(orbits)
    alone = _distinct(elements, places, lattice)
    return Expanded(tuple(elements[alone].tolist()), places[alone], images)


def _orbit(place: Floats, operations: Floats, lattice: Floats) -> Floats:
    """Return the distinct images of a site, the site itself first."""
    images = operations[:, :, :3] @ place + operations[:, :, 3]
    images = np.concatenate([place[None], images]) % 1.0
    apart = images[:, None] - images[None]
    near = np.linalg.norm((apart - np.rint(apart)) @ lattice, axis=-1) < SAME
    return np.asarray(images[near.argmax(1) == np.arange(len(images))])


def _distinct(elements: NDArray[np.str_], places: Floats, lattice: Floats) -> NDArray[np.bool_]:
    """Return which atoms to keep: a file may list atoms that its own symmetry gives again."""
    from scipy.spatial import cKDTree

    radius = SAME * float(np.linalg.norm(np.linalg.inv(lattice), ord=2))
    tree = cKDTree(places % 1.0 % 1.0, boxsize=1.0)  # twice: -1e-17 % 1 is 1
    alone = np.ones(len(places), dtype=bool)
    for i, j in sorted(tree.query_pairs(min(radius, 0.49))):
        apart = places[i] - places[j]
        if alone[i] and np.linalg.norm((apart - np.rint(apart)) @ lattice) < SAME:
            if elements[i] != elements[j]:
                raise BadStructure(
                    StructureFault.PARTIAL_OCCUPANCY, "symmetry puts several species on one site"
                )
            alone[j] = False
    return alone


def listed_symmetry(words: Sequence[str], centrings: Sequence[str] = ()) -> SymmetryOperations:
    """Return the operations that a file lists as x,y,z triplets. Raises BadStructure."""
    if len(words) * max(len(centrings), 1) > MOST_OPERATIONS:
        raise BadStructure(
            StructureFault.TOO_MANY_ATOMS, f"{len(words)} symmetry operations: no group has so many"
        )
    operations = [_operation(word) for word in words]
    if centrings:
        shifts = [_operation(word)[:, 3] for word in centrings]
        operations = [np.c_[o[:, :3], o[:, 3] + shift] for o in operations for shift in shifts]
    if len(operations) == 1 and not np.array_equal(operations[0], IDENTITY):
        raise BadStructure(
            StructureFault.SYMMETRY, f"the only symmetry operation is {words[0]!r}: x,y,z is missing"
        )
    return SymmetryOperations(np.array(operations), f"the list of {len(operations)} operations")


@lru_cache(maxsize=4096)
def _operation(word: str) -> Floats:
    """Return rotation and translation (3, 4) of a triplet such as `-y, x-y, z+1/3`. Raises BadStructure."""
    parts = "".join(word.lower().split()).split(",")[:3]  # a magnetic one has its time reversal behind it
    rows = np.zeros((3, 4))
    for row, part in zip(rows, parts, strict=False):
        terms = re.findall(r"[+-]?[^+-]+", part)
        matches = [TERM.fullmatch(term) for term in terms]
        for match in matches if "".join(terms) == part else [None]:
            if match is None:
                raise BadStructure(StructureFault.UNREADABLE, f"{word!r} is no symmetry operation")
            sign, number, divisor, axis = match.groups()
            value = float(number or 1) / float(divisor or 1)
            row["xyz".index(axis) if axis else 3] += -value if sign == "-" else value
    if len(parts) != 3 or abs(abs(np.linalg.det(rows[:, :3])) - 1) > 1e-6:  # noqa: PLR2004 axes, rounding
        raise BadStructure(
            StructureFault.UNREADABLE, f"{word!r} is no symmetry operation: quote it like 'x, y, z'"
        )
    rows.setflags(write=False)  # it is kept
    return rows


def named_symmetries(
    names: Sequence[str], hall: str | None, number: int | None, angles: Sequence[float]
) -> Iterator[SymmetryOperations]:
    """Yield what a Hall symbol, Hermann–Mauguin names and a number stand for, the most exact first.

    Of a group with two origins both follow. Raises BadStructure for a name that is none.
    """
    import gemmi

    if hall:
        try:
            yield SymmetryOperations(_matrices(gemmi.symops_from_hall(hall)), f"the Hall symbol {hall}")
        except (ValueError, RuntimeError):
            if not names and number is None:
                raise BadStructure(StructureFault.SYMMETRY, f"{hall!r} is no Hall symbol") from None
    groups = {group.xhm(): group for name in names for group in _groups(name, angles)}
    if number is not None and number not in {group.number for group in groups.values()}:
        standard = gemmi.find_spacegroup_by_number(number) if 0 < number <= GROUPS else None
        found = standard and gemmi.find_spacegroup_by_name(standard.hm, angles[0], angles[2])
        groups |= {group.xhm(): group for group in (_origins(found) if found is not None else [])}
    if not groups and not hall and (names or number is not None):
        unknown = names[0] if names else number
        raise BadStructure(
            StructureFault.SYMMETRY, f"{unknown!r} is no known space group: list its operations"
        )
    for name, group in groups.items():
        yield SymmetryOperations(_matrices(group.operations()), f"the group {name}", group.number)


def _groups(name: str, angles: Sequence[float]) -> "list[gemmi.SpaceGroup]":
    """Return the group of a name as people write it, `Fd3m`, `F d -3 m S`, `R -3 m:R`, on each origin."""
    import gemmi

    plain = ORIGIN.sub(r":\1", " ".join(name.replace("_", " ").split()))
    if plain[-2:].upper() in {
        " S",
        " Z",
    }:  # as in ICSD: origin on the site of highest symmetry, or on the centre
        plain = f"{plain[:-2]}:{'1' if plain[-1].upper() == 'S' else '2'}"
    found = gemmi.find_spacegroup_by_name(plain.replace(" :", ":"), angles[0], angles[2])
    return [] if found is None else [found] if ":" in plain else _origins(found)


def _origins(group: "gemmi.SpaceGroup") -> "list[gemmi.SpaceGroup]":
    """Return the group on both of its origins, the centre of symmetry first as in most files."""
    import gemmi

    if group.ext not in {"1", "2"}:
        return [group]
    return [g for origin in "21" if (g := gemmi.find_spacegroup_by_name(f"{group.hm}:{origin}")) is not None]


def _matrices(operations: "gemmi.GroupOps") -> Floats:
    return np.array([np.c_[np.array(op.rot), np.array(op.tran)] / op.DEN for op in operations])
