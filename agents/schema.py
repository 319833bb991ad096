"""What a run is made of: the objects that agents write, read, score and report.

The classes under "written by a model" are what a language model fills in through its JSON schema; everything
else is made by us. No field of the first kind decides a rank by itself: `agents.score` computes the scores.
"""

import unicodedata
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


class Strict(BaseModel):
    """A value from outside: unknown fields are an error, and nothing changes it afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _not_blank(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValueError("is empty: write at least one sentence")
    return text


Prose = Annotated[str, AfterValidator(_not_blank)]
ProseList = Annotated[list[Prose], Field(min_length=1, max_length=4)]


# ---- the question and its perspectives

LONGEST_QUESTION = 8_000


def _readable(text: object) -> object:
    if not isinstance(text, str):
        return text
    if not text.strip():
        raise ValueError("is empty: ask something")
    if len(text) > LONGEST_QUESTION:
        raise ValueError(f"has {len(text):,} characters and may have {LONGEST_QUESTION:,}: shorten it")
    for place, char in enumerate(text, start=1):
        if unicodedata.category(char) == "Cs":
            raise ValueError(f"is not UTF-8 (at character {place}): convert it")
        if unicodedata.category(char) == "Cc" and char not in "\n\r\t":
            raise ValueError(f"has the control character U+{ord(char):04X} at character {place}: remove it")
    return text.strip()


class Question(Strict):
    """What a user asks. Errors are one line each."""

    text: Annotated[str, BeforeValidator(_readable)]


class ConceptRef(Strict):
    """A PhySH concept, discipline or facet, always carried with its URI."""

    uri: str
    label: str


class ScoredConcept(ConceptRef):
    score: float = Field(ge=0, le=1, description="how strongly the question touches it, 0 to 1")


class Distance(StrEnum):
    NEAR = "near"
    FAR = "far"
    PINNED = "pinned"


class Perspective(Strict):
    """One role with one framework."""

    key: str = Field(description="stable within a run: p01, p02, …")
    discipline: ConceptRef
    role: str = Field(description='who speaks, for example "Computational Physicist"')
    broad: ConceptRef = Field(description="the framework's wide concept")
    narrow: ConceptRef = Field(description="the framework's narrow concept")
    distance: Distance
    reason: str = Field(description="why this perspective was chosen for this question")

    @property
    def framework(self) -> str:
        return f"{self.broad.label} :: {self.narrow.label}"


class Pins(Strict):
    """What the user fixes of the plan; the rest is chosen for the question."""

    roles: tuple[Prose, ...] = Field(default=(), description="role names; the first speaks first")
    frameworks: tuple[Prose, ...] = Field(
        default=(), description='PhySH concepts, or "broad :: narrow", by label or URI'
    )
    disciplines: tuple[Prose, ...] = Field(
        default=(), description="PhySH disciplines, by label or URI, in place of the routed ones"
    )


class ModelRef(Strict):
    """Which model a step asks, without its address and key: a replay needs neither."""

    name: str
    temperature: float | None = None
    thinking_tokens: int = 0


class RunSettings(Strict):
    """What influences a run's answer. Concurrency, budget and addresses do not."""

    perspectives: int = Field(default=3, ge=1, le=20)
    reviewers: int = Field(default=1, ge=1, le=5, description="readings of each hypothesis")
    seed: int = Field(default=0, ge=0, lt=2**31)
    pins: Pins = Pins()
    models: dict[str, ModelRef] = Field(description='by step; "default" serves the steps that are not named')


# ---- written by a model


class Representation(Strict):
    """The formalism that a hypothesis is written in."""

    objects: ProseList = Field(description="the mathematical or physical objects it speaks of")
    formalism: Prose = Field(description="the formalism that joins them, with its governing relation")
    data_formats: ProseList = Field(description="how the objects are stored or measured as data")
    information_preserved: Prose = Field(description="what the representation keeps and what it discards")
    symmetries: ProseList = Field(description="symmetries and invariances that it respects")
    figure_of_merit: Prose = Field(description="the one quantity, with unit, by which success is judged")


class Relation(StrEnum):
    """How the response answers when the cause grows."""

    RISES = "rises"
    FALLS = "falls"
    PEAKS = "peaks"
    DIPS = "dips"
    JUMPS = "jumps at a threshold"
    OSCILLATES = "oscillates"
    STAYS = "stays the same"


class Claim(Strict):
    """What is said to depend on what: the hypothesis, stripped to what can be compared and tested."""

    system: Prose = Field(description="one material or system that it is claimed for")
    cause: Prose = Field(description="one quantity that is varied, with its unit")
    response: Prose = Field(description="one quantity that is measured, with its unit")
    relation: Relation = Field(description="how the response answers when the cause grows")


