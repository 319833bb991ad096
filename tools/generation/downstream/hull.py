"""From a potential's energy to a formation energy, and from there to the hull of the shipped reference set.

The set is the binary and ternary Materials Project crystals with up to 20 atoms of which data/reference.json
names the source. Of each chemical system only compounds on the set's own hull are kept: what lies above it
can be on no hull of a larger system. Elements are at zero. It is not the Materials Project's hull: compounds
that are not in the set compete with nobody here, so distances are lower bounds of distances to a fuller hull.

The reference set holds no elements, and a potential's own elements need not fit the formation energies of
its training data (which carry corrections). So the elements' energies μ are fitted: E(potential) −
ΔH(reference) = Σ xᵢ μᵢ, by least squares over the whole set, and the spread of what is left over is the
uncertainty. It is a lower bound of a generated structure's: the potential was trained on most of these
compounds.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np
from pydantic import Field

from tools.generation.downstream.schema import Coverage
from tools.generation.extra import needing_extra
from tools.strict import Strict

if TYPE_CHECKING:
    from pymatgen.core.composition import Composition


ELEMENTS_FILE: Final = "elements.json"


class Elements(Strict):
    """data/elements.json: the fit for one potential."""

    potential: str = Field(description="name and version")
    compounds: int = Field(description="that were fitted")
    mean_error: float = Field(description="mean absolute residual, eV/atom")
    held_out_error: float = Field(
        description="the same, of the half that a fit to the other half did not see"
    )
    spread: float = Field(description="standard deviation of the residuals, eV/atom")
    energies: dict[str, float] = Field(description="eV/atom")

    def missing(self, composition: "Composition") -> list[str]:
        return sorted({str(element) for element in composition} - self.energies.keys())

    def formation_energy(self, composition: "Composition", energy: float) -> float:
        """eV/atom, from the potential's energy in eV/atom."""
        shares = composition.fractional_composition
        return energy - sum(self.energies[str(element)] * share for element, share in shares.items())


@cache
def elements() -> Elements:
    text = (files("tools.generation.downstream") / "data" / ELEMENTS_FILE).read_text(encoding="utf-8")
    return Elements.model_validate(json.loads(text))


HULL_FILE: Final = "reference.json"
LEAST: Final = 1e-6  # of a phase's share: less is the solver's noise


class ShippedHull(Strict):
    """data/reference.json."""

    name: str
    source: str
    licence: str
    entries: int = Field(description="compounds that the set had")
    files: dict[str, str] = Field(description="SHA-256 of the set's files")
    compounds: dict[str, float] = Field(description="formation energies by reduced formula, eV/atom")


@dataclass(frozen=True)
class Compound:
    """A phase of the hull."""

    formula: str
    fractions: Mapping[str, float]
    formation_energy: float
    """eV/atom"""


@dataclass(frozen=True)
class HullPoint:
    """The hull at a composition."""

    formation_energy: float
    """eV/atom"""
    phases: tuple[str, ...]
    coverage: Coverage


class Hull:
    """Compounds, by the elements that they are made of."""

    def __init__(self, compounds: Mapping[str, float], name: str) -> None:
        """`compounds`: formation energies by formula, eV/atom."""
        from pymatgen.core.composition import Composition

        self.name = name
        self._by_system: dict[frozenset[str], list[Compound]] = {}
        for formula, energy in compounds.items():
            fractions = _fractions(Composition(formula))
            compound = Compound(formula, fractions, energy)
            self._by_system.setdefault(frozenset(fractions), []).append(compound)

    def at(self, composition: "Composition") -> HullPoint:
        """The lowest energy of any mixture of phases with this composition (a linear program)."""
        from scipy.optimize import linprog

        wanted = _fractions(composition)
        phases = [*self._competing(frozenset(wanted)), *(Compound(e, {e: 1.0}, 0.0) for e in wanted)]
        shares = np.array([[phase.fractions.get(element, 0.0) for phase in phases] for element in wanted])
        costs = [phase.formation_energy for phase in phases]
        found = linprog(costs, A_eq=shares, b_eq=list(wanted.values()), bounds=(0, None), method="highs")
        mixture = [p.formula for p, share in zip(phases, found.x, strict=True) if share > LEAST]
        return HullPoint(float(found.fun), tuple(mixture), self.coverage(frozenset(wanted)))

    def coverage(self, elements: frozenset[str]) -> Coverage:
        if elements in self._by_system or len(elements) == 1:
            return Coverage.SYSTEM
        return Coverage.SUBSYSTEMS if self._competing(elements) else Coverage.NONE

    def _competing(self, elements: frozenset[str]) -> list[Compound]:
        names = sorted(elements)
        systems = (frozenset(some) for size in range(2, len(names) + 1) for some in combinations(names, size))
        return [compound for system in systems for compound in self._by_system.get(system, ())]


@cache
def reference_hull() -> Hull:
    """Raises MissingPackage."""
    content = (files("tools.generation.downstream") / "data" / HULL_FILE).read_bytes()
    shipped = ShippedHull.model_validate(json.loads(content))
    with needing_extra():
        return Hull(shipped.compounds, f"{shipped.name} sha256:{hashlib.sha256(content).hexdigest()[:12]}")


def _fractions(composition: "Composition") -> dict[str, float]:
    return {str(element): float(share) for element, share in composition.fractional_composition.items()}
