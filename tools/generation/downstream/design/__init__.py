"""Inverse design: strings that a proposer varies, rated by an objective, with every evaluation counted."""

from tools.generation.downstream.design.proposers import (
    ElementSwaps,
    EvaluatedString,
    Free,
    LanguageVariations,
    Proposer,
)
from tools.generation.downstream.design.search import CostRating, DesignSearch, search

__all__ = [
    "CostRating",
    "DesignSearch",
    "ElementSwaps",
    "EvaluatedString",
    "Free",
    "LanguageVariations",
    "Proposer",
    "search",
]
