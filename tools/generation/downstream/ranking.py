"""Order among candidates: Pareto fronts by several aims, and within a front by the first of them."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.generation.downstream.properties import Aim
from tools.generation.downstream.schema import Quantity

UNKNOWN: Final = np.inf  # the worst by any aim


def rank(candidates: Sequence[Mapping[str, Quantity]], aims: Sequence[Aim]) -> list[tuple[int, int]]:
    """(place in `candidates`, front from 1), best first. Without aims, as they came, all in front 1."""
    if not aims:
        return [(place, 1) for place in range(len(candidates))]
    costs = np.array([[_cost(one, aim) for aim in aims] for one in candidates]).reshape(-1, len(aims))
    fronts = find_fronts(costs)
    order = sorted(range(len(candidates)), key=lambda place: (fronts[place], *costs[place]))
    return [(place, fronts[place]) for place in order]


def find_fronts(costs: NDArray[np.float64]) -> list[int]:
    """The front of each row of (n, aims), from 1; no row of a front is beaten by another of it.

    Non-dominated sorting as in NSGA-II (Deb et al., IEEE Trans. Evol. Comput. 6, 182 (2002)).
    """
    fronts = np.zeros(len(costs), dtype=int)
    level = 0
    while (open_rows := np.flatnonzero(fronts == 0)).size:
        level += 1
        left = costs[open_rows]
        beaten = [bool(((left <= row).all(1) & (left < row).any(1)).any()) for row in left]
        fronts[open_rows[~np.array(beaten)]] = level
    return [int(front) for front in fronts]


def _cost(values: Mapping[str, Quantity], aim: Aim) -> float:
    found = values.get(aim.name)
    if found is None:
        return UNKNOWN
    return found.value if aim.least else -found.value
