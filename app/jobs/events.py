"""What a reader is told of a run or a job, in order.

Ids rise by one from 1; a stream can be taken up after any.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from agents.model import EventKind
from agents.schema import Perspective, ScoredConcept, Strict
from app.jobs.state import RunState


class EventBase(Strict):
    """What every event has."""

    id: int = Field(ge=1)
    at: datetime


class StateEvent(EventBase):
    """The run or job is in another state. After a final one nothing follows, and the stream ends."""

    type: Literal["state"] = "state"
    state: RunState
    reason: str | None = Field(default=None, description="why it failed, in a line")


class NoticeEvent(EventBase):
    """What is being made ready, or went otherwise than planned."""

    type: Literal["notice"] = "notice"
    text: str


class PlanEvent(EventBase):
    """What the question was routed to, and who speaks."""

    type: Literal["plan"] = "plan"
    disciplines: list[ScoredConcept]
    concepts: list[ScoredConcept]
    perspectives: list[Perspective]


class JoinedEvent(EventBase):
    """A new hypothesis is being made of the best ones."""

    type: Literal["joined"] = "joined"
    perspective: Perspective


class CallEvent(EventBase):
    """Something happened to a model call, or to the test of a claim."""

    type: Literal["call"] = "call"
    kind: EventKind
    who: str = Field(description="the perspective's key, or that and the reviewer's: p01, p01/r1")
    step: str
    tokens: int = Field(default=0, description="of this call so far; of an answer, all")
    reason: str = Field(default="", description="why it is sent again; what is tested, or its verdict")


class OutcomeEvent(EventBase):
    """A perspective is done: with a scored hypothesis, or with a failure."""

    type: Literal["outcome"] = "outcome"
    key: str = Field(description="the perspective's")
    score: float | None = Field(default=None, description="0 to 100; null: it failed")
    statement: str | None = None
    failed_step: str | None = None
    reason: str | None = None


class StageEvent(EventBase):
    """How far something is: what concerns all hypotheses, or the pairs of a mining job."""

    type: Literal["stage"] = "stage"
    stage: str
    done: int
    total: int


RunEvent = Annotated[
    StateEvent | NoticeEvent | PlanEvent | JoinedEvent | CallEvent | OutcomeEvent | StageEvent,
    Field(discriminator="type"),
]
EVENTS: TypeAdapter[RunEvent] = TypeAdapter(RunEvent)
