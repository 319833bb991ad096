"""What a sweep says of a relation: one test each, with the error rate shared by its two ways to be wrong.

A claim is *survived* where the effect is shown, *refuted* where it is shown to be smaller than the smallest
that counts (or opposite), and *undecided* between. Each side errs with at most half the error rate; where
many differences are looked at together, Bonferroni's bound holds for all of them. Where the instrument is
exact, every bound is the value itself and there is no p-value.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from tools.experiments.breaks import compare_break
from tools.experiments.numbers import show, show_between
from tools.experiments.schema import Effect, Experiment, Relation, Span, Verdict
from tools.experiments.sweep import Estimate, Sweep, Vector, pairs

SWING: Final = 0.05
"""Share of the response's range below which a turn is no turn."""
TURN_BACK: Final = 0.1
"""Share of the range by which a monotone response may run back."""
FEWEST: Final = 4
"""Values that an exponent and its bend are read from."""
SEEN: Final = 0.001
"""Share of the range that an extremum of an exact response must have: the Kondo minimum is a small one."""
FLAT, STEEP = 0.4, 0.5
"""Slope at the end over the mean slope: below the first it saturates, above the second it does not."""
RIPPLE: Final = 0.4
"""Share of the range by which a plateau may vary."""
QUARTER: Final = 0.25
END: Final = 0.7
"""Where the end of the range begins, as a share of it."""


@dataclass(frozen=True)
class Outcome:
    """What a test found. `position` is the cause at an extremum or threshold, with its interval."""

    verdict: Verdict
    sentence: str
    effect: Effect
    p_value: float | None = None
    position: tuple[float, float, float] | None = None
    overall: bool = False
    """Whether a claim that a part of the range refutes is true of the range as a whole."""


@dataclass(frozen=True)
class Swing:
    """A rise or fall that is real with all others at once."""

    start: int
    end: int
    change: float


def apply_test(sweep: Sweep, plan: Experiment) -> Outcome:
    """Apply the test of the claim's relation. The sweep needs at least three values."""
    if sweep.level and plan.claim.relation not in (Relation.STAYS, Relation.SCALES):
        told = f"the {_response(plan)} does not change over the range"
        return Outcome(
            Verdict.REFUTED,
            told,
            _effect("change over the range", find_change(sweep), 0.5, plan.response_unit),
        )
    outcome = TESTS[plan.claim.relation](sweep, plan)
    return _compare_position(outcome, plan)


def smallest(sweep: Sweep, plan: Experiment) -> float:
    """Return the smallest effect that counts, in the response's unit."""
    return plan.smallest_effect * (sweep.magnitude if plan.relative else 1.0)


def find_swings(sweep: Sweep, tail: float, threshold: float) -> list[Swing]:
    """Return rises and falls in turn, beyond the threshold; with probability `tail`, one is not real."""
    each = tail / (sweep.mean.size * (sweep.mean.size - 1))

    def shown(first: int, last: int) -> bool:
        step = sweep.difference(first, last)
        return abs(step.value) > max(threshold, step.margin(each))

    turns: list[int] = []
    low = high = direction = 0
    for place, value in enumerate(sweep.mean):
        low = place if value < sweep.mean[low] else low
        high = place if value > sweep.mean[high] else high
        if direction <= 0 and shown(low, place):
            turns.append(low)
            direction, high = 1, place
        elif direction >= 0 and shown(high, place):
            turns.append(high)
            direction, low = -1, place
    turns += [high if direction > 0 else low] if turns else []
    return [Swing(a, b, float(sweep.mean[b] - sweep.mean[a])) for a, b in pairwise(turns)]


def find_change(sweep: Sweep) -> Estimate:
    """Estimate the change from the lowest to the highest value of the cause."""
    return sweep.difference(0, sweep.mean.size - 1)


def find_trend(sweep: Sweep) -> Estimate:
    """Estimate the change from the first to the last quarter of the range, less noisy than from its ends."""
    if sweep.exact:
        return find_change(sweep)
    first, last = sweep.axis <= QUARTER, sweep.axis >= 1 - QUARTER
    return sweep.contrast(last / last.sum() - first / first.sum())


