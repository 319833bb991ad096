"""Claims that can be compared, the experiment that tests one, and what came of it."""

from enum import StrEnum
from typing import Final, Literal

from pydantic import Field, model_validator

from tools.instruments.contract import Setting
from tools.strict import Strict


class Relation(StrEnum):
    """How the response answers when the cause grows."""

    RISES = "rises"
    FALLS = "falls"
    PEAKS = "peaks"
    DIPS = "dips"
    JUMPS = "jumps at a threshold"
    OSCILLATES = "oscillates"
    STAYS = "stays the same"
    SATURATES = "rises and saturates"
    SCALES = "scales as a power"

    @classmethod
    def _missing_(cls, value: object) -> "Relation | None":
        """Read what people and models write instead: other verbs, capitals, a noun."""
        written = " ".join(str(value).lower().split())
        return next((cls(name) for name, others in SYNONYMS.items() if written in (name, *others)), None)


SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "rises": ("increases", "increase", "grows", "goes up", "rise"),
    "falls": ("decreases", "decrease", "declines", "drops", "shrinks", "goes down", "fall"),
    "peaks": ("has a maximum", "maximum", "peak"),
    "dips": ("has a minimum", "minimum", "dip"),
    "jumps at a threshold": ("jumps", "jump", "threshold", "has a threshold"),
    "oscillates": ("is periodic", "periodic", "oscillation"),
    "stays the same": ("is constant", "constant", "stays constant", "does not change", "no effect"),
    "rises and saturates": ("saturates", "increases and saturates", "levels off"),
    "scales as a power": ("power law", "scales", "follows a power law"),
}


class Comparator(StrEnum):
    """How a falsifier compares what was measured with its number."""

    BELOW = "<"
    ABOVE = ">"


class ValueWithUnit(Strict):
    """A number with its unit."""

    value: float = Field(allow_inf_nan=False)
    unit: str = Field(default="1", description='as pint reads it; "1" where there is none')


class CauseRange(Strict):
    """From where to where the cause is varied."""

    low: float = Field(allow_inf_nan=False)
    high: float = Field(allow_inf_nan=False)
    unit: str = "1"

    @model_validator(mode="after")
    def _ordered(self) -> "CauseRange":
        if not self.low < self.high:
            raise ValueError(f"the range must rise: {self.low} to {self.high}")
        return self


class Falsifier(Strict):
    """The claim is refuted where `quantity` of the response over the range is `comparator` `number`."""

    quantity: Literal["change", "ratio", "value", "exponent", "position"] = Field(
        description="change or ratio of the response over the range, its value anywhere in it, the exponent "
        "of a power law, or the cause at which the extremum or threshold lies"
    )
    comparator: Comparator
    number: float = Field(allow_inf_nan=False)
    unit: str = "1"


class TypedClaim(Strict):
    """A claim as fields. Only the first four are needed; what is missing is derived where it can be."""

    system: str = Field(min_length=1, max_length=500)
    cause: str = Field(min_length=1, max_length=300, description="one quantity that is varied")
    response: str = Field(min_length=1, max_length=300, description="one quantity that is measured")
    relation: Relation
    cause_unit: str | None = Field(default=None, max_length=60)
    response_unit: str | None = Field(default=None, max_length=60)
    cause_range: CauseRange | None = None
    fixed: dict[str, ValueWithUnit | str] = Field(
        default_factory=dict, max_length=20, description="what is held, by the name of the quantity or choice"
    )
    smallest_effect: ValueWithUnit | None = Field(
        default=None, description="below it the effect does not count"
    )
    exponent: float | None = Field(default=None, description="of a power law, where the claim names one")
    position: CauseRange | None = Field(
        default=None,
        description="where the extremum or threshold lies, as the claim says; in the cause's unit",
    )
    falsifier: Falsifier | None = None
    instrument: str | None = Field(default=None, description="asked for by name; null: the best match")
    statement: str | None = Field(default=None, max_length=2000, description="the claim as a sentence")


def same_words(one: str, other: str) -> bool:
    return " ".join(one.lower().split()) == " ".join(other.lower().split())


