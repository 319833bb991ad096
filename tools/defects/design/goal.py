"""What is wanted of a design, and what a configuration costs by it."""

from math import inf
from typing import Final

from pydantic import Field

from tools.defects.schema import Prediction
from tools.defects.windows import Window, distance_to
from tools.strict import Strict

LEAN: Final = 0.01  # what 1 eV of formation energy weighs against 1 eV beside the wanted gap
REFUSED: Final = 10.0  # the cost of what the model does not cover: above all that it does


class Goal(Strict):
    """A gap, at low energy; in eV."""

    host: str
    gap: float = Field(ge=0, le=10, description="wanted HOMO–LUMO gap")
    tolerance: float = Field(default=0.05, gt=0, le=1, description="how far a hit may be from it")
    energy: float | None = Field(
        default=None, allow_inf_nan=False, description="highest formation energy per site of a hit; None: any"
    )
    kinds: tuple[str, ...] = Field(default=(), description="such as 'vacancy S'; all of the host if empty")
    fewest: int = Field(default=1, ge=1, le=24, description="defects in the supercell")
    most: int = Field(default=4, ge=1, le=24)
    evaluations: int = Field(default=500, ge=1, le=100_000, description="of the model, for each method")
    seed: int = 0

    @property
    def gaps(self) -> Window:
        return self.gap - self.tolerance, self.gap + self.tolerance

    @property
    def energies(self) -> Window:
        return -inf, inf if self.energy is None else self.energy


def cost(answer: Prediction, goal: Goal) -> float:
    """eV beside the wanted windows, and a little for energy, so that among hits the cheaper wins."""
    if answer.formation_energy_per_site is None or answer.homo_lumo_gap is None:
        return REFUSED
    energy = answer.formation_energy_per_site.value
    beside = distance_to(answer.homo_lumo_gap.value, goal.gaps) + distance_to(energy, goal.energies)
    return min(beside + LEAN * energy, REFUSED)