def _monotone(sweep: Sweep, plan: Experiment) -> Outcome:
    rising = plan.claim.relation is Relation.RISES
    toward = sweep if rising else sweep.flipped()
    tail, least = plan.error_rate / 2, smallest(sweep, plan)
    change, trend = find_change(toward), find_trend(toward)
    name, shown = "change over the range", find_change(sweep)
    if trend.low(tail) > 0 >= change.low(tail):
        name, shown = "change from the first to the last quarter", find_trend(sweep)
    effect = _effect(name, shown, tail, plan.response_unit)
    p_value = _two_sided(trend)
    back = [s for s in find_swings(toward, tail / 2, max(least, TURN_BACK * sweep.range)) if s.change < 0]
    told = f"the {_response(plan)} changes by {show_between(effect)} {name.removeprefix('change ')}"
    if back and change.value > 0:
        worst = min(back, key=lambda swing: swing.change)
        told = (
            f"it does not just {'rise' if rising else 'fall'}: from {_cause(plan, sweep, worst.start)} to "
            f"{_cause(plan, sweep, worst.end)} it {'falls' if rising else 'rises'} by "
            f"{abs(worst.change):.3g} {_unit(plan.response_unit)}"
        ).rstrip()
        overall = trend.low(tail) > 0 and change.value >= least
        return Outcome(Verdict.REFUTED, told, effect, p_value, overall=overall)
    if back or trend.high(tail / 2) < 0:
        return Outcome(Verdict.REFUTED, f"{told}, the other way", effect, p_value)
    if change.high(tail / 2) < least or (sweep.exact and change.value <= 0):
        return Outcome(Verdict.REFUTED, f"{told}, less than counts", effect, p_value)
    if trend.low(tail) > 0 and change.value >= least:
        word = "rises" if rising else "falls"
        return Outcome(Verdict.SURVIVED, f"{told}: it {word}", effect, p_value)
    return Outcome(Verdict.UNDECIDED, f"{told}, which decides nothing", effect, p_value)


def _extremum(sweep: Sweep, plan: Experiment) -> Outcome:
    up = sweep if plan.claim.relation is Relation.PEAKS else sweep.flipped()
    word = "maximum" if plan.claim.relation is Relation.PEAKS else "minimum"
    share = SEEN if sweep.exact else 0.01
    tail, least = plan.error_rate / 2, max(smallest(sweep, plan), share * sweep.range)
    inner = range(1, up.mean.size - 1)
    each = tail / max(len(inner), 1)
    sides = {j: (up.difference(0, j), up.difference(up.mean.size - 1, j)) for j in inner}
    best = max(inner, key=lambda j: min(side.low(each) for side in sides[j]))
    lower = min(sides[best], key=lambda side: side.low(each))
    effect = _effect(f"{word} beyond both ends", lower, each, plan.response_unit)
    p_values = [side.p_above() for side in sides[best]]
    p_value = (
        None if None in p_values else min(1.0, 2 * len(inner) * max(p for p in p_values if p is not None))
    )
    swings = find_swings(up, tail, max(least, SWING * sweep.range))
    falls = sorted((abs(s.change) for s in swings), reverse=True)
    if len(falls) > 3 and falls[3] > falls[0] / 2:  # noqa: PLR2004 - a peak has two sides
        return Outcome(
            Verdict.REFUTED, f"there are {len(falls) - 1} turns and no single {word}", effect, p_value
        )
    if effect.low > 0 and lower.value >= least:
        place = _locate_extremum(up, tail)
        at = _span(plan, *place)
        return Outcome(
            Verdict.SURVIVED, f"there is a {word} of the {_response(plan)} at {at}", effect, p_value, place
        )
    if sweep.exact and lower.value > smallest(sweep, plan):
        told = f"there is a {word} of the {_response(plan)}, but it is smaller than what would count"
        return Outcome(Verdict.UNDECIDED, told, effect, p_value)
    margin = max(least, TURN_BACK * sweep.range)
    if all(min(side.high(tail / 2) for side in pair) < margin for pair in sides.values()):
        end = "lower" if up.mean[0] > up.mean[-1] else "upper"
        told = f"there is no {word} inside the range: the {_response(plan)} is largest at its {end} end"
        told = told if word == "maximum" else told.replace("largest", "smallest")
        return Outcome(Verdict.REFUTED, told, effect, p_value)
    return Outcome(Verdict.UNDECIDED, f"a {word} is neither shown nor excluded", effect, p_value)