class ClaimLine(Strict):
    """A claim as it comes from outside: a sentence, fields, or both. The one is read from the other."""

    id: str | int | None = None
    system: str | None = Field(default=None, max_length=500)
    cause: str | None = Field(default=None, max_length=300)
    response: str | None = Field(default=None, max_length=300)
    relation: Relation | None = None
    statement: str | None = Field(default=None, max_length=2000)
    cause_unit: str | None = Field(default=None, max_length=60)
    response_unit: str | None = Field(default=None, max_length=60)
    cause_range: CauseRange | None = None
    fixed: dict[str, ValueWithUnit | str] = Field(default_factory=dict, max_length=20)
    smallest_effect: ValueWithUnit | None = None
    exponent: float | None = None
    position: CauseRange | None = None
    falsifier: Falsifier | None = None
    instrument: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "ClaimLine":
        if not (self.statement or (self.cause and self.response and self.relation)):
            raise ValueError("a claim needs a statement, or cause, response and relation")
        if self.cause and self.response and same_words(self.cause, self.response):
            raise ValueError(f"cause and response are both {self.cause!r}: a claim joins two quantities")
        return self


class Verdict(StrEnum):
    """What came of a test."""

    SURVIVED = "survived"
    REFUTED = "refuted"
    UNDECIDED = "undecided"
    OUTSIDE = "outside"
    """It cannot be tested here: no instrument has its quantities, or the settings lie where none is valid."""


class Experiment(Strict):
    """A plan, written and hashed before anything is measured."""

    claim: TypedClaim
    instrument: str
    instrument_version: str
    cause: str = Field(description="name of the parameter that is varied")
    response: str = Field(description="name of the response")
    cause_unit: str
    response_unit: str
    values: list[float] = Field(min_length=3, max_length=200, description="of the cause, rising")
    settings: dict[str, Setting] = Field(description="of every other parameter and choice")
    replicates: int = Field(ge=1, le=64)
    seed: int = Field(ge=0)
    statistic: str = Field(description="name and version of the test of this relation")
    error_rate: float = Field(gt=0, lt=1)
    smallest_effect: float = Field(ge=0, description="in the response's unit, or as an exponent")
    relative: bool = Field(
        default=False, description="smallest_effect is a share of the response's largest magnitude instead"
    )
    logarithmic: bool = Field(default=False, description="values are spread by their logarithm")
    exponent: float | None = Field(default=None, description="of a power law, to compare with")
    position: CauseRange | None = Field(default=None, description="to compare with, in the cause's unit")
    falsifier: Falsifier | None = None
    revises: str | None = Field(default=None, description="key of the experiment whose claim was revised")
    matched_by: Literal["rule", "model", "asked"] = "rule"
    budget_seconds: float = Field(gt=0, default=20.0, description="of one core")


class ResponsePoint(Strict):
    """The response at one value of the cause."""

    cause: float
    value: float | None = Field(description="mean over replicates; null: it could not be measured")
    std: float | None = Field(default=None, ge=0, description="standard uncertainty of the mean")
    n: int = Field(ge=0)
    gap: str | None = Field(default=None, description="why there is no value")


class InstrumentMatch(Strict):
    """An instrument that could test a claim, and how the claim reads in its words."""

    instrument: str
    cause: str = Field(description="name of a parameter")
    response: str = Field(description="name of a response")
    score: float = Field(ge=0, le=1)
    settings: dict[str, Setting] = Field(
        default_factory=dict, description="choices and values that the claim names, in declared units"
    )
    reason: str


class Shortlist(Strict):
    """Matches, best first, and what the rule itself would do."""

    matches: list[InstrumentMatch]
    choice: InstrumentMatch | None = Field(description="the rule's own; null: outside")
    needs: str | None = Field(default=None, description="what it would take, where the choice is null")


class Effect(Strict):
    """The number that decides, with its interval at 1 − error rate."""

    name: str = Field(description='such as "change over the range" or "exponent"')
    value: float
    low: float
    high: float
    unit: str


class ExperimentResult(Strict):
    """An experiment and what it found."""

    experiment: Experiment | None = Field(description="null: nothing could be planned")
    key: str | None = Field(description="SHA-256 of the experiment, taken before it ran")
    verdict: Verdict
    reason: str = Field(description="one sentence that a reader understands by itself")
    effect: Effect | None = None
    p_value: float | None = Field(default=None, ge=0, le=1)
    e_value: float | None = Field(default=None, ge=0)
    points: list[ResponsePoint] = Field(default_factory=list)
    measurements: int = Field(default=0, ge=0)
    seconds: float = Field(default=0, ge=0, description="of measuring; what came from the cache took none")
    needs: str | None = Field(default=None, description="what it would take, where the verdict is outside")
    confounders: list[str] = Field(default_factory=list, description="of a data table")
