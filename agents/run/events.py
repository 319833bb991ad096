"""What happens in a run, as one stream: whoever watches is called with each event, in order."""

from collections.abc import Callable
from dataclasses import dataclass

from agents.model import Event
from agents.run.record import RunPlan
from agents.schema import Failure, Hypothesis, Perspective

Outcome = Hypothesis | Failure


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something went otherwise than planned, or is made ready."""

    text: str


@dataclass(frozen=True, slots=True)
class Planned:
    """It is settled who speaks; no author has been asked."""

    plan: RunPlan


@dataclass(frozen=True, slots=True)
class Joined:
    """A new hypothesis is made of the best ones, and speaks from here."""

    perspective: Perspective


@dataclass(frozen=True, slots=True)
class Ended:
    """A perspective is done."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Progressed:
    """How far something is that concerns all hypotheses at once, such as the tournament."""

    stage: str
    done: int
    total: int


Happening = Noticed | Planned | Event | Joined | Ended | Progressed
"""`agents.model.Event` is what happens to a model call, or to the test of a claim."""
Watch = Callable[[Happening], None]


def ignore(_event: Happening) -> None:
    """Watch nothing."""
