"""What the service and the process that has the workshop say to each other.

The service sends objects, which it may be trusted with; what comes back is JSON that must fit a model here.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue, TypeAdapter

from agents.mining import Spec
from agents.schema import ScoredConcept, Strict
from app.health.finding import HealthFinding
from app.jobs.events import RunEvent
from app.jobs.job import Job

# ---- from the service


@dataclass(frozen=True)
class Mining:
    """Run a mining job from where it stands."""

    job: str


@dataclass(frozen=True)
class Planning:
    """Choose the pairs of a new mining job, and keep them."""

    spec: Spec
    owner: str


@dataclass(frozen=True)
class Routing:
    """Find what a text touches."""

    text: str


Work = Job | Mining | Planning | Routing
"""A job is a run to answer."""


@dataclass(frozen=True)
class Order:
    """Do this; what is said of it carries its number."""

    number: int
    work: Work


@dataclass(frozen=True)
class CancelWork:
    """End the work of that number."""

    number: int


@dataclass(frozen=True)
class ToolAnswer:
    """What became of a use of a tool: its result as JSON, or why there is none."""

    number: int
    result: str | None
    refused: str | None = None
    broke_off: str | None = None


# ---- from the workshop


class WorkshopStatus(Strict):
    """How the workshop stands."""

    kind: Literal["standing"] = "standing"
    finding: HealthFinding
    is_open: bool


class WorkEvent(Strict):
    """Something happened in the work of that number. The feed gives the event its id and time."""

    kind: Literal["told"] = "told"
    number: int
    event: RunEvent


class WorkDone(Strict):
    kind: Literal["done"] = "done"
    number: int
    result: JsonValue = None


class WorkFailed(Strict):
    """`error` is the class of an error that was foreseen; of none: it is a bug, which the log has in full."""

    kind: Literal["failed"] = "failed"
    number: int
    error: str | None
    said: str


class Use(Strict):
    """Have a tool computed, under a number of the workshop's own."""

    model_config = ConfigDict(ser_json_inf_nan="constants")  # an argument may be without bound

    kind: Literal["use"] = "use"
    number: int
    tool: str
    arguments: JsonValue
    caller: str
    seconds: float | None


class GivenUp(Strict):
    """Nobody waits any more for that use of a tool."""

    kind: Literal["given up"] = "given up"
    number: int


Said = Annotated[
    WorkshopStatus | WorkEvent | WorkDone | WorkFailed | Use | GivenUp, Field(discriminator="kind")
]
SAID: TypeAdapter[Said] = TypeAdapter(Said)


class Routed(Strict):
    """What a text touches, best first."""

    disciplines: list[ScoredConcept]
    concepts: list[ScoredConcept]
