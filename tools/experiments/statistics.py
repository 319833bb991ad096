"""What a sweep says of a relation: one test each, with the error rate shared by its two ways to be wrong.

A claim is *survived* where the effect is shown, *refuted* where it is shown to be smaller than the smallest
that counts (or opposite), and *undecided* between. Each side errs with at most half the error rate; where
many differences are looked at together, Bonferroni's bound holds for all of them. Where the instrument is
exact, every bound is the value itself and there is no p-value.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from tools.experiments.outcomes import ClaimOutcome, effect_of, response_of
from tools.experiments.schema import CauseRange, Effect, Experiment, Relation, Verdict
from tools.experiments.sweep import Sweep
from tools.experiments.swings import find_change
from tools.experiments.turning_points import decide_extremum, decide_jump, decide_oscillation
from tools.experiments.whole_range import decide_equivalence, decide_monotone, decide_power, decide_saturation

TESTS: Final[Mapping[Relation, Callable[[Sweep, Experiment], ClaimOutcome]]] = {
    Relation.RISES: decide_monotone,
    Relation.FALLS: decide_monotone,
    Relation.PEAKS: decide_extremum,
    Relation.DIPS: decide_extremum,
    Relation.JUMPS: decide_jump,
    Relation.OSCILLATES: decide_oscillation,
    Relation.STAYS: decide_equivalence,
    Relation.SATURATES: decide_saturation,
    Relation.SCALES: decide_power,
}


def apply_test(sweep: Sweep, plan: Experiment) -> ClaimOutcome:
    """Apply the test of the claim's relation. The sweep needs at least three values."""
    if sweep.level and plan.claim.relation not in (Relation.STAYS, Relation.SCALES):
        told = f"the {response_of(plan)} does not change over the range"
        return ClaimOutcome(
            Verdict.REFUTED,
            told,
            effect_of("change over the range", find_change(sweep), 0.5, plan.response_unit),
        )
    outcome = TESTS[plan.claim.relation](sweep, plan)
    return _compare_position(outcome, plan)


def _compare_position(outcome: ClaimOutcome, plan: Experiment) -> ClaimOutcome:
    """Refute a claim whose extremum or threshold lies elsewhere than it says, and leave open what is unsure.

    It lies there where interval and claim share at least half of the narrower one, and the interval is no
    wide one.
    """
    if outcome.position is None:
        return outcome
    value, low, high = outcome.position
    effect = Effect(name="position", value=value, low=low, high=high, unit=plan.cause_unit)
    claimed: CauseRange | None = plan.position
    if claimed is None:
        return replace(outcome, effect=effect)
    told = f"{outcome.sentence}, and it is claimed between {claimed.low:.4g} and {claimed.high:.4g}"
    if high < claimed.low or low > claimed.high:
        return replace(outcome, verdict=Verdict.REFUTED, sentence=told, effect=effect)
    wide = high - low > (plan.values[-1] - plan.values[0]) / 2
    shared = min(high, claimed.high) - max(low, claimed.low)
    beside = shared < min(high - low, claimed.high - claimed.low) / 2
    if wide or beside:
        why = "the interval is too wide" if wide else "most of the interval lies beside that"
        return replace(outcome, verdict=Verdict.UNDECIDED, sentence=f"{told}; {why}", effect=effect)
    return replace(outcome, sentence=told, effect=effect)
