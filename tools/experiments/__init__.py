"""Experiments: match a claim to an instrument, write the plan down, run it, and give a verdict."""

from tools.experiments.schema import (
    Comparator,
    Effect,
    Experiment,
    Falsifier,
    Figure,
    Point,
    Relation,
    Result,
    Span,
    TypedClaim,
    Verdict,
)

__all__ = [
    "Comparator",
    "Effect",
    "Experiment",
    "Falsifier",
    "Figure",
    "Point",
    "Relation",
    "Result",
    "Span",
    "TypedClaim",
    "Verdict",
]
