"""The test of a power law: its exponent, and whether it is one over the whole range."""

from typing import Final

import numpy as np

from tools.experiments.numbers import show_between
from tools.experiments.outcomes import ClaimOutcome, response_of, two_sided
from tools.experiments.schema import Effect, Experiment, Verdict
from tools.experiments.sweep import ContrastEstimate, Sweep

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
