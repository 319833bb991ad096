"""A crystal's prototype: its space group, and the sites that each element takes; and how it is packed."""

import os
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np

from tools.extras import needing
from tools.structures.atoms import Atoms
from tools.structures.elements import SYMBOLS
from tools.synthesis.elements import Floats, element_table
from tools.synthesis.errors import MissingSymmetryPackage, SynthesisError
from tools.synthesis.formulas import Composition, reduce_counts

PRECISIONS: Final = (0.1, 0.01)  # Å: that of the Materials Project, and a second where it finds no group
MOST_ATOMS: Final = 500
PACKING: Final = (
    "volume per atom (Å³)", "volume over that of the elements", "space group", "atoms in the primitive cell",
    "orbits", "orbits per element",
)  # fmt: skip


@dataclass(frozen=True)
class Prototype:
    """`sites` names, for each element in the order of the composition, the sites that it takes."""

    composition: Composition
    space_group: int
    sites: tuple[str, ...]
    atoms: int
    """in the primitive cell"""
    volume: float
    """Å³ per atom"""

    @property
    def text(self) -> str:
        """`225 1m-3m 1m-3m` (rock salt): one word an element, in the order of the composition."""
        return " ".join([str(self.space_group), *self.sites])

    @property
    def orbits(self) -> int:
        return sum(site.count("+") + 1 for site in self.sites)


def find_prototype(atoms: Atoms) -> Prototype:
    """Return the prototype of a structure in any cell. Raises SynthesisError, MissingSymmetryPackage."""
    if len(atoms.symbols) > MOST_ATOMS:
        raise SynthesisError(f"{len(atoms.symbols)} atoms: at most {MOST_ATOMS}; give the primitive cell")
    numbers = np.array([SYMBOLS[symbol] for symbol in atoms.symbols])
    found = _symmetry(atoms, numbers)
    whole = len(np.unique(found.mapping_to_primitive))
    orbits: dict[int, list[str]] = defaultdict(list)
    for orbit in np.unique(found.crystallographic_orbits):
        members = np.flatnonzero(found.crystallographic_orbits == orbit)
        count = Fraction(len(members) * whole, len(numbers))
        symmetry = found.site_symmetry_symbols[members[0]]
        orbits[int(numbers[members[0]])].append(f"{count}{symmetry}")
    elements, counts = np.unique(numbers, return_counts=True)
    composition = reduce_counts(dict(zip(map(int, elements), map(Fraction, map(int, counts)), strict=True)))
    return Prototype(
        composition,
        int(found.number),
        tuple("+".join(sorted(orbits[z])) for z, _ in composition),
        whole,
        float(abs(np.linalg.det(atoms.lattice))) / len(numbers),
    )


def packing_features(one: Prototype) -> list[float]:
    """Return the numbers that `PACKING` names."""
    table = element_table()
    radii = table.properties[[z - 1 for z, _ in one.composition], table.names.index("atomic radius")]
    counts = np.array([count for _, count in one.composition], float)
    spheres: Floats = 4 / 3 * np.pi * radii**3
    own = float(counts @ spheres / counts.sum())
    return [
        one.volume, one.volume / own, one.space_group, one.atoms, one.orbits,
        one.orbits / len(one.composition),
    ]  # fmt: skip


def _symmetry(atoms: Atoms, numbers: Any) -> Any:  # noqa: ANN401 - of spglib, imported late
    with needing({"spglib": "generation"}, MissingSymmetryPackage):
        import spglib
    os.environ.setdefault("SPGLIB_WARNING", "OFF")  # it writes to standard error when it tries once more
    cell: Any = atoms.lattice, atoms.fractional, numbers  # its types ask for lists, and it takes arrays
    for precision in PRECISIONS:
        found = spglib.get_symmetry_dataset(cell, symprec=precision)
        if found is not None:
            return found
    raise SynthesisError("no space group can be found: are atoms on top of each other?")
