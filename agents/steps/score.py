"""From reviewers' marks and computed checks to one score, 0–100, with its parts and how sure it is."""

import math
from collections.abc import Sequence
from statistics import fmean, stdev

from agents.checks.marking import sum_up
from agents.data_files import rubric
from agents.experiments.verdicts import UNTESTED, tested
from agents.model import can_rank
from agents.schema import Check, ClaimTest, Hypothesis, Reading, Score, Tournament, standing_tests


def make_score(
    readings: Sequence[Reading], checks: Sequence[Check], tests: Sequence[ClaimTest] | None = None
) -> Score:
    """Mix the readings' mean rubric score with what the checks sum up to.

    Where no judge is known to be able to rank, what a verdict allows caps the score. The spread is the rubric
    scores' standard deviation over readings (0–100); one reading has none.
    """
    marks = [reading.rubric for reading in readings]
    judged, computed = fmean(marks), sum_up(checks)
    judges = sorted({reading.model for reading in readings})
    share = computed_share(judges)
    verdict = None if tests is None else tested(standing_tests(tests))
    ceiling = _ceiling(judges, checks, verdict)
    mixed = (1 - share) * judged + share * computed
    return Score(
        value=round(mixed if ceiling is None else mixed * ceiling / 100, 1),
        rubric=round(judged, 1),
        computed=round(computed, 1),
        readings=len(marks),
        spread=round(stdev(marks), 1) if len(marks) > 1 else None,
        computed_share=share,
        given_by=judges,
        tested=verdict if ceiling is None else verdict or UNTESTED,
        ceiling=ceiling,
    )


def computed_share(judges: Sequence[str]) -> float:
    """Larger where every judge is known to be unable to rank."""
    return rubric().computed_share if can_rank(judges) else rubric().computed_share_if_judges_cannot_rank


def _ceiling(judges: Sequence[str], checks: Sequence[Check], verdict: str | None) -> float | None:
    """Return what may be earned without a judge; None with one, or by the checks of earlier runs."""
    recorded = any(check.of for check in checks)
    return rubric().ceiling(verdict or UNTESTED) if recorded and not can_rank(judges) else None


def ranked(hypotheses: Sequence[Hypothesis], tournament: Tournament | None = None) -> list[Hypothesis]:
    """Strongest first where a judge that can rank has ranked them; the others after those, best score first.

    What a test refuted stands below all that none did, whatever its score or strength. Equals
    stand in the order of their keys, so that a replay ranks alike.
    """
    ratings = tournament.ratings if tournament and tournament.can_rank else []
    strength = {rating.hypothesis: rating.strength for rating in ratings if rating.ranked}
    return sorted(
        hypotheses, key=lambda h: (h.refuted, -strength.get(h.key, -math.inf), -h.score.value, h.key)
    )
