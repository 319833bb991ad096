"""What a score can rest on: the composition alone or the structure too, with or without the hull energy."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.synthesis.composition import (
    CHARGE,
    PROPORTIONS,
    composition_features,
    composition_labels,
)
from tools.synthesis.crystals import PACKING, Prototype, packing_features
from tools.synthesis.elements import Floats
from tools.synthesis.formulas import Composition
from tools.synthesis.reference import (
    FEATURES,
    Reference,
    key_of_proportions,
    key_of_prototype,
)


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
