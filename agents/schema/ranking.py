"""Pairs judged blind in both orders, and the ratings that all matches together give."""

from enum import StrEnum

from pydantic import Field

from agents.schema.base import Prose, is_empty
from tools.strict import Strict

# ---- written by a model


class Preference(StrEnum):
    FIRST = "first"
    SECOND = "second"
    EQUAL = "equal"


class Comparison(Strict):
    """Two hypotheses, in the order shown, by the dimensions of the rubric."""

    reason: Prose = Field(description="the difference that matters most, in one sentence")
    novelty: Preference
    soundness: Preference
    testability: Preference
    feasibility: Preference
    relevance: Preference


# ---- made by us


def _is_first(reading: int) -> bool:
    return reading == 1


class MatchOutcome(StrEnum):
    """Of a match, after both orders."""

    FIRST = "first"
    SECOND = "second"
    TIE = "tie"  # called equal, or the two orders disagree
    VOID = "void"  # an answer could not be read: counts for nobody


class View(StrEnum):
    """How much of two hypotheses a judge is shown."""

    FIELDS = "fields"  # typed fields, numbers, verdicts and results: no free prose
    WHOLE = "whole"  # the same, and the free prose after it, quoted


class Match(Strict):
    """Two hypotheses and one judge. `first` and `second` are keys; the judge saw neither."""

    first: str
    second: str
    judge: str = Field(description='the model, "person" for people\'s marks, or "experiment" for verdicts')
    outcome: MatchOutcome
    split: bool = Field(default=False, description="the two orders disagreed, so that it is a tie")
    dimensions: dict[str, MatchOutcome] = Field(default_factory=dict, description="the same, by dimension")
    reasons: list[str] = Field(default_factory=list, description="one an order, in the judge's words")
    reading: int = Field(
        default=1, ge=1, exclude_if=_is_first, description="the judge's first, second, … of this pair"
    )
    view: View | None = Field(
        default=None, exclude_if=is_empty, description="what was shown; null: all, as in earlier runs"
    )


class Rating(Strict):
    """A hypothesis's Bradley–Terry strength, relative to this run's other hypotheses."""

    hypothesis: str
    matches: int = Field(ge=0, description="that counted")
    ranked: bool = Field(description="enough matches to be called ranked")
    strength: float = Field(description="log-odds against the run's average hypothesis")
    low: float = Field(description="5th percentile over bootstrap resamples")
    high: float = Field(description="95th percentile")
    best: float = Field(ge=0, le=1, description="share of resamples in which it is the strongest")
    places: tuple[int, int] | None = Field(
        default=None, description="5th and 95th percentile of its place, 1 being the strongest"
    )
    scaled: float = Field(
        ge=0, le=100, description="chance, in %, of winning against the run's average hypothesis, ties halved"
    )


class JudgeRecord(Strict):
    """How one judge judged."""

    judge: str
    matches: int
    ties: int = Field(description="among them, those that the two orders split")
    split: int
    void: int
    consistent: float | None = Field(
        description="share of the readable matches in which both orders agreed on a winner or on a tie"
    )
    decided: float | None = Field(description="share of the readable matches with a winner")


class Stop(StrEnum):
    """Why no more pairs were judged."""

    SETTLED = "the top is settled"
    SPENT = "all matches were played"
    CANNOT_RANK = "the judge cannot rank these"
    BUDGET = "the budget ended"
    INTERRUPTED = "the run was stopped"
    UNREACHABLE = "the judge could not be asked"


class Tournament(Strict):
    """The matches of a run and what follows from them."""

    matches: list[Match]
    ratings: list[Rating] = Field(description="strongest first")
    judges: list[JudgeRecord]
    alpha: float | None = Field(
        description="Krippendorff's alpha over judges; null where fewer than two judged the same pairs"
    )
    stopped: Stop
    can_rank: bool = Field(description="whether the judging was consistent enough to order anything")
    verdict: str = Field(description="what a reader may conclude, in one sentence")
