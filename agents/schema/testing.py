"""What instruments say of a hypothesis's claims."""

from pydantic import Field

from agents.schema.base import Prose
from agents.schema.proposal import Claim
from tools.experiments import ExperimentResult, InstrumentMatch, TypedClaim, Verdict
from tools.strict import Strict


class ClaimTest(Strict):
    """One claim, compared with what an instrument measured, or why nothing could be measured."""

    key: str = Field(description="of the hypothesis and its claim: p01/c1; p01/c1/revised after a revision")
    claim: TypedClaim
    lacks: list[str] = Field(description="what the claim leaves open, so that the plan chose it")
    considered: list[InstrumentMatch] = Field(
        description="instruments that the claim could be matched to, best first"
    )
    result: ExperimentResult

    @property
    def verdict(self) -> Verdict:
        return self.result.verdict


class Measurable(Strict):
    """A cause and a response that an instrument has, as a model is offered them."""

    instrument: str
    system: str = Field(description="what the instrument stands for")
    cause: str = Field(description="label of a parameter")
    cause_unit: str
    response: str = Field(description="label of a response")
    response_unit: str

    @property
    def text(self) -> str:
        return f"{self.response} against {self.cause} ({self.system})"


class ScalarQuantity(Strict):
    """A quantity that is one number, as a model is offered it."""

    label: str
    unit: str

    @property
    def text(self) -> str:
        return self.label if self.unit == "1" else f"{self.label} in {self.unit}"


class DraftClaim(Strict):
    """A claim that a small model drafted: rules marked it, a test may have been run, one was written out."""

    key: str = Field(description="p01/d1; p01/d1/revised where it was drafted again from what was measured")
    claim: Claim
    because: Prose = Field(description="the model's reason")
    mark: float | None = Field(default=None, ge=0, le=100, description="of the rules; null: none were run")
    faults: list[str] = Field(
        default_factory=list, description="contradictions with physics that rules found"
    )
    chosen: bool = Field(default=False, description="it was written out: its test stands with the hypothesis")
    test: ClaimTest | None = Field(
        default=None,
        description="null: it stands with the hypothesis, or one that was better marked survived",
    )


class SweepPlan(Strict):
    """What of an instrument may be swept for a hypothesis."""

    instrument: str
    pairs: list[tuple[str, str]] = Field(description="names of cause and response, most wanted first")


class Menu(Strict):
    """What instruments offer for a question."""

    pairs: list[Measurable]
    sweep: SweepPlan | None = Field(description="of the nearest instrument; null: none is near")
    quantities: list[ScalarQuantity] = Field(
        default_factory=list,
        description="where no pairs are near: of the question and the nearest instruments",
    )
    near: list[str] = Field(description="names of the instruments that are near the question, nearest first")


class FoundInData(Strict):
    """How a claim was found by sweeping an instrument, without a model."""

    instrument: str
    title: str
    purpose: str = Field(description="of the instrument: what it stands for and leaves out")
    relations: int = Field(ge=0, description="relations that were looked at")
    measurements: int = Field(ge=0)
    effect: float = Field(description="of the claim's relation, in standard uncertainties")
    stability: float | None = Field(
        ge=0, le=1, description="share of other settings in which it is seen too; null: there were none"
    )
    surprise: float = Field(
        ge=0, description="bits: −log2 of the share of this instrument's relations that are of its kind"
    )
    law: str | None = Field(
        default=None, description="a formula for the sweep, in SI base units; null: none was short and close"
    )
    held_back: str = Field(description="how the part on which it was tested differs from that part")
