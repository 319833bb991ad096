"""Tests of what lies inside the range: an extremum, a threshold, an oscillation."""

from typing import Final

import numpy as np

from tools.experiments.breaks import compare_break
from tools.experiments.outcomes import (
    ClaimOutcome,
    effect_of,
    response_of,
    smallest,
    span_of,
    two_sided,
    unit_of,
)
from tools.experiments.schema import Experiment, Relation, Verdict
from tools.experiments.sweep import Sweep, pairs
from tools.experiments.swings import SWING, TURN_BACK, find_largest, find_swings
from tools.experiments.units import show

SEEN: Final = 0.001
"""Share of the range that an extremum of an exact response must have: the Kondo minimum is a small one."""


def decide_extremum(sweep: Sweep, plan: Experiment) -> ClaimOutcome:
    up = sweep if plan.claim.relation is Relation.PEAKS else sweep.flipped()
    word = "maximum" if plan.claim.relation is Relation.PEAKS else "minimum"
    share = SEEN if sweep.exact else 0.01
    tail, least = plan.error_rate / 2, max(smallest(sweep, plan), share * sweep.range)
    inner = range(1, up.mean.size - 1)
    each = tail / max(len(inner), 1)
    sides = {j: (up.difference(0, j), up.difference(up.mean.size - 1, j)) for j in inner}
    best = max(inner, key=lambda j: min(side.low(each) for side in sides[j]))
    lower = min(sides[best], key=lambda side: side.low(each))
    effect = effect_of(f"{word} beyond both ends", lower, each, plan.response_unit)
    p_values = [side.p_above() for side in sides[best]]
    p_value = (
        None if None in p_values else min(1.0, 2 * len(inner) * max(p for p in p_values if p is not None))
    )
    swings = find_swings(up, tail, max(least, SWING * sweep.range))
    falls = sorted((abs(s.change) for s in swings), reverse=True)
    if len(falls) > 3 and falls[3] > falls[0] / 2:  # noqa: PLR2004 - a peak has two sides
        return ClaimOutcome(
            Verdict.REFUTED, f"there are {len(falls) - 1} turns and no single {word}", effect, p_value
        )
    if effect.low > 0 and lower.value >= least:
        place = _locate_extremum(up, tail)
        at = span_of(plan, *place)
        return ClaimOutcome(
            Verdict.SURVIVED, f"there is a {word} of the {response_of(plan)} at {at}", effect, p_value, place
        )
    if sweep.exact and lower.value > smallest(sweep, plan):
        told = f"there is a {word} of the {response_of(plan)}, but it is smaller than what would count"
        return ClaimOutcome(Verdict.UNDECIDED, told, effect, p_value)
    margin = max(least, TURN_BACK * sweep.range)
    if all(min(side.high(tail / 2) for side in pair) < margin for pair in sides.values()):
        end = "lower" if up.mean[0] > up.mean[-1] else "upper"
        told = f"there is no {word} inside the range: the {response_of(plan)} is largest at its {end} end"
        told = told if word == "maximum" else told.replace("largest", "smallest")
        return ClaimOutcome(Verdict.REFUTED, told, effect, p_value)
    return ClaimOutcome(Verdict.UNDECIDED, f"a {word} is neither shown nor excluded", effect, p_value)


def _locate_extremum(up: Sweep, tail: float) -> tuple[float, float, float]:
    top = int(np.argmax(up.mean))
    near = [j for j in range(up.mean.size) if j == top or up.difference(j, top).low(tail) <= 0]
    low, high = max(min(near) - 1, 0), min(max(near) + 1, up.mean.size - 1)
    return float(up.cause[top]), float(up.cause[low]), float(up.cause[high])


def decide_jump(sweep: Sweep, plan: Experiment) -> ClaimOutcome:
    tail, least = plan.error_rate / 2, smallest(sweep, plan)
    largest = find_largest(sweep)
    effect = effect_of("largest difference", largest, tail / len(pairs(sweep.mean.size)), plan.response_unit)
    if effect.high < least or not sweep.range:
        return ClaimOutcome(Verdict.REFUTED, f"the {response_of(plan)} hardly changes over the range", effect)
    found = compare_break(sweep, seed=plan.seed)
    at = span_of(plan, *found.position)
    if found.evidence > 0 and found.decides(tail, supports=True):
        told = (
            f"the {response_of(plan)} has a threshold at {at}: "
            "two pieces explain it better than a smooth curve"
        )
        return ClaimOutcome(Verdict.SURVIVED, told, effect, found.p_smooth, found.position)
    if found.evidence < 0 and found.decides(tail, supports=False):
        told = f"a smooth curve explains the {response_of(plan)} at least as well as a threshold"
        return ClaimOutcome(Verdict.REFUTED, told, effect, found.p_smooth)
    return ClaimOutcome(
        Verdict.UNDECIDED, f"a threshold at {at} is neither shown nor excluded", effect, found.p_smooth
    )


def decide_oscillation(sweep: Sweep, plan: Experiment) -> ClaimOutcome:
    tail, least = plan.error_rate / 2, smallest(sweep, plan)
    largest = find_largest(sweep)
    each = tail / len(pairs(sweep.mean.size))
    effect = effect_of("largest swing", largest, each, plan.response_unit)
    swings = find_swings(sweep, tail, max(least, SWING * sweep.range))
    sizes = sorted((abs(s.change) for s in swings), reverse=True)
    p_value = two_sided(largest, len(pairs(sweep.mean.size)))
    if len(sizes) >= 3 and sizes[2] > 0.2 * sizes[0]:  # noqa: PLR2004 - up, down, up
        turns = [swing.end for swing in swings[:-1]]
        told = f"the {response_of(plan)} turns {len(turns)} times"
        if len(turns) > 1:
            period = 2 * float(sweep.cause[turns[-1]] - sweep.cause[turns[0]]) / (len(turns) - 1)
            step = float(np.diff(sweep.cause).max())
            told += f", with a period of about {show(period, step)} {unit_of(plan.cause_unit)}".rstrip()
        return ClaimOutcome(Verdict.SURVIVED, told, effect, p_value)
    quiet = largest.margin(each) < TURN_BACK * sweep.range
    if effect.high < least or (len(swings) < 2 and (sweep.exact or quiet)):  # noqa: PLR2004
        told = f"the {response_of(plan)} turns {'once' if len(swings) > 1 else 'nowhere'} in the range"
        return ClaimOutcome(Verdict.REFUTED, told, effect, p_value)
    return ClaimOutcome(
        Verdict.UNDECIDED, "too few turns are certain to speak of an oscillation", effect, p_value
    )
