"""All checks of a text, and the one number they make."""

from collections.abc import Sequence
from statistics import fmean
from typing import Final

from agents.checks.aids import Aids
from agents.checks.directions import as_textbooks_say, numbers_as_said, one_direction
from agents.checks.falsifying import falsifier_against_prediction
from agents.checks.laws import laws_kept
from agents.checks.magnitudes import magnitudes_plausible
from agents.checks.substance import SUBSTANCE
from agents.checks.text import ProposalText
from agents.checks.units import units_fit
from agents.schema import Check

KEPT: Final = 0.65
"""Share of the whole that each contradiction leaves."""
LONGEST: Final = 600
"""Characters of what a check found."""


def mark_text(text: ProposalText, aids: Aids) -> list[Check]:
    """Return what each check found. A check that can tell nothing is absent."""
    found = [rule(text, aids) for rule in SUBSTANCE]
    found += [
        rule(text)
        for rule in (units_fit, magnitudes_plausible, numbers_as_said, one_direction, as_textbooks_say)
    ]
    found.append(falsifier_against_prediction(text))
    checks = [one for one in found if one is not None]
    return [one.model_copy(update={"how": one.how[:LONGEST]}) for one in (*checks, *laws_kept(text))]


def sum_up(checks: Sequence[Check]) -> float:
    """Return 0 to 100: the mean of what a text says, of which each contradiction takes a third.

    Checks of earlier versions all count alike.
    """
    substance = [check.mark for check in checks if check.of != "physics"]
    faults = sum(1 - check.mark for check in checks if check.of == "physics")
    return 100 * (fmean(substance) if substance else 0.0) * KEPT**faults