class Proposal(Strict):
    """A falsifiable hypothesis, as proposed from one perspective."""

    claim: Claim
    statement: Prose = Field(description="the hypothesis in one or two sentences")
    mechanism: Prose = Field(description="why it should be so: the causal chain")
    prediction: Prose = Field(description="what would be observed, with quantity, direction and size or unit")
    falsifier: Prose = Field(description="the observation that would prove it wrong, with its threshold")
    representation: Representation
    steps: Annotated[list[Prose], Field(min_length=3, max_length=6)] = Field(
        description="steps from building the formalism to comparing with experiment and refining"
    )
    summary: Prose = Field(description="two or three sentences for a reader in a hurry")


class Mark(Strict):
    reason: Prose = Field(description="why this mark and not a higher or lower one")
    mark: int = Field(ge=1, le=5, description="1 poor, 2 weak, 3 fair, 4 good, 5 excellent")


class Marks(Strict):
    """The rubric, one reasoned mark a dimension."""

    novelty: Mark
    soundness: Mark
    testability: Mark
    feasibility: Mark
    relevance: Mark


class Review(Strict):
    """One reviewer's reading of one proposal."""

    strengths: ProseList
    weaknesses: ProseList
    missing_validation: ProseList = Field(description="tests or comparisons that it should name and does not")
    missing_tools: ProseList = Field(description="instruments, codes or data that it needs and does not name")
    marks: Marks


# ---- made by us


class Evidence(Strict):
    """A tool's result or a passage, with where it came from. A failed call is kept and says why."""

    source: str = Field(description="tool name and version, or the passage's source")
    inputs: dict[str, object] = Field(default_factory=dict)
    content: dict[str, object] = Field(default_factory=dict, description="result with units, or the quote")
    error: str | None = None

    @property
    def answered(self) -> bool:
        """Whether there is a result at all: what it says of the hypothesis is for reviewers to judge."""
        return self.error is None


class Check(Strict):
    """A mark that was computed from the text, by a rule that anyone can rerun."""

    name: str
    mark: float = Field(ge=0, le=1)
    how: str = Field(description="what was found and what was not")


class Reading(Strict):
    """A review with who gave it."""

    reviewer: str
    model: str
    review: Review
    rubric: float = Field(ge=0, le=100, description="weighted mean of the five marks, mapped to 0–100")


class Score(Strict):
    """0–100, computed from the reviewers' marks and from the checks. Absolute, not relative to the run."""

    value: float = Field(ge=0, le=100)
    rubric: float = Field(ge=0, le=100, description="mean of the readings' rubric scores")
    computed: float = Field(ge=0, le=100, description="mean of the checks")
    readings: int = Field(ge=1)
    spread: float | None = Field(
        description="standard deviation of the readings' rubric scores; null when there is only one"
    )
    computed_share: float = Field(ge=0, le=1, description="weight of `computed` in `value`")
    given_by: list[str] = Field(description="models that gave the marks")


class Hypothesis(Strict):
    """A proposal with everything that speaks for and against it."""

    perspective: Perspective
    model: str = Field(description='who wrote it, as the endpoint named itself; "scripted" is no model')
    proposal: Proposal
    evidence: list[Evidence]
    readings: list[Reading]
    checks: list[Check]
    score: Score


class Failure(Strict):
    """A perspective that gave no hypothesis, and why."""

    perspective: Perspective
    step: str
    reason: str


class CallRef(Strict):
    """One model call without its answer: who made what, when, from which prompt and at what cost."""

    key: str = Field(description="content hash of what was asked; the same question is never paid twice")
    step: str
    who: str = Field(description="the perspective's key, or that and the reviewer's: p01, p01/r1")
    prompt: str = Field(description="prompt id")
    prompt_sha256: str
    model: str
    at: datetime = Field(description="when it was sent")
    seconds: float
    input_tokens: int
    output_tokens: int
    cost_usd: float | None = Field(description="null where no price is known")
    retries: int = Field(description="transport faults before this answer")
    finish_reason: str


class Call(CallRef):
    """One model call, as recorded in the run's journal."""

    answer: str


class Usage(Strict):
    calls: int
    input_tokens: int
    output_tokens: int
    model_seconds: float
    cost_usd: float | None = Field(description="null if the price of any call is unknown")
    unreadable: int = Field(description="answers that did not fit their schema and were asked again")


class Status(StrEnum):
    COMPLETE = "complete"
    PARTIAL = "partial"
    BUDGET = "stopped by budget"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class Ontology(Strict):
    """Which PhySH the concepts are from."""

    release: str
    concepts: int
    sha256: str


class Report(Strict):
    """A run from question to ranked hypotheses."""

    schema_version: Literal["1"] = "1"
    run: str
    question: str
    created: datetime
    status: Status
    ontology: Ontology
    disciplines: list[ScoredConcept]
    concepts: list[ScoredConcept]
    hypotheses: list[Hypothesis] = Field(description="best score first")
    failures: list[Failure]
    usage: Usage
    calls: list[CallRef] = Field(default_factory=list, description="in the journal's order")
    notes: list[str] = Field(description="what a reader must know before trusting a number")
