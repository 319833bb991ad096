"""Tests of a response over its whole range: it rises, falls, stays, saturates, or is a power of the cause."""

from typing import Final

import numpy as np

from tools.experiments.outcomes import (
    ClaimOutcome,
    cause_at,
    effect_of,
    response_of,
    smallest,
    two_sided,
    unit_of,
)
from tools.experiments.schema import Effect, Experiment, Relation, Verdict
from tools.experiments.sweep import ContrastEstimate, Sweep, Vector, pairs
from tools.experiments.swings import TURN_BACK, find_change, find_largest, find_swings, find_trend
from tools.experiments.units import show, show_between

FLAT, STEEP = 0.4, 0.5
"""Slope at the end over the mean slope: below the first it saturates, above the second it does not."""
RIPPLE: Final = 0.4
"""Share of the range by which a plateau may vary."""
END: Final = 0.7
"""Where the end of the range begins, as a share of it."""


def decide_monotone(sweep: Sweep, plan: Experiment) -> ClaimOutcome:
    rising = plan.claim.relation is Relation.RISES
    toward = sweep if rising else sweep.flipped()
    tail, least = plan.error_rate / 2, smallest(sweep, plan)
    change, trend = find_change(toward), find_trend(toward)
    name, shown = "change over the range", find_change(sweep)
    if trend.low(tail) > 0 >= change.low(tail):
        name, shown = "change from the first to the last quarter", find_trend(sweep)
    effect = effect_of(name, shown, tail, plan.response_unit)
    p_value = two_sided(trend)
    back = [s for s in find_swings(toward, tail / 2, max(least, TURN_BACK * sweep.range)) if s.change < 0]
    told = f"the {response_of(plan)} changes by {show_between(effect)} {name.removeprefix('change ')}"
    if back and change.value > 0:
        worst = min(back, key=lambda swing: swing.change)
        told = (
            f"it does not just {'rise' if rising else 'fall'}: from {cause_at(plan, sweep, worst.start)} to "
            f"{cause_at(plan, sweep, worst.end)} it {'falls' if rising else 'rises'} by "
            f"{abs(worst.change):.3g} {unit_of(plan.response_unit)}"
        ).rstrip()
        overall = trend.low(tail) > 0 and change.value >= least
        return ClaimOutcome(Verdict.REFUTED, told, effect, p_value, overall=overall)
    if back or trend.high(tail / 2) < 0:
        return ClaimOutcome(Verdict.REFUTED, f"{told}, the other way", effect, p_value)
    if change.high(tail / 2) < least or (sweep.exact and change.value <= 0):
        return ClaimOutcome(Verdict.REFUTED, f"{told}, less than counts", effect, p_value)
    if trend.low(tail) > 0 and change.value >= least:
        word = "rises" if rising else "falls"
        return ClaimOutcome(Verdict.SURVIVED, f"{told}: it {word}", effect, p_value)
    return ClaimOutcome(Verdict.UNDECIDED, f"{told}, which decides nothing", effect, p_value)


def decide_equivalence(sweep: Sweep, plan: Experiment) -> ClaimOutcome:
    """Two one-sided tests on every pair of values (Schuirmann 1987, doi:10.1007/BF01068419)."""
    tail, least = plan.error_rate / 2, smallest(sweep, plan)
    steps = [sweep.difference(i, j) for i, j in pairs(sweep.mean.size)]
    largest = find_largest(sweep)
    upper = max(max(abs(step.high(tail)), abs(step.low(tail))) for step in steps)
    each = tail / (2 * len(steps))
    lower = max(abs(step.value) - step.margin(each) for step in steps)
    trend = find_trend(sweep)
    drift = abs(trend.value) - trend.margin(tail / 4)
    effect = Effect(
        name="largest difference",
        value=largest.value,
        low=max(0.0, largest.low(tail)),
        high=upper,
        unit=plan.response_unit,
    )
    told = f"over the range the {response_of(plan)} changes by {show_between(effect)} at most"
    bound = f"{show(least, least / 10)} {unit_of(plan.response_unit)}".rstrip()
    p_value = two_sided(largest, len(steps))
    if upper < least or (sweep.exact and upper <= least):
        return ClaimOutcome(
            Verdict.SURVIVED, f"{told}, less than the {bound} that would count", effect, p_value
        )
    if max(lower, drift) > least:
        return ClaimOutcome(
            Verdict.REFUTED, f"{told}, more than the {bound} that would count", effect, p_value
        )
    return ClaimOutcome(Verdict.UNDECIDED, f"{told}, and {bound} would count", effect, p_value)


