"""A chat endpoint without a model, for tests and demonstrations: scripted or recorded answers, and faults."""

from agents.scripted.answers import UnknownRequest, recorded, scripted
from agents.scripted.dialects import DIALECTS, Dialect
from agents.scripted.server import ScriptedServer
from agents.scripted.wire import CONTENT, TRANSPORT, InjectedFault, Request, chance, listed

__all__ = [
    "CONTENT",
    "DIALECTS",
    "TRANSPORT",
    "Dialect",
    "InjectedFault",
    "Request",
    "ScriptedServer",
    "UnknownRequest",
    "chance",
    "listed",
    "recorded",
    "scripted",
]
