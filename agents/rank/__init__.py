"""Matches become ratings that say how sure they are: `hold` a tournament, or `rate` matches at hand."""

from agents.rank.agreement import krippendorff_alpha
from agents.rank.counting import PERSON
from agents.rank.marks import matches_from_marks
from agents.rank.ratings import rate
from agents.rank.rules import Rules, rules
from agents.rank.tournament import Judge, hold, summarise

__all__ = [
    "PERSON",
    "Judge",
    "Rules",
    "hold",
    "krippendorff_alpha",
    "matches_from_marks",
    "rate",
    "rules",
    "summarise",
]
