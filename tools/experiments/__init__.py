"""Experiments: match a claim to an instrument, write the plan down, run it, and give a verdict."""

from tools.experiments.schema import (
    CauseRange,
    ClaimLine,
    Comparator,
    Effect,
    Experiment,
    ExperimentResult,
    Falsifier,
    InstrumentMatch,
    Relation,
    ResponsePoint,
    Shortlist,
    TypedClaim,
    ValueWithUnit,
    Verdict,
)
from tools.experiments.tool import SWEEP, TEST_CLAIM

__all__ = [
    "SWEEP",
    "TEST_CLAIM",
    "CauseRange",
    "ClaimLine",
    "Comparator",
    "Effect",
    "Experiment",
    "ExperimentResult",
    "Falsifier",
    "InstrumentMatch",
    "Relation",
    "ResponsePoint",
    "Shortlist",
    "TypedClaim",
    "ValueWithUnit",
    "Verdict",
]