def decide_saturation(sweep: Sweep, plan: Experiment) -> ClaimOutcome:
    tail, least = plan.error_rate / 2, smallest(sweep, plan)
    rise = np.zeros(sweep.mean.size)
    rise[0], rise[-1] = -1, 1
    total = sweep.contrast(rise)
    effect = effect_of("rise over the range", total, tail, plan.response_unit)
    p_value = two_sided(total)
    back = [s for s in find_swings(sweep, tail, max(least, RIPPLE * sweep.range)) if s.change < 0]
    if back or total.high(tail) < least or total.high(tail) <= 0:
        told = "it falls again" if back and total.value > 0 else "it does not rise"
        return ClaimOutcome(Verdict.REFUTED, f"{told} over the range", effect, p_value)
    if total.low(tail) <= 0 or total.value < least:
        return ClaimOutcome(Verdict.UNDECIDED, "a rise is neither shown nor excluded", effect, p_value)
    linear = (sweep.cause - sweep.cause[0]) / np.ptp(sweep.cause)
    slope = min((_end_slope(axis) for axis in (sweep.axis, linear)), key=lambda w: float(w @ sweep.mean))
    share = float(slope @ sweep.mean) / total.value
    told = f"at the end of the range the slope is {share:.2g} of its mean"
    if sweep.contrast(slope - FLAT * rise).high(tail) < 0:
        return ClaimOutcome(Verdict.SURVIVED, f"it rises and saturates: {told}", effect, p_value)
    if sweep.contrast(slope - STEEP * rise).low(tail) > 0:
        return ClaimOutcome(Verdict.REFUTED, f"it rises and does not saturate: {told}", effect, p_value)
    return ClaimOutcome(Verdict.UNDECIDED, f"it rises, and {told}", effect, p_value)


def _end_slope(axis: Vector) -> Vector:
    """Return the weights of the slope at the end of an axis that runs from 0 to 1."""
    ending = axis >= END
    if ending.sum() < 2:  # noqa: PLR2004 - a slope needs two
        ending[-2:] = True
    centred = np.where(ending, axis - axis[ending].mean(), 0.0)
    weights: Vector = centred / (centred**2).sum()
    return weights


FEWEST: Final = 4
"""Values that an exponent and its bend are read from."""


def decide_power(sweep: Sweep, plan: Experiment) -> ClaimOutcome:
    tail = plan.error_rate / 2
    y = sweep if sweep.mean.sum() > 0 else sweep.flipped()
    unclear = y.mean <= 3 * y.std
    nothing = Effect(name="exponent", value=0, low=0, high=0, unit="1")
    if (y.mean[y.std == 0] <= 0).any() or unclear.sum() > y.mean.size // 2:
        sure = (y.mean < -3 * y.std).any() or y.exact
        told = f"the {response_of(plan)} is not of one sign over the range, so it is no power of the cause"
        return ClaimOutcome(Verdict.REFUTED if sure else Verdict.UNDECIDED, told, nothing)
    keep = sweep.cause > 0
    if not y.exact:
        keep &= ~unclear
    if keep.sum() < FEWEST:
        told = f"too few positive values of the {plan.cause.replace('_', ' ')} were measured for a power law"
        return ClaimOutcome(Verdict.UNDECIDED, told, nothing)
    x = np.log(sweep.cause[keep])
    logs = Sweep(x, x, np.log(y.mean[keep]), y.std[keep] / y.mean[keep], y.freedom[keep])
    exponent, bend = _slope(logs), _bend(logs)
    low, high = exponent.low(tail), exponent.high(tail)
    if logs.exact:
        half = abs(bend.value) / 2
        low, high = exponent.value - half, exponent.value + half
    effect = Effect(name="exponent", value=exponent.value, low=low, high=high, unit="1")
    p_value = two_sided(exponent)
    if abs(bend.value) - bend.margin(tail / 2) > max(0.2, 0.3 * abs(exponent.value)):
        ends = exponent.value - bend.value / 2, exponent.value + bend.value / 2
        told = f"it is not one power: the local exponent runs from {ends[0]:.2g} to {ends[1]:.2g}"
        return ClaimOutcome(Verdict.REFUTED, told, effect, p_value)
    return _compare_exponent(effect, p_value, plan)


def _compare_exponent(effect: Effect, p_value: float | None, plan: Experiment) -> ClaimOutcome:
    """Two one-sided tests against the claimed exponent; without one, whether it differs from zero."""
    low, high, least = effect.low, effect.high, plan.smallest_effect
    told = f"the exponent is {show_between(effect)}"
    if plan.exponent is None:
        shown, excluded = low > least or high < -least, max(abs(low), abs(high)) < least
    else:
        told += f", and {plan.exponent:.4g} is claimed"
        shown = plan.exponent - least <= low and high <= plan.exponent + least
        excluded = high < plan.exponent - least or low > plan.exponent + least
    if p_value is None and plan.exponent is not None:
        shown = abs(effect.value - plan.exponent) <= least
        excluded = not shown
    verdict = Verdict.SURVIVED if shown else Verdict.REFUTED if excluded else Verdict.UNDECIDED
    return ClaimOutcome(verdict, told, effect, p_value)


def _slope(logs: Sweep) -> ContrastEstimate:
    weight = np.ones(logs.mean.size) if logs.exact else 1 / np.maximum(logs.std, np.median(logs.std) / 3) ** 2
    centred = logs.axis - (weight * logs.axis).sum() / weight.sum()
    return logs.contrast(weight * centred / (weight * centred**2).sum())


def _bend(logs: Sweep) -> ContrastEstimate:
    """Estimate by how much the local exponent changes over the range: the second-order term of a parabola."""
    design = np.vander(logs.axis - logs.axis.mean(), 3)
    return logs.contrast(2 * np.ptp(logs.axis) * np.linalg.pinv(design)[0])
