"""A run from question to ranked hypotheses."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from agents.schema.base import Prose, ProseList, is_empty
from agents.schema.evidence import Evidence, Literature
from agents.schema.problem import ProblemCard
from agents.schema.proposal import Proposal
from agents.schema.question import Perspective, ScoredConcept
from agents.schema.ranking import Tournament
from agents.schema.review import Check, Reading, Score
from agents.schema.testing import ClaimTest, DraftClaim, FoundInData
from tools.experiments import Verdict
from tools.strict import Strict


class Way(StrEnum):
    """How a hypothesis came to be."""

    PROPOSED = "proposed"
    REFINED = "refined"
    COMBINED = "combined"
    MOVED = "moved to a far framework"


class Origin(Strict):
    way: Way = Way.PROPOSED
    parents: list[str] = Field(default_factory=list, description="keys of the hypotheses it was made from")
    merged: list[str] = Field(
        default_factory=list, description="keys of near-duplicates that it stands for; they are in `merged`"
    )


class Hypothesis(Strict):
    """A proposal with everything that speaks for and against it. Its key is that of its perspective."""

    perspective: Perspective
    model: str = Field(description='who wrote it, as the endpoint named itself; "scripted" is no model')
    proposal: Proposal
    evidence: list[Evidence]
    readings: list[Reading]
    checks: list[Check]
    score: Score
    origin: Origin = Origin()
    literature: Literature | None = Field(default=None, description="null: no source was asked")
    tests: list[ClaimTest] = Field(
        default_factory=list, exclude_if=is_empty, description="of its claims; of a revised one both"
    )
    refuted_form: Proposal | None = Field(
        default=None, exclude_if=is_empty, description="as it was proposed, before a test refuted it"
    )
    found_in_data: FoundInData | None = Field(
        default=None, exclude_if=is_empty, description="how its claim was found where no model proposed it"
    )
    drafts: list[DraftClaim] = Field(
        default_factory=list,
        exclude_if=is_empty,
        description="claims that a small model drafted, in the order of its drafts; one was written out",
    )
    problem: ProblemCard | None = Field(
        default=None,
        exclude_if=is_empty,
        description="data that could test it, and what must be settled before a model is learned from them",
    )

    @property
    def key(self) -> str:
        return self.perspective.key

    @property
    def standing_tests(self) -> list[ClaimTest]:
        """The tests of the claims that it makes now."""
        return standing_tests(self.tests)

    @property
    def attempts(self) -> list[ClaimTest]:
        """All tests that were run for it, those of drafts that were not written out included."""
        return [*self.tests, *(draft.test for draft in self.drafts if draft.test)]

    @property
    def refuted(self) -> bool:
        return any(test.verdict is Verdict.REFUTED for test in self.standing_tests)


REVISED = "/revised"


def standing_tests(tests: Sequence[ClaimTest]) -> list[ClaimTest]:
    """Those that no revised claim's test stands in for: one that cannot be tested takes no verdict back."""
    revised = {
        test.key.removesuffix(REVISED)
        for test in tests
        if test.key.endswith(REVISED) and test.verdict is not Verdict.OUTSIDE
    }
    return [test for test in tests if test.key not in revised]


class MetaReview(Strict):
    """Written by a model: what the hypotheses of a run say together."""

    agreements: ProseList = Field(description="what the hypotheses agree on")
    splits: ProseList = Field(description="where they contradict each other, and on what")
    experiment: Prose = Field(description="the one experiment that would tell them apart: what each predicts")


class Overview(Strict):
    """A meta-review with who gave it."""

    model: str
    review: MetaReview


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
    reading: int = Field(default=1, description="the rules by which the answer is read, also in a replay")


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


class OntologyVersion(Strict):
    """Which PhySH the concepts are from."""

    release: str
    concepts: int
    sha256: str


class AtlasRef(Strict):
    """Which atlas a run used: what it calls known or unknown is so among these works."""

    name: str
    works: int = Field(description="titles and abstracts that it was counted in")
    since: int = Field(description="year of the earliest")
    until: int = Field(description="year of the latest")
    sha256: str


class Report(Strict):
    """A run from question to ranked hypotheses."""

    schema_version: Literal["1"] = "1"
    run: str
    question: str
    created: datetime
    status: Status
    ontology: OntologyVersion
    atlas: AtlasRef | None = Field(
        default=None, exclude_if=is_empty, description="absent in reports of older runs"
    )
    disciplines: list[ScoredConcept]
    concepts: list[ScoredConcept]
    hypotheses: list[Hypothesis] = Field(
        description="strongest first where a judge could rank them, else best score first"
    )
    failures: list[Failure]
    merged: list[Hypothesis] = Field(
        default_factory=list, description="near-duplicates, kept whole; another hypothesis stands for them"
    )
    tournament: Tournament | None = Field(default=None, description="null: no pairs were judged")
    overview: Overview | None = None
    usage: Usage
    calls: list[CallRef] = Field(default_factory=list, description="in the journal's order")
    notes: list[str] = Field(description="what a reader must know before trusting a number")
