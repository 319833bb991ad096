"""Checks that need no model. `first` holds those of runs made before checks were recorded."""

from agents.checks.aids import Aids
from agents.checks.desk import Checked, Desk, ToCheck
from agents.checks.first import Subject, prediction_given, run_checks
from agents.checks.marking import mark_text, sum_up
from agents.checks.text import Draft
from agents.checks.trial import Bench, Trial

__all__ = [
    "Aids",
    "Bench",
    "Checked",
    "Desk",
    "Draft",
    "Subject",
    "ToCheck",
    "Trial",
    "mark_text",
    "prediction_given",
    "run_checks",
    "sum_up",
]
