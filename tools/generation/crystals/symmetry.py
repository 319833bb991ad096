"""Space group, orbits and prototype of a crystal, by spglib (Togo et al., STAM Methods 4 (2024))."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from tools.generation.crystals.crystal import Crystal
from tools.structures import SYMBOLS


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
