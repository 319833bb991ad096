"""What instruments say of a hypothesis's claims."""

from pydantic import Field

from tools.experiments import Match, Result, TypedClaim, Verdict
from tools.strict import Strict


class ClaimTest(Strict):
    """One claim, compared with what an instrument measured, or why nothing could be measured."""

    key: str = Field(description="of the hypothesis and its claim: p01/c1; p01/c1/revised after a revision")
    claim: TypedClaim
    lacks: list[str] = Field(description="what the claim leaves open, so that the plan chose it")
    considered: list[Match] = Field(description="instruments that the claim could be matched to, best first")
    result: Result

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


class SweepPlan(Strict):
    """What of an instrument may be swept for a hypothesis."""

    instrument: str
    pairs: list[tuple[str, str]] = Field(description="names of cause and response, most wanted first")


class Menu(Strict):
    """What instruments offer for a question."""

    pairs: list[Measurable]
    sweep: SweepPlan | None = Field(description="of the nearest instrument; null: none is near")


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
