"""Cubic structure types, and the members of each series with the size from which the search begins."""

from dataclasses import dataclass
from typing import Any

from tools.extras import needing
from tools.instruments.contract import InstrumentError

Vectors = tuple[tuple[float, float, float], ...]
FACES: Vectors = ((0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0))
BODY: Vectors = ((-0.5, 0.5, 0.5), (0.5, -0.5, 0.5), (0.5, 0.5, -0.5))
CUBE: Vectors = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
ORIGIN, QUARTER, MIDDLE = (0.0, 0.0, 0.0), (0.25, 0.25, 0.25), (0.5, 0.5, 0.5)
PROTOTYPES: dict[str, tuple[Vectors, tuple[int, ...], Vectors]] = {
    "fcc": (FACES, (0,), (ORIGIN,)),
    "bcc": (BODY, (0,), (ORIGIN,)),
    "diamond": (FACES, (0, 0), (ORIGIN, QUARTER)),
    "rock_salt": (FACES, (0, 1), (ORIGIN, MIDDLE)),
    "zincblende": (FACES, (0, 1), (ORIGIN, QUARTER)),
    "perovskite": (CUBE, (0, 1, 2, 2, 2), (ORIGIN, MIDDLE, (0.5, 0.5, 0), (0.5, 0, 0.5), (0, 0.5, 0.5))),
}
"""Of the primitive cell: vectors in lattice parameters; the element on each site; sites in fractions."""


@dataclass(frozen=True)
class PrototypeCrystal:
    """A structure type, the elements on its sites, and about how large its cubic cell is, in Å."""

    prototype: str
    elements: tuple[str, ...]
    start: float

    def structure(self, lattice_parameter: float) -> Any:  # noqa: ANN401 - pymatgen's
        """Return the primitive cell at a lattice parameter in Å."""
        with needing({"pymatgen": "stability"}, InstrumentError):
            from pymatgen.core.lattice import Lattice
            from pymatgen.core.structure import Structure
        vectors, kinds, sites = PROTOTYPES[self.prototype]
        lattice = Lattice([[lattice_parameter * part for part in vector] for vector in vectors])
        return Structure(lattice, [self.elements[kind] for kind in kinds], sites)


MATERIALS: dict[str, PrototypeCrystal] = {
    "aluminium": PrototypeCrystal("fcc", ("Al",), 4.05),
    "copper": PrototypeCrystal("fcc", ("Cu",), 3.61),
    "silver": PrototypeCrystal("fcc", ("Ag",), 4.09),
    "gold": PrototypeCrystal("fcc", ("Au",), 4.08),
    "nickel": PrototypeCrystal("fcc", ("Ni",), 3.52),
    "palladium": PrototypeCrystal("fcc", ("Pd",), 3.89),
    "platinum": PrototypeCrystal("fcc", ("Pt",), 3.92),
    "iron": PrototypeCrystal("bcc", ("Fe",), 2.83),
    "tungsten": PrototypeCrystal("bcc", ("W",), 3.17),
    "molybdenum": PrototypeCrystal("bcc", ("Mo",), 3.15),
    "sodium": PrototypeCrystal("bcc", ("Na",), 4.2),
    "diamond": PrototypeCrystal("diamond", ("C",), 3.57),
    "silicon": PrototypeCrystal("diamond", ("Si",), 5.43),
    "germanium": PrototypeCrystal("diamond", ("Ge",), 5.66),
    "gallium_arsenide": PrototypeCrystal("zincblende", ("Ga", "As"), 5.65),
    "zinc_sulphide": PrototypeCrystal("zincblende", ("Zn", "S"), 5.41),
    "sodium_chloride": PrototypeCrystal("rock_salt", ("Na", "Cl"), 5.64),
    "lithium_fluoride": PrototypeCrystal("rock_salt", ("Li", "F"), 4.03),
    "magnesium_oxide": PrototypeCrystal("rock_salt", ("Mg", "O"), 4.21),
    "calcium_oxide": PrototypeCrystal("rock_salt", ("Ca", "O"), 4.81),
    "strontium_titanate": PrototypeCrystal("perovskite", ("Sr", "Ti", "O"), 3.91),
    "barium_titanate": PrototypeCrystal("perovskite", ("Ba", "Ti", "O"), 4.01),
}


