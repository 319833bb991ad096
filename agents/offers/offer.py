"""One tool that may be offered, and when."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agents.places import Places
from agents.schema import ScoredConcept
from tools import Tool


@dataclass(frozen=True)
class Scene:
    """What decides which tools fit."""

    question: str
    concepts: Sequence[ScoredConcept]
    literature: bool = False  # the run searches a library or sources

    @property
    def text(self) -> str:
        """The question, with the names of the concepts that it surely touches."""
        return "; ".join([self.question, *(concept.label for concept in self.concepts[:SURE])])


@dataclass(frozen=True)
class Offer:
    """A tool that may be offered. One that only `helps` is not offered to a small model."""

    name: str
    fits: Callable[[Scene], bool]
    make: Callable[[Places], Tool]
    helps: bool = False


SURE = 3  # of the routed concepts: the score of those behind says little
