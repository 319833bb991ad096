"""By how much a response changes over a sweep, and where it rises and falls."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from tools.experiments.sweep import ContrastEstimate, Sweep

SWING: Final = 0.05
"""Share of the response's range below which a turn is no turn."""
TURN_BACK: Final = 0.1
"""Share of the range by which a monotone response may run back."""
QUARTER: Final = 0.25


@dataclass(frozen=True)
class Swing:
    """A rise or fall that is real with all others at once."""

    start: int
    end: int
    change: float


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


def find_change(sweep: Sweep) -> ContrastEstimate:
    """Estimate the change from the lowest to the highest value of the cause."""
    return sweep.difference(0, sweep.mean.size - 1)


def find_trend(sweep: Sweep) -> ContrastEstimate:
    """Estimate the change from the first to the last quarter of the range, less noisy than from its ends."""
    if sweep.exact:
        return find_change(sweep)
    first, last = sweep.axis <= QUARTER, sweep.axis >= 1 - QUARTER
    return sweep.contrast(last / last.sum() - first / first.sum())


def find_largest(sweep: Sweep) -> ContrastEstimate:
    return sweep.difference(int(np.argmin(sweep.mean)), int(np.argmax(sweep.mean)))
