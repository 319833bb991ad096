"""Structures of a few defects as arrays of one shape, for the network."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.configuration import Configuration
from tools.defects.kinds import KINDS, kind_numbers
from tools.defects.pairs import COLUMNS, directions, pairs

Array = Any  # numpy.ndarray or torch.Tensor
ABSENT: Final = len(KINDS)  # the kind of the empty places in a batch


@dataclass(frozen=True)
class Batch:
    """B structures of at most N defects."""

    kind: Array
    """(B, N) numbers in KINDS, ABSENT where there is no defect."""
    here: Array
    """(B, N) 1, or 0 where there is no defect."""
    counts: Array
    """(B, kinds + 1): defects of each kind, and in all, in a supercell of the training size."""
    pairs: Array
    """(B, N, N, 8): distance, |Δz|, |Δx|, |Δy|, two cosines, and the direction in the plane.

    |Δx| and |Δy| are 0 where the crystal has no such axes; directions count only against each other.
    """
    dataset: Array
    """(B,) its number, for the band edges."""


def batch_of(configurations: Sequence[Configuration], dataset: int) -> Batch:
    most = max(len(c.defects) for c in configurations)
    kind = np.full((len(configurations), most), ABSENT)
    edges = np.zeros((len(configurations), most, most, 8), dtype=np.float32)
    for row, configuration in enumerate(configurations):
        n = len(configuration.defects)
        kind[row, :n] = kind_numbers(configuration)
        edges[row, :n, :n, :6] = pairs(configuration)[..., : COLUMNS.index("images")]
        edges[row, :n, :n, 6:] = directions(configuration)
        if not configuration.host.is_anisotropic:
            edges[row, :n, :n, 2:4] = 0  # a turn by 120° exchanges x and y
    each = (kind[..., None] == np.arange(ABSENT)).sum(1) / _enlargement(configurations)
    counts = np.c_[each / 8, each.sum(1) / 16].astype(np.float32)
    here = (kind != ABSENT).astype(np.float32)
    return Batch(kind, here, counts, edges, np.full(len(configurations), dataset))


def _enlargement(configurations: Sequence[Configuration]) -> NDArray[np.float64]:
    """(B, 1): how many supercells of the training size each holds: counts are those in one."""
    trained = [c.host.supercell[0] * c.host.supercell[1] * len(c.host.sites) for c in configurations]
    return np.array([[c.size / size] for c, size in zip(configurations, trained, strict=True)])
