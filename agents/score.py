"""From reviewers' marks and computed checks to one score, 0–100, with its parts and how sure it is."""

from collections.abc import Sequence
from statistics import fmean, stdev

from agents.data_files import rubric
from agents.schema import Check, Hypothesis, Reading, Score


def make_score(readings: Sequence[Reading], checks: Sequence[Check]) -> Score:
    """Mix the readings' mean rubric score with the checks' mean, by the rubric's `computed_share`.

    The spread is over readings, mapped like the rubric score itself (0–100); one reading has none.
    """
    marks = [reading.rubric for reading in readings]
    judged, computed = fmean(marks), 100 * fmean(check.mark for check in checks)
    share = rubric().computed_share
    return Score(
        value=round((1 - share) * judged + share * computed, 1),
        rubric=round(judged, 1),
        computed=round(computed, 1),
        readings=len(marks),
        spread=round(stdev(marks), 1) if len(marks) > 1 else None,
        given_by=sorted({reading.model for reading in readings}),
    )


def ranked(hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
    """Best score first; equal scores in the order of their perspectives, so that a replay ranks alike."""
    return sorted(hypotheses, key=lambda h: (-h.score.value, h.perspective.key))
