"""What reviewers write, and the scores that we compute from it."""

from typing import Literal

from pydantic import Field

from agents.schema.base import Prose, ProseList, is_empty
from tools.strict import Strict


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


NONE_NAMED = "The reviewer names none."


class ShortReview(Strict):
    """The same in one sentence each: what a model that can rank nothing is asked for.

    One that is left empty is no reason to ask again: the whole review says that none was named.
    """

    strength: str
    weakness: str
    missing_validation: str
    missing_tool: str
    reason: Prose = Field(description="what decides the marks")
    novelty: int = Field(ge=1, le=5)
    soundness: int = Field(ge=1, le=5)
    testability: int = Field(ge=1, le=5)
    feasibility: int = Field(ge=1, le=5)
    relevance: int = Field(ge=1, le=5)

    @property
    def whole(self) -> Review:
        """Return it as a review, with the one reason beside each mark."""
        marks = {name: Mark(reason=self.reason, mark=getattr(self, name)) for name in Marks.model_fields}
        return Review(
            strengths=_named(self.strength),
            weaknesses=_named(self.weakness),
            missing_validation=_named(self.missing_validation),
            missing_tools=_named(self.missing_tool),
            marks=Marks.model_validate(marks),
        )


def _named(sentence: str) -> list[str]:
    return [sentence.strip() or NONE_NAMED]


class MarksAgain(Strict):
    """A reviewer's second marks, from fields and results alone."""

    changed: Prose = Field(description="which result or doubt decides the marks")
    marks: Marks


# ---- made by us


class Contradiction(Strict):
    """A sentence of the hypothesis, and what is known that it goes against."""

    told: str = Field(description="what is known, without its source")
    sentence: str


class Check(Strict):
    """A mark that was computed from the text, by a rule that anyone can rerun."""

    name: str
    mark: float = Field(ge=0, le=1)
    how: str = Field(description="what was found and what was not")
    contradictions: list[Contradiction] = Field(
        default_factory=list,
        exclude_if=is_empty,
        description="sentence by sentence; empty in older runs, too",
    )
    of: Literal["substance", "physics"] | None = Field(
        default=None,
        exclude_if=is_empty,
        description="physics: a contradiction, which takes from the whole; null: of an earlier version",
    )


class Reading(Strict):
    """A review with who gave it."""

    reviewer: str
    model: str
    review: Review
    rubric: float = Field(
        ge=0, le=100, description="weighted mean of the five marks that count, mapped to 0–100"
    )
    again: MarksAgain | None = Field(
        default=None,
        exclude_if=is_empty,
        description="marks given again, without the prose and with what the reviewer's calls found: these "
        "count, one step higher where the first mark was higher; null: the first marks count",
    )

    @property
    def counted(self) -> Marks:
        """The marks that count. What prose adds to a mark is one step at most."""
        if self.again is None:
            return self.review.marks
        first: dict[str, Mark] = dict(self.review.marks)
        second: dict[str, Mark] = dict(self.again.marks)
        raised = {
            name: mark.model_copy(update={"mark": mark.mark + (first[name].mark > mark.mark)})
            for name, mark in second.items()
        }
        return Marks.model_validate(raised)


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
    tested: str | None = Field(
        default=None,
        exclude_if=is_empty,
        description="what tests say of the claims, worst first: refuted, undecided, survived, untested",
    )
    ceiling: float | None = Field(
        default=None,
        exclude_if=is_empty,
        ge=0,
        le=100,
        description="what this verdict allows where no judge can rank; `value` is scaled to it",
    )
