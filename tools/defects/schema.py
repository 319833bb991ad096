"""What goes into and comes out of the defect model."""

from typing import Literal

from pydantic import Field, model_validator

from tools import quantity
from tools.strict import Strict


class Quantity(quantity.Quantity):
    """A predicted number, whose uncertainty is always known."""

    std: float = Field(ge=0, description="standard deviation; ±1.645 of it covers about 90 %")
    unit: Literal["eV"] = "eV"


class Neighbour(Strict):
    """A training structure, by the likeness of its fingerprint."""

    id: str
    dataset: str
    fingerprint: str = Field(
        description="defects in the fingerprint's order, each with its distance and Δz from the one before"
    )
    similarity: float = Field(ge=0, le=1)


class Prediction(Strict):
    """Either applicable, with both quantities, or not, with the reason."""

    id: str
    host: str | None = Field(description="MoS2, WSe2, hBN, GaSe, InSe or BP")
    supercell: tuple[int, int] | None
    spec: str | None = Field(description="the configuration that was found, in short form")
    formation_energy_per_site: Quantity | None = Field(
        description="(E_defect − E_pristine + Σ nᵢ μᵢ) / number of defects, unrelaxed sites as input, PBE"
    )
    homo_lumo_gap: Quantity | None = Field(description="the smaller of both spin channels'")
    applicable: bool
    reason: str | None = Field(description="why the model does not apply")
    nearest: tuple[Neighbour, ...] = ()
    model: str = Field(description="version and hash of the weights")

    @model_validator(mode="after")
    def _whole(self) -> "Prediction":
        whole = self.formation_energy_per_site is not None and self.homo_lumo_gap is not None
        if self.applicable != whole or self.applicable != (self.reason is None):
            raise ValueError("a prediction has both quantities, or a reason why not")
        return self


HostLabel = Literal["MoS2", "WSe2", "hBN", "GaSe", "InSe", "BP"]
KindLabel = Literal[
    "vacancy B", "vacancy Ga", "vacancy In", "vacancy Mo", "vacancy N", "vacancy P", "vacancy S",
    "vacancy Se", "vacancy W", "C on B", "C on N", "Ga on In", "In on Ga", "Mo on W", "N on P", "S on Se",
    "Se on S", "W on Mo",
]  # fmt: skip


class PlacedDefect(Strict):
    """One point defect of a question."""

    kind: KindLabel
    site: int = Field(
        ge=0, lt=50_000, description="number of the site among those of its element in the supercell, from 0"
    )


class Question(Strict):
    """Arguments of the tool: a host, its supercell, and where it has which defects."""

    host: HostLabel
    cells: int | None = Field(
        default=None,
        ge=1,
        le=64,
        description="unit cells along a and along b; null for 8, or 6 in GaSe, InSe, BP",
    )
    defects: list[PlacedDefect] = Field(min_length=1, max_length=24)