def _series(
    prototype: str, varied: dict[int, tuple[str, float]], *rest: str, last: bool = False
) -> dict[int, PrototypeCrystal]:
    """Return crystals by the period of the element that is varied, which stands first or last."""
    return {
        period: PrototypeCrystal(prototype, (*rest, element) if last else (element, *rest), start)
        for period, (element, start) in varied.items()
    }


SERIES: dict[str, dict[int, PrototypeCrystal]] = {
    "alkali_fluorides": _series(
        "rock_salt", {2: ("Li", 4.03), 3: ("Na", 4.62), 4: ("K", 5.34), 5: ("Rb", 5.65), 6: ("Cs", 6.0)}, "F"
    ),
    "alkali_chlorides": _series(
        "rock_salt", {2: ("Li", 5.13), 3: ("Na", 5.64), 4: ("K", 6.29), 5: ("Rb", 6.58), 6: ("Cs", 7.0)}, "Cl"
    ),
    "alkali_bromides": _series(
        "rock_salt", {2: ("Li", 5.5), 3: ("Na", 5.97), 4: ("K", 6.6), 5: ("Rb", 6.85), 6: ("Cs", 7.25)}, "Br"
    ),
    "sodium_halides": _series(
        "rock_salt", {2: ("F", 4.62), 3: ("Cl", 5.64), 4: ("Br", 5.97), 5: ("I", 6.47)}, "Na", last=True
    ),
    "alkaline_earth_oxides": _series(
        "rock_salt", {3: ("Mg", 4.21), 4: ("Ca", 4.81), 5: ("Sr", 5.16), 6: ("Ba", 5.54)}, "O"
    ),
    "alkaline_earth_sulphides": _series(
        "rock_salt", {3: ("Mg", 5.2), 4: ("Ca", 5.69), 5: ("Sr", 6.02), 6: ("Ba", 6.39)}, "S"
    ),
    "alkaline_earth_titanates": _series(
        "perovskite", {4: ("Ca", 3.89), 5: ("Sr", 3.91), 6: ("Ba", 4.01)}, "Ti", "O"
    ),
    "gallium_pnictides": _series(
        "zincblende", {2: ("N", 4.52), 3: ("P", 5.45), 4: ("As", 5.65), 5: ("Sb", 6.1)}, "Ga", last=True
    ),
    "group_four": _series("diamond", {2: ("C", 3.57), 3: ("Si", 5.43), 4: ("Ge", 5.66)}),
    "alkali_metals": _series(
        "bcc", {2: ("Li", 3.44), 3: ("Na", 4.2), 4: ("K", 5.3), 5: ("Rb", 5.7), 6: ("Cs", 6.1)}
    ),
    "noble_metals": _series("fcc", {4: ("Cu", 3.61), 5: ("Ag", 4.09), 6: ("Au", 4.08)}),
}
"""Compounds by the period of the element that is varied."""

ALLOYS: dict[str, tuple[tuple[str, float], tuple[str, float]]] = {
    "copper_gold": (("Cu", 3.61), ("Au", 4.08)),
    "copper_nickel": (("Cu", 3.61), ("Ni", 3.52)),
    "silver_gold": (("Ag", 4.09), ("Au", 4.08)),
    "copper_palladium": (("Cu", 3.61), ("Pd", 3.89)),
    "nickel_platinum": (("Ni", 3.52), ("Pt", 3.92)),
    "aluminium_nickel": (("Al", 4.05), ("Ni", 3.52)),
}


@dataclass(frozen=True)
class OrderedAlloy:
    """Four atoms of a cubic face-centred cell, some of them replaced: L1₂ with one or three, L1₀ with two."""

    pair: str
    replaced: int

    @property
    def start(self) -> float:
        (_, one), (_, other) = ALLOYS[self.pair]
        return one + (other - one) * self.replaced / 4

    def structure(self, lattice_parameter: float) -> Any:  # noqa: ANN401 - pymatgen's
        """Return the cubic cell at a lattice parameter in Å."""
        with needing({"pymatgen": "stability"}, InstrumentError):
            from pymatgen.core.lattice import Lattice
            from pymatgen.core.structure import Structure
        (host, _), (guest, _) = ALLOYS[self.pair]
        sites = [(0, 0, 0), (0.5, 0.5, 0), (0.5, 0, 0.5), (0, 0.5, 0.5)]
        kinds = [guest] * self.replaced + [host] * (4 - self.replaced)
        return Structure(Lattice.cubic(lattice_parameter), kinds, sites)
