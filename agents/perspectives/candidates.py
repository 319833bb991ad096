"""A concept that could be a perspective's framework."""

from dataclasses import dataclass

from agents.perspectives.pins import Framework
from agents.schema import ConceptRef, Distance
from physh import Concept


@dataclass(frozen=True)
class Candidate:
    """`discipline` is that for which it would speak; `relevance` orders candidates of one distance."""

    discipline: ConceptRef
    concept: Concept
    relevance: float
    distance: Distance
    reason: str
    pin: Framework | None = None