def _locate_extremum(up: Sweep, tail: float) -> tuple[float, float, float]:
    top = int(np.argmax(up.mean))
    near = [j for j in range(up.mean.size) if j == top or up.difference(j, top).low(tail) <= 0]
    low, high = max(min(near) - 1, 0), min(max(near) + 1, up.mean.size - 1)
    return float(up.cause[top]), float(up.cause[low]), float(up.cause[high])


def _jump(sweep: Sweep, plan: Experiment) -> Outcome:
    tail, least = plan.error_rate / 2, smallest(sweep, plan)
    largest = _largest(sweep)
    effect = _effect("largest difference", largest, tail / len(pairs(sweep.mean.size)), plan.response_unit)
    if effect.high < least or not sweep.range:
        return Outcome(Verdict.REFUTED, f"the {_response(plan)} hardly changes over the range", effect)
    found = compare_break(sweep, seed=plan.seed)
    at = _span(plan, *found.position)
    if found.evidence > 0 and found.decides(tail, supports=True):
        told = (
            f"the {_response(plan)} has a threshold at {at}: two pieces explain it better than a smooth curve"
        )
        return Outcome(Verdict.SURVIVED, told, effect, found.p_smooth, found.position)
    if found.evidence < 0 and found.decides(tail, supports=False):
        told = f"a smooth curve explains the {_response(plan)} at least as well as a threshold"
        return Outcome(Verdict.REFUTED, told, effect, found.p_smooth)
    return Outcome(
        Verdict.UNDECIDED, f"a threshold at {at} is neither shown nor excluded", effect, found.p_smooth
    )


def _oscillation(sweep: Sweep, plan: Experiment) -> Outcome:
    tail, least = plan.error_rate / 2, smallest(sweep, plan)
    largest = _largest(sweep)
    each = tail / len(pairs(sweep.mean.size))
    effect = _effect("largest swing", largest, each, plan.response_unit)
    swings = find_swings(sweep, tail, max(least, SWING * sweep.range))
    sizes = sorted((abs(s.change) for s in swings), reverse=True)
    p_value = _two_sided(largest, len(pairs(sweep.mean.size)))
    if len(sizes) >= 3 and sizes[2] > 0.2 * sizes[0]:  # noqa: PLR2004 - up, down, up
        turns = [swing.end for swing in swings[:-1]]
        told = f"the {_response(plan)} turns {len(turns)} times"
        if len(turns) > 1:
            period = 2 * float(sweep.cause[turns[-1]] - sweep.cause[turns[0]]) / (len(turns) - 1)
            step = float(np.diff(sweep.cause).max())
            told += f", with a period of about {show(period, step)} {_unit(plan.cause_unit)}".rstrip()
        return Outcome(Verdict.SURVIVED, told, effect, p_value)
    quiet = largest.margin(each) < TURN_BACK * sweep.range
    if effect.high < least or (len(swings) < 2 and (sweep.exact or quiet)):  # noqa: PLR2004
        told = f"the {_response(plan)} turns {'once' if len(swings) > 1 else 'nowhere'} in the range"
        return Outcome(Verdict.REFUTED, told, effect, p_value)
    return Outcome(Verdict.UNDECIDED, "too few turns are certain to speak of an oscillation", effect, p_value)


