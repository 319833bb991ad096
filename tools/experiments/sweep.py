"""The response at every value of the cause, with its uncertainty, and contrasts between the values.

Replicates are few, so the variance at a value is moderated by those at the others (Smyth, Stat. Appl. Genet.
Mol. Biol. 3, 3 (2004), doi:10.2202/1544-6115.1027): pooled where they agree, kept apart where they do not.
The instrument's own uncertainty counts where it is the larger. Intervals are Welch's, with the degrees of
freedom of Satterthwaite (Biometrics Bull. 2, 110 (1946), doi:10.2307/3002019).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.experiments.schema import ResponsePoint
from tools.instruments.contract import Measurement

Vector = NDArray[np.float64]
ROUNDING = 1e-12
"""Share of the largest value by which exact values that are equal may differ in 64-bit arithmetic."""
PLENTY = 1e6
"""Degrees of freedom from which Student's t is normal."""


@dataclass(frozen=True)
class Sweep:
    """Means of the response, rising in the cause; `axis` runs from 0 to 1 as the values were spread."""

    cause: Vector
    axis: Vector
    mean: Vector
    std: Vector
    freedom: Vector

    @property
    def exact(self) -> bool:
        """Whether no value has an uncertainty, so that every difference is real."""
        return not self.std.any()

    @property
    def level(self) -> bool:
        """Whether every value is exactly the same."""
        return self.exact and not self.range

    @property
    def magnitude(self) -> float:
        return float(np.abs(self.mean).max())

    @property
    def range(self) -> float:
        return float(np.ptp(self.mean))

    def contrast(self, weights: Sequence[float] | Vector) -> "ContrastEstimate":
        """Estimate Σ wᵢ·mean(i)."""
        w = np.asarray(weights, dtype=float)
        parts = w**2 * self.std**2
        variance = float(parts.sum())
        spread = float((parts**2 / self.freedom).sum())
        freedom = variance**2 / spread if spread > 0 else PLENTY
        return ContrastEstimate(float(w @ self.mean), variance**0.5, min(freedom, PLENTY))

    def difference(self, start: int, end: int) -> "ContrastEstimate":
        """Estimate mean(end) − mean(start): the contrast of two, without its arrays."""
        value = float(self.mean[end] - self.mean[start])
        first, last = float(self.std[start]) ** 2, float(self.std[end]) ** 2
        spread = first**2 / float(self.freedom[start]) + last**2 / float(self.freedom[end])
        freedom = (first + last) ** 2 / spread if spread > 0 else PLENTY
        return ContrastEstimate(value, (first + last) ** 0.5, min(freedom, PLENTY))

    def flipped(self) -> "Sweep":
        return Sweep(self.cause, self.axis, -self.mean, self.std, self.freedom)


@dataclass(frozen=True)
class ContrastEstimate:
    """A number with its standard error; none means that it is exact."""

    value: float
    error: float
    freedom: float

    def margin(self, tail: float) -> float:
        """Return how far a one-sided bound lies that fails with probability `tail`."""
        from scipy.special import stdtrit

        return -float(stdtrit(self.freedom, tail)) * self.error if self.error else 0.0

    def low(self, tail: float) -> float:
        return self.value - self.margin(tail)

    def high(self, tail: float) -> float:
        return self.value + self.margin(tail)

    def p_above(self, bound: float = 0.0) -> float | None:
        """Return the one-sided p-value of "not above the bound"; None where the number is exact."""
        from scipy.special import stdtr

        return float(stdtr(self.freedom, (bound - self.value) / self.error)) if self.error else None


def summarise(
    causes: Sequence[float],
    measured: Mapping[int, Sequence[Measurement]],
    gaps: Mapping[int, str],
    *,
    stochastic: bool,
) -> list[ResponsePoint]:
    """Return a point for each value of the cause; `measured` and `gaps` go by its place."""
    kept = [place for place in range(len(causes)) if measured.get(place)]
    std = dict(zip(kept, _errors([measured[i] for i in kept], stochastic=stochastic)[0], strict=True))
    return [
        ResponsePoint(
            cause=cause,
            value=float(np.mean([m.value for m in measured[place]])) if place in std else None,
            std=float(std[place]) if place in std else None,
            n=len(measured.get(place, ())),
            gap=None if place in std else gaps.get(place, "not measured"),
        )
        for place, cause in enumerate(causes)
    ]


