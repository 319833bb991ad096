"""Intervals and distances between distributions."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.generation.results import Interval

DRAWS: Final = 200
QUANTILES: Final = (0.025, 0.975)
Values = NDArray[np.float64]
Distance = Callable[[Values, Values], float]


def share_interval(count: int, n: int, seed: int) -> Interval | None:
    """Bootstrap of a fraction: resampling n marks of which `count` are set is a binomial draw."""
    if n == 0:
        return None
    draws = np.random.default_rng(seed).binomial(n, count / n, 10 * DRAWS) / n
    return _interval(draws)


def mean_interval(values: Values, seed: int, of: Callable[[Values], Any] = np.mean) -> Interval | None:
    """Bootstrap of the mean, or of what `of` says."""
    if not len(values):
        return None
    rng = np.random.default_rng(seed)
    return _interval(np.array([float(of(rng.choice(values, len(values)))) for _ in range(DRAWS)]))


def distance(values: Values, reference: Values) -> float:
    """1-D Wasserstein distance, in the unit of the values."""
    from scipy.stats import wasserstein_distance

    return float(wasserstein_distance(values, reference))


def distance_around(values: Values, reference: Values) -> float:
    """1-D Wasserstein distance on a circle of 360 degrees, in degrees.

    The transport that is the same everywhere may be added: its best value is the median of the difference of
    the cumulative distributions (Werman et al., Comput. Vis. Graph. Image Process. 36, 328 (1986)).
    """
    edges = np.unique(np.concatenate([values, reference, [0.0, 360.0]]))
    own, real = (np.searchsorted(np.sort(x), edges[:-1], side="right") / len(x) for x in (values, reference))
    off, widths = own - real, np.diff(edges)
    order = np.argsort(off)
    middle = order[np.searchsorted(np.cumsum(widths[order]), widths.sum() / 2)]
    return float((np.abs(off - off[middle]) * widths).sum())


def distance_interval(values: Values, reference: Values, seed: int, between: Distance = distance) -> Interval:
    """The samples are resampled, the reference stays.

    A resampled set lies farther from the reference than the set does, so draws are moved to its distance.
    """
    rng = np.random.default_rng(seed)
    draws = np.array([between(rng.choice(values, len(values)), reference) for _ in range(DRAWS)])
    return _interval(np.maximum(draws - draws.mean() + between(values, reference), 0.0))


def floor_of(
    reference: Values, n: int, seed: int, between: Distance = distance, splits: int = 20
) -> float | None:
    """Mean distance of n values of one half of the reference from the other half, over random halves."""
    half = len(reference) // 2
    if half == 0:
        return None
    rng = np.random.default_rng(seed)
    distances = []
    for _ in range(splits):
        mixed = rng.permutation(reference)
        distances.append(between(mixed[: min(n, half)], mixed[half:]))
    return float(np.mean(distances))


def _interval(draws: Values) -> Interval:
    low, high = np.quantile(draws, QUANTILES)
    return Interval(low=float(low), high=float(high))
