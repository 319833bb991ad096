"""What the steps after a generator say of a string that survived."""

from enum import StrEnum

from pydantic import ConfigDict, Field, model_validator

from tools import quantity
from tools.strict import Strict


class PropertyValue(quantity.Quantity):
    """A number with its unit. Its JSON calls the standard deviation "uncertainty"."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True, validate_by_alias=True)

    std: float | None = Field(
        default=None, ge=0, alias="uncertainty", description="standard deviation; null: not known"
    )


class Coverage(StrEnum):
    """How much the reference set knows of a chemical system."""

    SYSTEM = "system"
    """It has compounds of exactly these elements."""
    SUBSYSTEMS = "subsystems"
    """Only of some of these elements: competing phases of all of them are missing from the hull."""
    NONE = "none"
    """No compound of any two of these elements: a hull of bare elements decides nothing."""


class Relaxation(Strict):
    """How a structure came to rest, or did not."""

    steps: int = Field(ge=0)
    converged: bool = Field(description="whether every force fell below the limit")
    largest_force: PropertyValue
    volume_change: float = Field(description="relative to the volume before")


class Stability(Strict):
    """Either applicable, with all energies, or not, with the reason."""

    formula: str
    energy: PropertyValue | None = Field(description="potential energy of the relaxed structure, eV/atom")
    formation_energy: PropertyValue | None = Field(
        description="against the element energies fitted to the reference set, eV/atom"
    )
    above_reference_hull: PropertyValue | None = Field(
        description="energy above the hull of the shipped reference set, eV/atom; negative: below it. Not "
        "the Materials Project's e_above_hull: that hull knows many more compounds"
    )
    competing: tuple[str, ...] = Field(default=(), description="the hull's phases at this composition")
    coverage: Coverage | None = Field(
        default=None, description="what the reference set knows of these elements"
    )
    relaxation: Relaxation | None = None
    applicable: bool
    reason: str | None = Field(default=None, description="why nothing can be said")
    potential: str = Field(description="the interatomic potential and its version")
    reference: str = Field(description="the reference set's name and hash")

    @model_validator(mode="after")
    def _whole(self) -> "Stability":
        energies = (self.energy, self.formation_energy, self.above_reference_hull)
        if self.applicable != all(energies) or self.applicable != (self.reason is None):
            raise ValueError("a stability has all its energies, or a reason why not")
        return self
