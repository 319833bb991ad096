"""What the REST API takes and gives. Reports, marks, concepts and events have their classes elsewhere."""

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationError, field_validator

from agents.run.results import LONGEST_NOTE, PersonMark
from agents.schema import LONGEST_QUESTION, Pins, Question, Status, Strict
from app.concepts import Card
from app.health.finding import HealthFinding
from app.jobs.job import Spent
from app.jobs.progress import JobProgress
from app.jobs.search import FoundHypothesis
from app.jobs.state import RunState
from app.notes import Labels
from app.settings.sections import RunChoices
from app.tools import ToolCard, ToolResult

__all__ = [
    "Card",
    "ConceptPage",
    "FoundHypothesis",
    "FoundPage",
    "MarkList",
    "NewMark",
    "NewRun",
    "PersonMark",
    "Problem",
    "ProblemPart",
    "Readiness",
    "RunInfo",
    "RunPage",
    "Spent",
    "Text",
    "ToolCard",
    "ToolList",
    "ToolResult",
    "Tree",
]

PLAIN = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"  # no control characters but tab and line ends
PRINTABLE = rf"^{PLAIN}*[^\x00-\x20\x7f-\x9f]{PLAIN}*$"


def _readable(text: object) -> object:
    """Question's own reader, whose finding is about this field and none of its own."""
    if not isinstance(text, str):
        return text
    try:
        return Question(text=text).text
    except ValidationError as error:
        raise ValueError(error.errors()[0]["msg"].removeprefix("Value error, ")) from error


Readable = Annotated[
    str,
    BeforeValidator(_readable),
    Field(min_length=1, max_length=LONGEST_QUESTION, json_schema_extra={"pattern": PRINTABLE}),
]


class NewRun(Strict):
    """A question, what of its plan is fixed, and how much shall be made of it."""

    question: Readable
    pins: Pins = Pins()
    settings: RunChoices = Field(
        default=RunChoices(), description="what is left out, the service's own settings give"
    )


class RunInfo(Strict):
    """A run, from waiting to its end."""

    id: str
    question: str
    state: RunState
    created: datetime
    started: datetime | None = None
    finished: datetime | None = None
    reason: str | None = Field(default=None, description="why it failed, in a line")
    status: Status | None = Field(default=None, description="the report's; null until there is one")
    models: list[str] = Field(
        default_factory=list, description="who answered, as endpoints name themselves; empty until the end"
    )
    pins: Pins = Pins()
    progress: JobProgress = JobProgress()
    spent: Spent = Spent()
    parent: str | None = Field(default=None, description="the run that it was forked from")
    labels: Labels = Field(default=Labels(), description="the name and tags that people gave it")
    by: str | None = Field(default=None, description="who asked")


class RunPage(Strict):
    """Newest first."""

    items: list[RunInfo] = Field(description="without the rows of their progress")
    next: str | None = Field(default=None, description="cursor of the next page; null: this is the last")


class NewMark(Strict):
    """What a person thinks of a hypothesis."""

    hypothesis: str = Field(min_length=1, max_length=100, description="its key, such as p01")
    mark: int = Field(ge=1, le=5, description="1 poor, 2 weak, 3 fair, 4 good, 5 excellent")
    note: str | None = Field(default=None, max_length=LONGEST_NOTE)


class MarkList(Strict):
    """In the order they were given."""

    items: list[PersonMark]


class FoundPage(Strict):
    """Best score first; with a text, those that say it."""

    items: list[FoundHypothesis]
    next: str | None = None


class Text(Strict):
    """A text to find the subjects of."""

    text: Readable


class ConceptPage(Strict):
    """Best first."""

    release: str = Field(description="of PhySH")
    items: list[Card]


class Tree(Strict):
    """A discipline, facet or concept with what lies under it. The trunk of all has no URI."""

    uri: str | None
    label: str
    children: "list[Tree]"


class ToolList(Strict):
    items: list[ToolCard]


class Readiness(Strict):
    """Whether questions can be answered now. Those that are asked before wait."""

    ready: bool
    checks: list[HealthFinding]


class ProblemPart(Strict):
    """One thing that is wrong with a request."""

    pointer: str = Field(description="JSON pointer into the body, or the parameter's name")
    detail: str


class Problem(Strict):
    """RFC 9457."""

    type: str = Field(description="stable address that names the kind of problem; docs/service.md lists them")
    title: str
    status: int
    detail: str = Field(description="what is wrong and what to do")
    instance: str = Field(description="the path that was asked for")
    request_id: str
    errors: list[ProblemPart] = Field(default_factory=list)

    @field_validator("detail")
    @classmethod
    def _one_line(cls, detail: str) -> str:
        return " ".join(detail.split())
