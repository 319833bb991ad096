"""Matches become ratings that say how sure they are: `hold` a tournament, or `rate` matches at hand."""

from agents.rank.counting import EXPERIMENT, PERSON, matches_from_marks, matches_from_verdicts
from agents.rank.ratings import rate
from agents.rank.rules import NOW, Rules, rules
from agents.rank.tournament import Judge, hold, summarise
from agents.rank.verdict import krippendorff_alpha

__all__ = [
    "EXPERIMENT",
    "NOW",
    "PERSON",
    "Judge",
    "Rules",
    "hold",
    "krippendorff_alpha",
    "matches_from_marks",
    "matches_from_verdicts",
    "rate",
    "rules",
    "summarise",
]
