"""What a score can rest on, as features: composition or structure too, with or without the hull energy.

A composition as numbers is statistics of its elements, its proportions, and how near it is to neutral. The
statistics are those of magpie (Ward et al. 2016, 10.1038/npjcompumats.2016.28), as in
`tools.descriptors.composition`, from the shipped table.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.synthesis.crystals import PACKING, Prototype, packing_features
from tools.synthesis.elements import Floats, element_table
from tools.synthesis.formulas import Composition
from tools.synthesis.reference import (
    FEATURES,
    Reference,
    key_of_proportions,
    key_of_prototype,
)

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


class Basis(StrEnum):
    """What was known of a candidate."""

    COMPOSITION = "composition"
    COMPOSITION_HULL = "composition and hull energy"
    STRUCTURE = "structure"
    STRUCTURE_HULL = "structure and hull energy"

    @property
    def has_structure(self) -> bool:
        return self in (Basis.STRUCTURE, Basis.STRUCTURE_HULL)

    @property
    def has_hull(self) -> bool:
        return self in (Basis.COMPOSITION_HULL, Basis.STRUCTURE_HULL)


class FeatureGroup(StrEnum):
    """What features are about: a score is the sum of what each group says."""

    ELEMENTS = "its elements"
    PROPORTIONS = "its proportions"
    CHARGE = "charge balance"
    ALIKE = "compounds with these proportions"
    PACKING = "space group and packing"
    PROTOTYPE = "compounds with this prototype"
    HULL = "energy above the hull"


GROUPS: Final = tuple(FeatureGroup)


def find_basis(prototype: Prototype | None, hull: float | None) -> Basis:
    if prototype is None:
        return Basis.COMPOSITION if hull is None else Basis.COMPOSITION_HULL
    return Basis.STRUCTURE if hull is None else Basis.STRUCTURE_HULL


def groups_of(basis: Basis) -> NDArray[np.int64]:
    """Return the group of each feature, by its place in `GROUPS`."""
    statistics = len(composition_labels()) - len(PROPORTIONS) - len(CHARGE)
    named = [FeatureGroup.ELEMENTS] * statistics + [FeatureGroup.PROPORTIONS] * len(PROPORTIONS)
    named += [FeatureGroup.CHARGE] * len(CHARGE) + [FeatureGroup.ALIKE] * len(FEATURES)
    if basis.has_structure:
        named += [FeatureGroup.PACKING] * len(PACKING) + [FeatureGroup.PROTOTYPE] * len(FEATURES)
    if basis.has_hull:
        named += [FeatureGroup.HULL]
    return np.array([GROUPS.index(group) for group in named])


def features_of(
    basis: Basis,
    compositions: Sequence[Composition],
    prototypes: Sequence[Prototype] | None,
    hull: Sequence[float] | None,
    reference: Reference,
) -> Floats:
    """Return features (n, f); nan where something is not known."""
    tokens = [reference.token(one) for one in compositions]
    keys = [key_of_proportions(one) for one in compositions]
    columns = [composition_features(compositions), reference.by_proportions.features(keys, tokens)]
    if basis.has_structure and prototypes is not None:
        columns.append(np.array([packing_features(one) for one in prototypes]).reshape(-1, len(PACKING)))
        columns.append(reference.by_prototype.features([key_of_prototype(one) for one in prototypes], tokens))
    if basis.has_hull and hull is not None:
        columns.append(np.array(hull, float)[:, None])
    return np.concatenate(columns, axis=1)
