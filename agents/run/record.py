"""What run.json holds: the question, settings that influence the answer, the plan and the end."""

from collections.abc import Sized
from datetime import datetime
from typing import Literal

from pydantic import Field

from agents.schema import (
    AtlasRef,
    Failure,
    Measurable,
    OntologyVersion,
    Perspective,
    RunSettings,
    ScalarQuantity,
    ScoredConcept,
    Status,
    Stop,
    Strict,
    SweepPlan,
)
from agents.schema.base import is_empty


def _is_empty(items: Sized) -> bool:
    return not items


def _is_absent(value: object) -> bool:
    return value is None


class RunPlan(Strict):
    """What the question was routed to and who speaks. A resumed or replayed run keeps it."""

    ontology: OntologyVersion
    atlas: AtlasRef | None = Field(
        default=None, exclude_if=is_empty, description="absent in older runs, which name none"
    )
    disciplines: list[ScoredConcept]
    concepts: list[ScoredConcept]
    perspectives: list[Perspective]
    shortlist: list[Perspective] = Field(
        default_factory=list,
        exclude_if=is_empty,
        description="of whom a model is to choose who speaks; empty once it has, or where the rule chooses",
    )
    reserve: list[Perspective] = Field(
        default_factory=list, description="far ones, that a good hypothesis may be moved to"
    )
    tools: list[str] = Field(default_factory=list, description="what the question's agents may call")
    measurable: list[Measurable] = Field(
        default_factory=list,
        description="pairs of quantities that authors are offered, as they can be tested",
    )
    quantities: list[ScalarQuantity] = Field(
        default_factory=list,
        exclude_if=_is_empty,
        description="scalar quantities to draft claims of, where no instrument is near enough for pairs",
    )
    near: list[str] | None = Field(
        default=None,
        exclude_if=_is_absent,
        description="instruments near the question, nearest first; null: of an older run, or without tests",
    )
    swept: dict[str, SweepPlan] = Field(
        default_factory=dict, description="perspectives filled from an instrument's data"
    )


class End(Strict):
    """What the last report was made of. A replay tells its failures again: a fault may have left no call."""

    status: Status
    failures: list[Failure]
    hypotheses: list[str] = Field(description="keys of the perspectives that gave one")
    calls: int | None = Field(
        default=None, ge=0, description="the journal's first calls, which it counts; null in older runs: all"
    )
    matches: list[tuple[str, str, str] | tuple[str, str, str, int]] = Field(
        default_factory=list,
        description="first, second, judge and, past the first, reading of each match that was played out",
    )
    stopped: Stop | None = Field(default=None, description="why the tournament ended; null: none was held")
    overview: bool = False
    again: int = Field(default=0, ge=0, description="readings whose reviewers marked again")
    skipped: list[str] = Field(default_factory=list, description="stages left out, and why")
    marks: int = Field(default=0, ge=0, description="the first so many marks of people are counted")


def _is_first(version: int) -> bool:
    return version == 1


class Parent(Strict):
    """The run that another was made from, and the report that it had then."""

    run: str
    report_sha256: str | None = Field(description="of its report.json; null: it had none")


class RunRecord(Strict):
    """run.json"""

    schema_version: Literal["1"] = "1"
    run: str
    question: str
    created: datetime
    settings: RunSettings
    versions: dict[str, str]
    rules: int = Field(
        default=1,
        ge=1,
        exclude_if=_is_first,
        description="version of what judges are shown and how they rank; a replay keeps it",
    )
    parent: Parent | None = Field(
        default=None, exclude_if=_is_absent, description="the run that this one was forked from"
    )
    plan: RunPlan | None = Field(default=None, description="null until the question is routed")
    end: End | None = Field(default=None, description="null until the run first stopped")
