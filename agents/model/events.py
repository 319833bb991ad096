"""What a run can watch while its models work."""

from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    SENT = "sent"
    TOKENS = "tokens"
    RETRY = "retry"
    UNREADABLE = "unreadable"
    ANSWERED = "answered"
    RECALLED = "recalled"
    PLANNED = "planned"
    """A claim is about to be tested; `reason` says by what."""
    TESTED = "tested"
    """A claim has its verdict, which `reason` gives."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one call, or to the test of one claim."""

    kind: EventKind
    who: str
    step: str
    tokens: int = 0  # of this call so far; for an answer, all of its tokens
    reason: str = ""  # why it is sent again; what is tested, and what came of it
