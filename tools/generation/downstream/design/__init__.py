"""Inverse design: strings that a proposer varies, rated by an objective, with every evaluation counted."""

from tools.generation.downstream.design.proposers import (
    ElementSwaps,
    EvaluatedString,
    Free,
    LanguageVariations,
    Proposer,
)
from tools.generation.downstream.design.search import Rating, Trial, search

__all__ = [
    "ElementSwaps",
    "EvaluatedString",
    "Free",
    "LanguageVariations",
    "Proposer",
    "Rating",
    "Trial",
    "search",
]
