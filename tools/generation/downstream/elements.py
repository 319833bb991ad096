"""From a potential's energy to a formation energy.

The reference set holds no elements, and a potential's own elements need not fit the formation energies of
its training data (which carry corrections). So the elements' energies μ are fitted: E(potential) −
ΔH(reference) = Σ xᵢ μᵢ, by least squares over the whole set, and the spread of what is left over is the
uncertainty. It is a lower bound of a generated structure's: the potential was trained on most of these
compounds.
"""

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from pydantic import Field

from tools.strict import Strict

if TYPE_CHECKING:
    from pymatgen.core.composition import Composition

FILE: Final = "elements.json"


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
    text = (files("tools.generation.downstream") / "data" / FILE).read_text(encoding="utf-8")
    return Elements.model_validate(json.loads(text))
