"""Wanted windows of energy and gap, and how likely a prediction lies inside."""

from math import erf, inf, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.schema import PredictedQuantity, Prediction

Window = tuple[float, float]
ANY: Final[Window] = (-inf, inf)
ANY_GAP: Final[Window] = (0.0, inf)


def is_within(answer: Prediction, energy: Window, gap: Window) -> bool:
    """Whether both predicted values lie inside; never for what the model refuses."""
    if answer.formation_energy_per_site is None or answer.homo_lumo_gap is None:
        return False
    values = (answer.formation_energy_per_site.value, energy), (answer.homo_lumo_gap.value, gap)
    return all(low <= value <= high for value, (low, high) in values)


def chance_within(answer: Prediction, energy: Window, gap: Window) -> float:
    """The probability that both true values lie inside: normal errors, taken as independent."""
    if answer.formation_energy_per_site is None or answer.homo_lumo_gap is None:
        return 0.0
    low, high = gap  # a gap is never negative, so that 0 is no bound
    energies = _mass(answer.formation_energy_per_site, energy)
    return energies * _mass(answer.homo_lumo_gap, (low if low > 0 else -inf, high))


def _mass(quantity: PredictedQuantity, window: Window) -> float:
    if quantity.std == 0:
        return float(window[0] <= quantity.value <= window[1])
    low, high = (erf((edge - quantity.value) / quantity.std / sqrt(2)) for edge in window)
    return (high - low) / 2


def distance_to(value: float, window: Window) -> float:
    """0 inside, else how far outside."""
    return max(window[0] - value, value - window[1], 0.0)


def pareto_front(points: NDArray[np.float64]) -> list[int]:
    """Rows of (n, 2) that no other row beats in both columns, where less is better; by the first column."""
    front: list[int] = []
    best = inf
    for row in np.lexsort(points.T[::-1]).tolist():
        if points[row, 1] < best:
            best = float(points[row, 1])
            front.append(row)
    return front
