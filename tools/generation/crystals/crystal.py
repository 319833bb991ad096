"""An ordered crystal as numbers: what readers give and measures take, with density, distances and symmetry.

Space group, orbits and prototype are found by spglib (Togo et al., STAM Methods 4 (2024)).
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tools.generation.lost import Lost, lost_as, lost_in_typing
from tools.generation.schema import LossReason, Stage
from tools.structures import SYMBOLS, Atoms, read_cif, read_poscar

if TYPE_CHECKING:
    from pymatgen.core.structure import Structure

MOST_ATOMS: Final = 1_000
SMALLEST_VOLUME: Final = 0.1  # Å³, below which CDVAE builds no structure


@dataclass(frozen=True)
class Crystal:
    """Symbols (n), fractional coordinates (n, 3) and lattice vectors (3, 3) as rows, in Å."""

    symbols: tuple[str, ...]
    fractional: NDArray[np.float64]
    lattice: NDArray[np.float64]

    @cached_property
    def volume(self) -> float:
        """In Å³."""
        return float(abs(np.linalg.det(self.lattice)))

    @cached_property
    def composition(self) -> tuple[tuple[str, int], ...]:
        """Elements in the order of atomic number, with their counts divided by their greatest divisor."""
        counts = Counter(self.symbols)
        divisor = math.gcd(*counts.values())
        return tuple((e, counts[e] // divisor) for e in sorted(counts, key=SYMBOLS.__getitem__))

    @cached_property
    def formula(self) -> str:
        """Reduced, elements in the order of atomic number."""
        return "".join(f"{e}{k if k > 1 else ''}" for e, k in self.composition)

    @cached_property
    def anonymous(self) -> str:
        """Reduced, with letters for elements from the rarest on: ABC3."""
        counts = sorted(k for _, k in self.composition)
        return "".join(f"{chr(65 + i)}{k if k > 1 else ''}" for i, k in enumerate(counts))

    def structure(self) -> Structure:
        from pymatgen.core.structure import Structure

        return Structure(self.lattice, list(self.symbols), self.fractional)


def build_crystal(
    symbols: list[str], fractional: NDArray[np.float64], lattice: NDArray[np.float64]
) -> Crystal:
    """Raises Lost where a species is no element, a number is not finite or the cell has no volume."""
    if len(symbols) > MOST_ATOMS:
        raise Lost(LossReason.TOO_MANY_ATOMS, f"{len(symbols)} atoms, at most {MOST_ATOMS} are judged")
    unknown = [s for s in symbols if s not in SYMBOLS]
    if unknown:
        raise lost_in_typing(LossReason.UNKNOWN_SPECIES, f"{unknown[0]!r} is no element")
    with lost_as(LossReason.EMPTY):
        Atoms(tuple(symbols), fractional, lattice)
    crystal = Crystal(tuple(symbols), fractional, lattice)
    if crystal.volume < SMALLEST_VOLUME:
        raise Lost(LossReason.FLAT_CELL, f"{crystal.volume:.3g} Å³", Stage.STRUCTURAL)
    return crystal


GRAMS_PER_CM3: Final = 1.66053906660  # one atomic mass unit a cubic ångström (CODATA 2018)


def density(crystal: Crystal) -> float:
    """In g/cm³, with the atomic masses of pymatgen."""
    return sum(_mass(symbol) for symbol in crystal.symbols) / crystal.volume * GRAMS_PER_CM3


@cache
def _mass(symbol: str) -> float:
    from pymatgen.core.periodic_table import Element

    return float(Element(symbol).atomic_mass)


def shortest_distance(crystal: Crystal) -> float:
    """In Å, between different sites and all their images; a site's own images do not count.

    So CDVAE measures it (Xie et al., ICLR 2022, arXiv 2110.06197).
    """
    if len(crystal.symbols) == 1:
        return math.inf
    from pymatgen.core.lattice import Lattice

    places = crystal.fractional
    distances = Lattice(crystal.lattice).get_all_distances(places, places)
    np.fill_diagonal(distances, math.inf)
    return float(distances.min())


def parse_cif(text: str) -> Crystal:
    """Return the first data block with atoms, its symmetry expanded. Raises Lost."""
    with lost_as(LossReason.NOT_CIF):
        return _crystal(read_cif(text, MOST_ATOMS))


def parse_poscar(text: str) -> Crystal:
    """Raises Lost."""
    with lost_as(LossReason.NOT_POSCAR):
        return _crystal(read_poscar(text, MOST_ATOMS))


def _crystal(atoms: Atoms) -> Crystal:
    return build_crystal(list(atoms.symbols), atoms.fractional, atoms.lattice)


@dataclass(frozen=True)
class CrystalSymmetry:
    """`group`: the space group's number, 1 where none was found; `orbits`: a representative for each site."""

    group: int
    orbits: tuple[int, ...]


def find_symmetry(crystal: Crystal, tolerance: float) -> CrystalSymmetry:
    """`tolerance` in Å."""
    import spglib

    numbers = [SYMBOLS[symbol] for symbol in crystal.symbols]
    try:
        cell = (crystal.lattice.tolist(), crystal.fractional.tolist(), numbers)
        found = spglib.get_symmetry_dataset(cell, symprec=tolerance)
    except spglib.SpglibError:
        found = None
    if found is None:
        return CrystalSymmetry(1, tuple(range(len(numbers))))
    return CrystalSymmetry(
        int(found.number), tuple(int(k) for k in np.asarray(found.crystallographic_orbits))
    )


def label_prototype(crystal: Crystal, symmetry: CrystalSymmetry) -> str:
    """Anonymous formula, space group and, per element, orbits in sites a formula unit: elements do not show.

    Two crystals of one prototype carry one label; the reverse need not hold: free coordinates are not in it.
    """
    units = len(crystal.symbols) // sum(k for _, k in crystal.composition)
    sizes = Counter(symmetry.orbits)
    by_element: dict[str, list[float]] = {}
    for orbit, size in sizes.items():
        by_element.setdefault(crystal.symbols[orbit], []).append(size / units)
    orbits = sorted(tuple(sorted(sizes)) for sizes in by_element.values())
    written = "-".join("+".join(f"{size:g}" for size in group) for group in orbits)
    return f"{crystal.anonymous}|{symmetry.group}|{written}"
