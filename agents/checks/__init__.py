"""Checks that need no model. `first` holds those of runs made before checks were recorded."""

from agents.checks.aids import Aids
from agents.checks.checker import Checked, HypothesisToCheck, ProposalChecker
from agents.checks.first import CheckSubject, prediction_given, run_checks
from agents.checks.marking import mark_text, sum_up
from agents.checks.text import Draft
from agents.checks.trial import ClaimBench, ClaimTrial

__all__ = [
    "Aids",
    "CheckSubject",
    "Checked",
    "ClaimBench",
    "ClaimTrial",
    "Draft",
    "HypothesisToCheck",
    "ProposalChecker",
    "mark_text",
    "prediction_given",
    "run_checks",
    "sum_up",
]
