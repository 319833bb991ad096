"""Mass density, with the atomic masses of pymatgen."""

from functools import cache
from typing import Final

from tools.generation.crystals.crystal import Crystal

GRAMS_PER_CM3: Final = 1.66053906660  # one atomic mass unit a cubic ångström (CODATA 2018)


def density(crystal: Crystal) -> float:
    """In g/cm³."""
    return sum(_mass(symbol) for symbol in crystal.symbols) / crystal.volume * GRAMS_PER_CM3


@cache
def _mass(symbol: str) -> float:
    from pymatgen.core.periodic_table import Element

    return float(Element(symbol).atomic_mass)
