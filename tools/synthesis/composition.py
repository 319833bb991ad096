"""A composition as numbers: statistics of its elements, its proportions, and how near it is to neutral.

The statistics are those of magpie (Ward et al. 2016, 10.1038/npjcompumats.2016.28), as in
`tools.descriptors.composition`, from the shipped table.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from tools.synthesis.elements import Floats, element_table
from tools.synthesis.formulas import Composition

STATISTICS: Final = ("mean", "mean deviation", "lowest", "highest", "range", "of the most frequent")
PROPORTIONS: Final = ("elements", "atoms", "most atoms", "fewest atoms", "2-norm", "3-norm", "entropy")
CHARGE: Final = ("least charge, common states", "least charge, all states")
MOST_SUMS: Final = 4_000  # charges that are followed: beyond, only those nearest to zero


def composition_labels() -> tuple[str, ...]:
    """Return the names of the features, in order."""
    statistics = (f"{name}, {statistic}" for statistic in STATISTICS for name in element_table().names)
    return (*statistics, *PROPORTIONS, *CHARGE)


def composition_features(compositions: Sequence[Composition]) -> Floats:
    """Return features (n, f); nan where a property of an element is not known."""
    if not compositions:
        return np.zeros((0, len(composition_labels())))
    return np.array([_describe(one) for one in compositions])


@lru_cache(maxsize=32_768)
def _describe(composition: Composition) -> Floats:
    table = element_table()
    numbers = np.array([z for z, _ in composition])
    counts = np.array([count for _, count in composition], float)
    shares = counts / counts.sum()
    values = table.properties[numbers - 1]
    mean, low, high = shares @ values, values.min(0), values.max(0)
    most = values[shares >= shares.max() * (1 - 1e-9)].mean(0)
    proportions = (
        len(counts), counts.sum(), counts.max(), counts.min(),
        np.sqrt((shares**2).sum()), np.cbrt((shares**3).sum()), -(shares * np.log(shares)).sum(),
    )  # fmt: skip
    charge = [least_charge(composition, states) for states in (table.common_charges, table.charges)]
    return np.concatenate(
        [mean, shares @ np.abs(values - mean), low, high, high - low, most, proportions, charge]
    )


def least_charge(composition: Composition, states: Sequence[tuple[int, ...]]) -> float:
    """Return the smallest charge per atom that any assignment of one state to each element leaves."""
    sums = {0}
    for z, count in composition:
        sums = {total + state * count for total in sums for state in states[z - 1] or (0,)}
        if len(sums) > MOST_SUMS:
            sums = set(sorted(sums, key=abs)[:MOST_SUMS])
    return min(map(abs, sums)) / sum(count for _, count in composition)
