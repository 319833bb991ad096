"""The question, its perspectives, and what is fixed of a run."""

import unicodedata
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from agents.schema.base import Prose
from tools.strict import Strict

LONGEST_QUESTION = 8_000
LONGEST_NAME = 200


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


def _without_controls(name: str) -> str:
    if any(unicodedata.category(char) == "Cc" for char in name):
        raise ValueError("holds a control character: remove it")
    return name


Name = Annotated[Prose, Field(max_length=LONGEST_NAME), AfterValidator(_without_controls)]


class Pins(Strict):
    """What the user fixes of the plan; the rest is chosen for the question."""

    roles: tuple[Name, ...] = Field(default=(), description="role names; the first speaks first")
    frameworks: tuple[Name, ...] = Field(
        default=(), description='PhySH concepts, or "broad :: narrow", by label or URI'
    )
    disciplines: tuple[Name, ...] = Field(
        default=(), description="PhySH disciplines, by label or URI, in place of the routed ones"
    )


class ModelRef(Strict):
    """Which model a step asks, without its address and key: a replay needs neither."""

    name: str
    temperature: float | None = None
    thinking_tokens: int = 0


def _is_first(version: int) -> bool:
    """Records of older runs keep their bytes."""
    return version == 1


def _is_none(version: int) -> bool:
    return version == 0


def _is_yes(said: bool) -> bool:
    return said


def _is_no(said: bool) -> bool:
    return not said


class RunSettings(Strict):
    """What influences a run's answer. Concurrency, budget and addresses do not."""

    perspectives: int = Field(default=3, ge=1, le=20)
    reviewers: int = Field(default=1, ge=1, le=5, description="readings of each hypothesis")
    seed: int = Field(default=0, ge=0, lt=2**31)
    pins: Pins = Pins()
    matches: int = Field(
        default=0, ge=0, le=1000, description="pairs that the tournament judges at most; 0: none is held"
    )
    children: int = Field(
        default=0, ge=0, le=10, description="new hypotheses made of the best ones, once they are ranked"
    )
    overview: bool = Field(default=False, description="ask what the hypotheses say together")
    test_seconds: float = Field(
        default=0, ge=0, le=3600, description="of one core in which each claim is tested; 0: none is"
    )
    from_data: bool = Field(
        default=False, description="fill one perspective by sweeping an instrument that fits the question"
    )
    checks: int = Field(
        default=1,
        ge=1,
        le=2,
        exclude_if=_is_first,
        description="version; 1: of runs before they were recorded",
    )
    cards: int = Field(
        default=0,
        ge=0,
        le=1,
        exclude_if=_is_none,
        description="version of the problem cards that hypotheses get; 0: none, as in older runs",
    )
    second_look: bool = Field(
        default=True,
        exclude_if=_is_yes,
        description="reviewers ask for tools and mark again; not where their model is known to rank nothing",
    )
    choose: bool = Field(
        default=False,
        exclude_if=_is_no,
        description="a model chooses who speaks from a shortlist, in one call; else the rule does",
    )
    claims_first: int = Field(
        default=0,
        ge=0,
        le=3,
        exclude_if=_is_none,
        description="version of how authors draft claims, tests choose and the best is written out, where "
        "their model is known to rank nothing; 0: they propose as others do; 1: all draft of the same pairs, "
        "if these are few; 2: each of its own; 3: and the falsifier is a share of what a test computed",
    )
    short_reviews: bool = Field(
        default=False,
        exclude_if=_is_no,
        description="a review has a sentence of each kind; where its model is known to rank nothing",
    )
    sources: tuple[str, ...] = Field(default=(), description="literature sources asked over the network")
    library: bool = Field(default=False, description="search the user's own library")
    models: dict[str, ModelRef] = Field(description='by step; "default" serves the steps that are not named')

    def model_of(self, step: str) -> ModelRef:
        return self.models.get(step, self.models["default"])
