"""What a run does, in words."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agents.model import Event
    from agents.run.events import Outcome


def told(event: "Event") -> str | None:
    """Return an event in words; None for one that is not worth a line of a log."""
    from agents.model import EventKind

    words = {
        EventKind.SENT: "begins",
        EventKind.ANSWERED: f"done, {event.tokens} tokens",
        EventKind.RECALLED: "taken from the run's folder",
        EventKind.RETRY: f"is sent again: {event.reason}",
        EventKind.UNREADABLE: f"gave an answer that does not fit: {event.reason}",
        EventKind.PLANNED: f"measures {event.reason}",
        EventKind.TESTED: f"says {event.reason}",
    }.get(event.kind)
    return words and f"{event.step} {words}"


def ending(outcome: "Outcome") -> str:
    """Return how a perspective ended: its score, or where and why it failed."""
    from agents.schema import Hypothesis

    if isinstance(outcome, Hypothesis):
        return f"score {outcome.score.value:.1f}"
    return f"failed at {outcome.step}: {outcome.reason}"
