"""What goes into and comes out of the defect model."""

from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from tools import quantity
from tools.strict import Strict


class PredictedQuantity(quantity.Quantity):
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


def is_absent(value: object) -> bool:
    """Whether a field is left out of the JSON: answers of earlier versions had none of them."""
    return value is None or value == ()


class DefectPair(Strict):
    """How two defects lie from each other, through the nearest image."""

    first: int = Field(description="number of a defect in `spec`, from 0")
    second: int
    distance: float = Field(description="Å")
    across: float = Field(description="Å of it across the layer; 0 in one plane")
    shell: int = Field(description="place among the distances at which that element has sites in that plane")
    direction: Literal["zigzag", "armchair"] | None = Field(description="null: along neither")


class Isolated(Strict):
    """One of the defects alone in the crystal, as the same model has it."""

    kind: str
    formation_energy: PredictedQuantity
    homo_lumo_gap: PredictedQuantity


GradeLabel = Literal["inside", "interpolates", "extrapolates", "outside"]
MEANING = (
    "E_defect − E_pristine + Σ nᵢ μᵢ (pristine crystal: 0 eV), PBE, atoms relaxed, neutral; "
    "μ of the data set 2DMD (doi 10.1038/s41699-023-00369-1)"
)


class Prediction(Strict):
    """Either applicable, with both quantities, or not, with the reason."""

    id: str
    host: str | None = Field(description="MoS2, WSe2, hBN, GaSe, InSe or BP")
    supercell: tuple[int, int] | None
    spec: str | None = Field(description="the configuration that was found, in short form")
    formation_energy_per_site: PredictedQuantity | None = Field(
        description="(E_defect − E_pristine + Σ nᵢ μᵢ) / number of defects, unrelaxed sites as input, PBE"
    )
    homo_lumo_gap: PredictedQuantity | None = Field(description="the smaller of both spin channels'")
    applicable: bool
    reason: str | None = Field(description="why the model does not apply")
    nearest: tuple[Neighbour, ...] = ()
    model: str = Field(description="version and hash of the weights")
    grade: GradeLabel | None = Field(
        default=None,
        exclude_if=is_absent,
        description="how far the structure is from those that the model learned from",
    )
    new: tuple[str, ...] = Field(
        default=(), exclude_if=is_absent, description="what no training structure has"
    )
    total_formation_energy: PredictedQuantity | None = Field(
        default=None,
        exclude_if=is_absent,
        description="of the whole structure: per site times the number of defects",
    )
    isolated: tuple[Isolated, ...] = Field(
        default=(), exclude_if=is_absent, description="each kind of defect alone, where the model covers that"
    )
    interaction: PredictedQuantity | None = Field(
        default=None,
        exclude_if=is_absent,
        description="total less that of the isolated defects; below 0 they attract",
    )
    pairs: tuple[DefectPair, ...] = Field(
        default=(), exclude_if=is_absent, description="the nearest pairs of defects, at most 15"
    )
    meaning: str | None = Field(
        default=None,
        exclude_if=is_absent,
        description="what the energies are: reference, functional, what is relaxed",
    )

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


class PredictionRequest(Strict):
    """Arguments of the tool: a host, its supercell, and where it has which defects."""

    model_config = ConfigDict(title="Question")  # stands in prompts, whose hashes a replay looks up

    host: HostLabel
    cells: int | None = Field(
        default=None,
        ge=1,
        le=64,
        description="unit cells along a and along b; null for 8, or 6 in GaSe, InSe, BP",
    )
    defects: list[PlacedDefect] = Field(min_length=1, max_length=24)


class AimedDefect(Strict):
    """A defect by where it should be, seen from one that is listed before it."""

    kind: KindLabel
    of: int = Field(
        default=0, ge=0, lt=24, description="number of the earlier defect that it is seen from, from 0"
    )
    shell: int | None = Field(
        default=None, ge=1, le=99, description="1 for the nearest sites of its element there, 2 for the next"
    )
    distance: float | None = Field(default=None, gt=0, le=200, description="Å, in place of a shell")
    plane: Literal["same", "opposite"] | None = Field(default=None, description="null: either")
    direction: Literal["zigzag", "armchair"] | None = Field(default=None, description="null: any")


class DefectShape(Strict):
    """Equal defects on neighbouring sites of one plane."""

    shape: Literal["row", "triangle", "rhombus"]
    kind: KindLabel
    number: int = Field(
        default=3, ge=2, le=24, description="of defects in a row; a triangle has 3, a rhombus 4"
    )
    centre: str | None = Field(
        default=None,
        max_length=6,
        description="element around which a triangle lies, or hollow; null: either",
    )


class Arrangement(Strict):
    """Arguments of the tool that aims: a figure, or defects one after the other, or both in this order."""

    host: HostLabel
    cells: int | None = Field(
        default=None,
        ge=1,
        le=64,
        description="unit cells along a and along b; null for 8, or 6 in GaSe, InSe, BP",
    )
    figure: DefectShape | None = None
    defects: list[AimedDefect] = Field(default=[], max_length=24)

    @model_validator(mode="after")
    def _has_defects(self) -> "Arrangement":
        if self.figure is None and not self.defects:
            raise ValueError("give a figure or at least one defect")
        return self
