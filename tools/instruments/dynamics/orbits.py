"""Orbits of flows and what is read from them: plain numbers, as numpy is no faster for three variables."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from tools.instruments.contract import InstrumentError, OutsideValidity

Flow = Callable[[float, tuple[float, ...]], tuple[float, ...]]
APART: Final = 1e-8
"""Distance of the two orbits between which a Lyapunov exponent is measured."""
BATCHES: Final = 10
ALIKE: Final = 2e-3
"""Maxima that differ by less than this share of the range are one."""
MOST: Final = 32
STILL: Final = 1e-3
"""A range below this share of the values counts as rest."""


def step(flow: Flow, t: float, state: tuple[float, ...], dt: float) -> tuple[float, ...]:
    """Return the state a step of Runge and Kutta's fourth order later."""
    a = flow(t, state)
    b = flow(t + dt / 2, tuple(x + dt / 2 * k for x, k in zip(state, a, strict=True)))
    c = flow(t + dt / 2, tuple(x + dt / 2 * k for x, k in zip(state, b, strict=True)))
    d = flow(t + dt, tuple(x + dt * k for x, k in zip(state, c, strict=True)))
    return tuple(
        x + dt / 6 * (p + 2 * q + 2 * r + s) for x, p, q, r, s in zip(state, a, b, c, d, strict=True)
    )


def orbit(
    flow: Flow, start: tuple[float, ...], dt: float, steps: int, skipped: int = 0
) -> list[tuple[float, ...]]:
    """Return the states after each step, the first `skipped` left out. Raises InstrumentError at infinity."""
    state, found = start, []
    for n in range(skipped + steps):
        state = step(flow, n * dt, state, dt)
        if n >= skipped:
            found.append(state)
    if not all(map(math.isfinite, state)):
        raise InstrumentError("the orbit runs to infinity: take weaker settings")
    return found


def lyapunov(
    flow: Flow, start: tuple[float, ...], dt: float, *, steps: int, skipped: int, every: int
) -> tuple[float, float]:
    """Return the largest exponent and its uncertainty (Benettin et al., Meccanica 15, 9 (1980))."""
    here = start
    for n in range(skipped):
        here = step(flow, n * dt, here, dt)
    there = (here[0] + APART, *here[1:])
    rates = []
    for n in range(skipped, skipped + steps):
        here, there = step(flow, n * dt, here, dt), step(flow, n * dt, there, dt)
        if (n - skipped + 1) % every == 0:
            distance = math.dist(here, there)
            rates.append(math.log(max(distance, 1e-300) / APART) / (every * dt))
            scale = APART / max(distance, 1e-300)
            there = tuple(x + (y - x) * scale for x, y in zip(here, there, strict=True))
    return batched(rates)


def batched(values: Sequence[float]) -> tuple[float, float]:
    """Return the mean and its uncertainty from the scatter of ten batch means."""
    size = len(values) // BATCHES
    means = [sum(values[k * size : (k + 1) * size]) / size for k in range(BATCHES)]
    mean = sum(means) / BATCHES
    return mean, math.sqrt(sum((one - mean) ** 2 for one in means) / (BATCHES * (BATCHES - 1)))


def amplitude(values: Sequence[float]) -> float:
    return (max(values) - min(values)) / 2


def range_of(values: Sequence[float]) -> tuple[float, float]:
    """Return the amplitude of a chaotic orbit, and half of what its two halves differ by."""
    half = len(values) // 2
    return amplitude(values), abs(amplitude(values[:half]) - amplitude(values[half:])) / 2


def rests(values: Sequence[float]) -> bool:
    return amplitude(values) <= STILL * max(1.0, *map(abs, values))


def crossings(values: Sequence[float], dt: float) -> list[float]:
    """Return the times of upward crossings of the middle of the range; none at rest."""
    if rests(values):
        return []
    level = (max(values) + min(values)) / 2
    return [(n + (level - a) / (b - a)) * dt for n, (a, b) in enumerate(pairwise(values)) if a < level <= b]


def period(values: Sequence[float], dt: float) -> tuple[float, float]:
    """Return the mean time from crossing to crossing, and its uncertainty from their scatter.

    Raises OutsideValidity at rest.
    """
    times = crossings(values, dt)
    if len(times) < 2:  # noqa: PLR2004 - an interval has two ends
        raise OutsideValidity("it does not oscillate at these settings, or too slowly")
    intervals = [b - a for a, b in pairwise(times)]
    mean = (times[-1] - times[0]) / len(intervals)
    scatter = math.sqrt(sum((one - mean) ** 2 for one in intervals) / len(intervals))
    return mean, scatter / len(intervals)  # the ends alone count for the mean


def distinct(peaks: Sequence[float], spread: float) -> int:
    """Return how many different values there are, MOST at most."""
    groups, last = 0, -math.inf
    for peak in sorted(peaks):
        if peak - last > ALIKE * spread:
            groups += 1
        last = peak
    return min(groups, MOST)


def maxima(values: Sequence[float]) -> list[float]:
    """Return the heights of local maxima, through parabolas; one value at rest."""
    if rests(values):
        return [values[-1]]
    found = []
    for a, b, c in zip(values, values[1:], values[2:], strict=False):
        if a < b >= c:
            found.append(b + (a - c) ** 2 / (8 * (2 * b - a - c)))
    return found