def make_sweep(
    causes: Sequence[float],
    measured: Mapping[int, Sequence[Measurement]],
    *,
    logarithmic: bool,
    stochastic: bool,
    resolution: float = 0,
) -> Sweep:
    """Return the sweep over those values that were measured.

    Exact values that differ by less than rounding or `resolution` are made equal: a gap that "rises" by 1e-15
    eV does not.
    """
    kept = [place for place in range(len(causes)) if measured.get(place)]
    cause = np.array([causes[place] for place in kept])
    spread = np.log(cause) if logarithmic else cause
    axis = (spread - spread[0]) / (spread[-1] - spread[0]) if len(kept) > 1 else np.zeros(len(kept))
    std, freedom = _errors([measured[place] for place in kept], stochastic=stochastic)
    mean = np.array([np.mean([m.value for m in measured[place]]) for place in kept])
    sweep = Sweep(cause, axis, mean, std, freedom)
    if sweep.exact and sweep.range <= max(resolution, ROUNDING * sweep.magnitude):
        return replace(sweep, mean=np.full_like(mean, mean.mean()))
    return sweep


def _errors(groups: Sequence[Sequence[Measurement]], *, stochastic: bool) -> tuple[Vector, Vector]:
    """Return the standard error of every mean, and its degrees of freedom."""
    count = np.array([len(group) for group in groups], dtype=float)
    own = np.array([sum(m.std**2 for m in group) / len(group) ** 2 for group in groups])
    if not stochastic:
        own = np.array([np.mean([m.std**2 for m in group]) for group in groups])
    freedom = np.full(len(groups), PLENTY)
    if not stochastic or min(map(len, groups), default=0) < 2:  # noqa: PLR2004 - one value has no spread
        return np.sqrt(own), freedom
    spread = np.array([np.var([m.value for m in group], ddof=1) for group in groups])
    if not spread.any():
        return np.sqrt(own), freedom
    moderated, freedom = _moderate(spread, count - 1)
    observed = moderated / count
    return np.sqrt(np.maximum(own, observed)), np.where(own > observed, PLENTY, freedom)


def _moderate(variance: Vector, freedom: Vector) -> tuple[Vector, Vector]:
    """Shrink variances towards their common one, as far as they agree (equations 8–10 of Smyth)."""
    from scipy.special import digamma, polygamma

    floor = np.median(variance[variance > 0]) * 1e-4
    logs = np.log(np.maximum(variance, floor)) - digamma(freedom / 2) + np.log(freedom / 2)
    excess = float(np.var(logs, ddof=1) - np.mean(polygamma(1, freedom / 2))) if variance.size > 2 else 0.0  # noqa: PLR2004
    if excess <= 0:  # no more scatter than chance gives: one variance for all
        pooled = float((variance * freedom).sum() / freedom.sum())
        return np.full(variance.size, pooled), np.full(variance.size, float(freedom.sum()))
    prior = 2 * _inverse_trigamma(excess)
    common = float(np.exp(logs.mean() + digamma(prior / 2) - np.log(prior / 2)))
    return (prior * common + freedom * variance) / (prior + freedom), prior + freedom


def _inverse_trigamma(value: float) -> float:
    from scipy.optimize import brentq
    from scipy.special import polygamma

    def miss(logarithm: float) -> float:
        return float(polygamma(1, np.exp(logarithm)) - value)

    found: Any = brentq(miss, -12, 12) if miss(-12) > 0 > miss(12) else (12 if miss(12) >= 0 else -12)
    return float(np.exp(found))


def pairs(size: int) -> list[tuple[int, int]]:
    return list(combinations(range(size), 2))
