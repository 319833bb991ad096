"""Experiments: match a claim to an instrument, write the plan down, run it, and give a verdict."""

from tools.experiments.schema import (
    ClaimLine,
    Comparator,
    Effect,
    Experiment,
    Falsifier,
    Figure,
    Match,
    Point,
    Relation,
    Result,
    Shortlist,
    Span,
    TypedClaim,
    Verdict,
)
from tools.experiments.tool import SWEEP, TEST_CLAIM

__all__ = [
    "SWEEP",
    "TEST_CLAIM",
    "ClaimLine",
    "Comparator",
    "Effect",
    "Experiment",
    "Falsifier",
    "Figure",
    "Match",
    "Point",
    "Relation",
    "Result",
    "Shortlist",
    "Span",
    "TypedClaim",
    "Verdict",
]
