"""What was looked up or computed for a hypothesis."""

from enum import StrEnum

from pydantic import Field

from agents.schema.base import Prose, is_empty
from agents.schema.question import ConceptRef
from retrieval.passage import Passage, Search, Work
from tools.strict import Strict


class Evidence(Strict):
    """A tool's result or a passage, with where it came from. A failed call is kept and says why."""

    source: str = Field(description="tool name and version, or the passage's source")
    inputs: dict[str, object] = Field(default_factory=dict)
    content: dict[str, object] = Field(default_factory=dict, description="result with units, or the quote")
    error: str | None = None
    asked_by: str = Field(default="author", description='"author", or the reviewer who wanted it')

    @property
    def answered(self) -> bool:
        """Whether there is a result at all: what it says of the hypothesis is for reviewers to judge."""
        return self.error is None


# ---- written by a model


class Quotation(Strict):
    """A passage that an author wants to lean on. It stands once we have found the quote in it."""

    passage: str = Field(description="the key of a passage that was shown")
    quote: Prose = Field(description="one sentence of that passage, word for word")


class Stance(StrEnum):
    """What a quoted passage says of a hypothesis."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    UNRELATED = "unrelated"


# ---- made by us


class Citation(Strict):
    """A quote that was found in its passage, and how a judge reads it."""

    passage: str
    quote: str
    found: float = Field(ge=0, le=1, description="how much of the quote occurs in the passage; 0.9 is needed")
    stance: Stance | None = Field(default=None, description="null: nobody could say")
    judge: str | None = Field(default=None, description="the model that judged the stance")
    reason: str | None = None


class Removed(Strict):
    """A citation that an author made and that does not hold."""

    passage: str
    quote: str
    reason: str


class Nearest(Strict):
    """Prior work, and how near its text is to the hypothesis."""

    work: Work
    likeness: float = Field(ge=-1, le=1, description="cosine of the embeddings of statement and abstract")


class AtlasLink(Strict):
    """How the abstracts of the run's atlas join two things that a hypothesis speaks of."""

    of: str = Field(description='"cause and response", "framework and system" or "system and cause"')
    phrases: tuple[str, str] = Field(description="the hypothesis's own words for the two")
    first: ConceptRef | None = Field(description="the concept that the first names; null: PhySH has none")
    second: ConceptRef | None = Field(description="the same of the second")
    together: int = Field(default=0, ge=0, description="abstracts with both concepts")
    first_year: int | None = Field(default=None, description="of the earliest of them; null: there is none")
    direction: str = Field(
        default="", description='"rising", "steady", "falling", or why nothing is said of it'
    )
    between: list[ConceptRef] = Field(
        default_factory=list, description="what the literature joins strongly with both, strongest first"
    )
    works: list[Work] = Field(default_factory=list, description="shipped papers on both, the latest first")

    @property
    def is_looked_up(self) -> bool:
        """Whether the two are different concepts, so that there was something to look up."""
        return self.first is not None and self.second is not None and self.first != self.second


class Literature(Strict):
    """What the literature says of a hypothesis, as far as it was searched."""

    searches: list[Search]
    passages: list[Passage] = Field(description="shown to the author")
    citations: list[Citation]
    removed: list[Removed]
    nearest: list[Nearest] = Field(description="likest first")
    novelty: str = Field(description="what the search can and cannot say of novelty")
    gap: str | None = Field(default=None, description="why something of this is missing")
    joined: list[AtlasLink] = Field(
        default_factory=list, exclude_if=is_empty, description="what is known between its concepts"
    )
