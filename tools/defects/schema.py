"""What goes into and comes out of the defect model."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Strict(BaseModel):
    """Nothing unknown gets in, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Quantity(Strict):
    """A predicted number."""

    value: float
    std: float = Field(ge=0, description="standard deviation; ±1.645 of it covers about 90 %")
    unit: Literal["eV"] = "eV"


class Neighbour(Strict):
    """A training structure, by the likeness of its fingerprint."""

    id: str
    dataset: str
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


class Question(Strict):
    """Arguments of the tool: a spec or the text of a structure file."""

    structure: str = Field(
        min_length=1,
        max_length=4_000_000,
        description="a spec like 'MoS2 8x8x1: vacancy S@12; W on Mo@3', or the text of a CIF or POSCAR",
    )
