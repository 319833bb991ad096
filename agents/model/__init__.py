"""Models: where they are asked, what they may cost, and the one class that asks them."""

from agents.model.attempt import Event, EventKind
from agents.model.catalogue import EmbeddedModel, can_rank, catalogue
from agents.model.chat import Answer, Chat
from agents.model.embedded import serve_embedded
from agents.model.endpoint import Budget, Endpoint
from agents.model.journal import Journal

__all__ = [
    "Answer",
    "Budget",
    "Chat",
    "EmbeddedModel",
    "Endpoint",
    "Event",
    "EventKind",
    "Journal",
    "can_rank",
    "catalogue",
    "serve_embedded",
]