def _equivalence(sweep: Sweep, plan: Experiment) -> Outcome:
    """Two one-sided tests on every pair of values (Schuirmann 1987, doi:10.1007/BF01068419)."""
    tail, least = plan.error_rate / 2, smallest(sweep, plan)
    steps = [sweep.difference(i, j) for i, j in pairs(sweep.mean.size)]
    largest = _largest(sweep)
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
    told = f"over the range the {_response(plan)} changes by {show_between(effect)} at most"
    bound = f"{show(least, least / 10)} {_unit(plan.response_unit)}".rstrip()
    p_value = _two_sided(largest, len(steps))
    if upper < least or (sweep.exact and upper <= least):
        return Outcome(Verdict.SURVIVED, f"{told}, less than the {bound} that would count", effect, p_value)
    if max(lower, drift) > least:
        return Outcome(Verdict.REFUTED, f"{told}, more than the {bound} that would count", effect, p_value)
    return Outcome(Verdict.UNDECIDED, f"{told}, and {bound} would count", effect, p_value)


def _saturation(sweep: Sweep, plan: Experiment) -> Outcome:
    tail, least = plan.error_rate / 2, smallest(sweep, plan)
    rise = np.zeros(sweep.mean.size)
    rise[0], rise[-1] = -1, 1
    total = sweep.contrast(rise)
    effect = _effect("rise over the range", total, tail, plan.response_unit)
    p_value = _two_sided(total)
    back = [s for s in find_swings(sweep, tail, max(least, RIPPLE * sweep.range)) if s.change < 0]
    if back or total.high(tail) < least or total.high(tail) <= 0:
        told = "it falls again" if back and total.value > 0 else "it does not rise"
        return Outcome(Verdict.REFUTED, f"{told} over the range", effect, p_value)
    if total.low(tail) <= 0 or total.value < least:
        return Outcome(Verdict.UNDECIDED, "a rise is neither shown nor excluded", effect, p_value)
    linear = (sweep.cause - sweep.cause[0]) / np.ptp(sweep.cause)
    slope = min((_end_slope(axis) for axis in (sweep.axis, linear)), key=lambda w: float(w @ sweep.mean))
    share = float(slope @ sweep.mean) / total.value
    told = f"at the end of the range the slope is {share:.2g} of its mean"
    if sweep.contrast(slope - FLAT * rise).high(tail) < 0:
        return Outcome(Verdict.SURVIVED, f"it rises and saturates: {told}", effect, p_value)
    if sweep.contrast(slope - STEEP * rise).low(tail) > 0:
        return Outcome(Verdict.REFUTED, f"it rises and does not saturate: {told}", effect, p_value)
    return Outcome(Verdict.UNDECIDED, f"it rises, and {told}", effect, p_value)


def _end_slope(axis: Vector) -> Vector:
    """Return the weights of the slope at the end of an axis that runs from 0 to 1."""
    ending = axis >= END
    if ending.sum() < 2:  # noqa: PLR2004 - a slope needs two
        ending[-2:] = True
    centred = np.where(ending, axis - axis[ending].mean(), 0.0)
    weights: Vector = centred / (centred**2).sum()
    return weights


def _power(sweep: Sweep, plan: Experiment) -> Outcome:
    tail = plan.error_rate / 2
    y = sweep if sweep.mean.sum() > 0 else sweep.flipped()
    unclear = y.mean <= 3 * y.std
    nothing = Effect(name="exponent", value=0, low=0, high=0, unit="1")
    if (y.mean[y.std == 0] <= 0).any() or unclear.sum() > y.mean.size // 2:
        sure = (y.mean < -3 * y.std).any() or y.exact
        told = f"the {_response(plan)} is not of one sign over the range, so it is no power of the cause"
        return Outcome(Verdict.REFUTED if sure else Verdict.UNDECIDED, told, nothing)
    keep = sweep.cause > 0
    if not y.exact:
        keep &= ~unclear
    if keep.sum() < FEWEST:
        told = f"too few positive values of the {plan.cause.replace('_', ' ')} were measured for a power law"
        return Outcome(Verdict.UNDECIDED, told, nothing)
    x = np.log(sweep.cause[keep])
    logs = Sweep(x, x, np.log(y.mean[keep]), y.std[keep] / y.mean[keep], y.freedom[keep])
    exponent, bend = _slope(logs), _bend(logs)
    low, high = exponent.low(tail), exponent.high(tail)
    if logs.exact:
        half = abs(bend.value) / 2
        low, high = exponent.value - half, exponent.value + half
    effect = Effect(name="exponent", value=exponent.value, low=low, high=high, unit="1")
    p_value = _two_sided(exponent)
    if abs(bend.value) - bend.margin(tail / 2) > max(0.2, 0.3 * abs(exponent.value)):
        ends = exponent.value - bend.value / 2, exponent.value + bend.value / 2
        told = f"it is not one power: the local exponent runs from {ends[0]:.2g} to {ends[1]:.2g}"
        return Outcome(Verdict.REFUTED, told, effect, p_value)
    return _compare_exponent(effect, p_value, plan)


