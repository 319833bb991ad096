"""Properties that are computed from the string alone, each with its unit; windows on them, an order by aims.

The order is by Pareto fronts, and within a front by the first of the aims.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.generation.crystals.crystal import density
from tools.generation.downstream.schema import PropertyValue
from tools.generation.errors import BadFile
from tools.generation.molecules import properties as of_molecule
from tools.generation.schema import SampleKind
from tools.generation.sites import describe as of_site
from tools.strict import Strict

if TYPE_CHECKING:
    from tools.generation.crystals.crystal import Crystal


HULL, FORMATION = "above_reference_hull", "formation_energy"
RELAXED: Final = {HULL: "eV/atom", FORMATION: "eV/atom"}
"""Those that need a relaxation."""
SYNTHESIZABILITY: Final = "synthesizability"
"""Scored where a window or an aim names it: whether the crystal is like those that were made."""


@dataclass(frozen=True)
class ComputedProperty:
    """How one is computed."""

    unit: str
    of: Callable[[Any], float]


def _count(name: str) -> Callable[[Any], float]:
    def count(molecule: Any) -> float:  # noqa: ANN401 - RDKit ships no types
        from rdkit.Chem import rdMolDescriptors

        return float(getattr(rdMolDescriptors, name)(molecule))

    return count


def _volume(crystal: "Crystal") -> float:
    return crystal.volume / len(crystal.symbols)


PROPERTIES: Final[Mapping[SampleKind, Mapping[str, ComputedProperty]]] = {
    SampleKind.CRYSTAL: {
        "density": ComputedProperty("g/cm³", density),
        "volume": ComputedProperty("Å³/atom", _volume),
        "atoms": ComputedProperty("", lambda crystal: len(crystal.symbols)),
        "elements": ComputedProperty("", lambda crystal: len(crystal.composition)),
    },
    SampleKind.MOLECULE: {
        "weight": ComputedProperty("g/mol", of_molecule.weigh),
        "logp": ComputedProperty("", of_molecule.estimate_logp),
        "qed": ComputedProperty("", of_molecule.estimate_likeness),
        "sa": ComputedProperty("", of_molecule.score_synthesis),
        "tpsa": ComputedProperty("Å²", _count("CalcTPSA")),
        "donors": ComputedProperty("", _count("CalcNumHBD")),
        "acceptors": ComputedProperty("", _count("CalcNumHBA")),
        "rings": ComputedProperty("", _count("CalcNumRings")),
    },
    SampleKind.SITE: {
        "residues": ComputedProperty("", of_site.count_residues),
        "charge": ComputedProperty("e", of_site.charge),
        "hydrophobic": ComputedProperty("", of_site.hydrophobic_share),
        "covered": ComputedProperty("", of_site.covered_share),
    },
}


def measure(kind: SampleKind, thing: object) -> dict[str, PropertyValue]:
    """All of a crystal, of an RDKit molecule or of a site."""
    return {
        name: PropertyValue(value=float(one.of(thing)), unit=one.unit)
        for name, one in PROPERTIES[kind].items()
    }


def names(kind: SampleKind) -> tuple[str, ...]:
    """What may be filtered and ranked by."""
    return (*PROPERTIES[kind], *((SYNTHESIZABILITY, *RELAXED) if kind is SampleKind.CRYSTAL else ()))


class Window(Strict):
    """Bounds of a property, both inside."""

    name: str
    low: float = -inf
    high: float = inf

    def holds(self, values: Mapping[str, PropertyValue]) -> bool:
        """Not where the property is not known."""
        found = values.get(self.name)
        return found is not None and self.low <= found.value <= self.high


class PropertyGoal(Strict):
    """A property, and whether less of it is better."""

    name: str
    least: bool = True


_WINDOW: Final = re.compile(r"\s*([a-z_]+)\s*(<=|>=|<|>)\s*([-+]?[\d.]+(?:e[-+]?\d+)?)\s*", re.IGNORECASE)
_AIM: Final = re.compile(r"\s*(min|max)\s*:\s*([a-z_]+)\s*", re.IGNORECASE)


def read_window(text: str, kind: SampleKind) -> Window:
    """'qed >= 0.6' or 'density<5'. Raises BadFile."""
    match = _WINDOW.fullmatch(text)
    bound = _number(match[3]) if match else None
    if match is None or bound is None:
        raise BadFile(f"filter {text!r}: write it like 'qed >= 0.6' or 'density < 5'")
    name = _known(match[1].lower(), kind)
    return Window(name=name, high=bound) if match[2].startswith("<") else Window(name=name, low=bound)


def read_aim(text: str, kind: SampleKind) -> PropertyGoal:
    """'min:sa' or 'max:qed'. Raises BadFile."""
    match = _AIM.fullmatch(text)
    if match is None:
        raise BadFile(f"rank {text!r}: write it like 'min:sa' or 'max:qed'")
    return PropertyGoal(name=_known(match[2].lower(), kind), least=match[1].lower() == "min")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _known(name: str, kind: SampleKind) -> str:
    if name not in names(kind):
        raise BadFile(f"no property {name!r} of a {kind}: there are {', '.join(names(kind))}")
    return name


UNKNOWN: Final = np.inf  # the worst by any aim


def rank(
    candidates: Sequence[Mapping[str, PropertyValue]], aims: Sequence[PropertyGoal]
) -> list[tuple[int, int]]:
    """(place in `candidates`, front from 1), best first. Without aims, as they came, all in front 1."""
    if not aims:
        return [(place, 1) for place in range(len(candidates))]
    costs = np.array([[_cost(one, aim) for aim in aims] for one in candidates]).reshape(-1, len(aims))
    fronts = find_fronts(costs)
    order = sorted(range(len(candidates)), key=lambda place: (fronts[place], *costs[place]))
    return [(place, fronts[place]) for place in order]


def find_fronts(costs: NDArray[np.float64]) -> list[int]:
    """The front of each row of (n, aims), from 1; no row of a front is beaten by another of it.

    Non-dominated sorting as in NSGA-II (Deb et al., IEEE Trans. Evol. Comput. 6, 182 (2002)).
    """
    fronts = np.zeros(len(costs), dtype=int)
    level = 0
    while (open_rows := np.flatnonzero(fronts == 0)).size:
        level += 1
        left = costs[open_rows]
        beaten = [bool(((left <= row).all(1) & (left < row).any(1)).any()) for row in left]
        fronts[open_rows[~np.array(beaten)]] = level
    return [int(front) for front in fronts]


def _cost(values: Mapping[str, PropertyValue], aim: PropertyGoal) -> float:
    found = values.get(aim.name)
    if found is None:
        return UNKNOWN
    return found.value if aim.least else -found.value
