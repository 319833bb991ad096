"""A chat endpoint without a model, for tests and demonstrations: scripted or recorded answers, and faults."""

from agents.scripted.answers import UnknownRequest, scripted
from agents.scripted.dialects import DIALECTS, Dialect
from agents.scripted.faults import CONTENT, TRANSPORT, Fault, chance, listed
from agents.scripted.recorded import recorded
from agents.scripted.request import Request
from agents.scripted.server import ScriptedServer

__all__ = [
    "CONTENT",
    "DIALECTS",
    "TRANSPORT",
    "Dialect",
    "Fault",
    "Request",
    "ScriptedServer",
    "UnknownRequest",
    "chance",
    "listed",
    "recorded",
    "scripted",
]