def _compare_exponent(effect: Effect, p_value: float | None, plan: Experiment) -> Outcome:
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
    return Outcome(verdict, told, effect, p_value)


def _slope(logs: Sweep) -> Estimate:
    weight = np.ones(logs.mean.size) if logs.exact else 1 / np.maximum(logs.std, np.median(logs.std) / 3) ** 2
    centred = logs.axis - (weight * logs.axis).sum() / weight.sum()
    return logs.contrast(weight * centred / (weight * centred**2).sum())


def _bend(logs: Sweep) -> Estimate:
    """Estimate by how much the local exponent changes over the range: the second-order term of a parabola."""
    design = np.vander(logs.axis - logs.axis.mean(), 3)
    return logs.contrast(2 * np.ptp(logs.axis) * np.linalg.pinv(design)[0])


def _largest(sweep: Sweep) -> Estimate:
    return sweep.difference(int(np.argmin(sweep.mean)), int(np.argmax(sweep.mean)))


def _two_sided(estimate: Estimate, looks: int = 1) -> float | None:
    p_value = Estimate(abs(estimate.value), estimate.error, estimate.freedom).p_above()
    return None if p_value is None else min(1.0, 2 * looks * p_value)


def _effect(name: str, estimate: Estimate, tail: float, unit: str) -> Effect:
    return Effect(
        name=name, value=estimate.value, low=estimate.low(tail), high=estimate.high(tail), unit=unit
    )


def _compare_position(outcome: Outcome, plan: Experiment) -> Outcome:
    """Refute a claim whose extremum or threshold lies elsewhere than it says."""
    if outcome.position is None:
        return outcome
    value, low, high = outcome.position
    effect = Effect(name="position", value=value, low=low, high=high, unit=plan.cause_unit)
    claimed: Span | None = plan.position
    if claimed is None:
        return replace(outcome, effect=effect)
    told = f"{outcome.sentence}, and it is claimed between {claimed.low:.4g} and {claimed.high:.4g}"
    if high < claimed.low or low > claimed.high:
        return replace(outcome, verdict=Verdict.REFUTED, sentence=told, effect=effect)
    wide = high - low > (plan.values[-1] - plan.values[0]) / 2
    return replace(
        outcome, verdict=Verdict.UNDECIDED if wide else outcome.verdict, sentence=told, effect=effect
    )


def _response(plan: Experiment) -> str:
    return plan.response.replace("_", " ")


def _unit(unit: str) -> str:
    return "" if unit == "1" else unit


def _cause(plan: Experiment, sweep: Sweep, place: int) -> str:
    return f"{sweep.cause[place]:.4g} {_unit(plan.cause_unit)}".rstrip()


def _span(plan: Experiment, value: float, low: float, high: float) -> str:
    return f"{show(value, high - low)} {_unit(plan.cause_unit)} ({low:.4g} to {high:.4g})".replace("  ", " ")


TESTS: Final[Mapping[Relation, Callable[[Sweep, Experiment], Outcome]]] = {
    Relation.RISES: _monotone,
    Relation.FALLS: _monotone,
    Relation.PEAKS: _extremum,
    Relation.DIPS: _extremum,
    Relation.JUMPS: _jump,
    Relation.OSCILLATES: _oscillation,
    Relation.STAYS: _equivalence,
    Relation.SATURATES: _saturation,
    Relation.SCALES: _power,
}
