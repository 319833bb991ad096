"""Structures of a few defects as arrays of one shape, for the network."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.configuration import KINDS, Configuration, gather
from tools.defects.graph import direction_table, invariant_table

Array = Any  # numpy.ndarray or torch.Tensor
ABSENT: Final = len(KINDS)  # the kind of the empty places in a batch
PAIR_BITS: Final = 40  # of the number that tells pairs of one supercell from each other


@dataclass(frozen=True)
class Batch:
    """B structures of at most N defects; of their pairs, U differ."""

    kind: Array
    """(B, N) numbers in KINDS, ABSENT where there is no defect."""
    here: Array
    """(B, N) 1, or 0 where there is no defect."""
    counts: Array
    """(B, kinds + 1): defects of each kind, and in all, in a supercell of the training size."""
    dataset: Array
    """(B,) its number, for the band edges."""
    apart: Array
    """(B, N, N, 3): distance in Å, and the direction in the plane, which counts only against others."""
    place: Array
    """(B, N, N) the row of each pair among those that differ; of any where there is none."""
    geometry: Array
    """(U, 6): distance, |Δz|, |Δx|, |Δy| in Å, two cosines, as `invariant_table` has them."""
    ends: Array
    """(U, 2) the kinds at both ends."""

    def some(self, rows: Any) -> "Batch":  # noqa: ANN401 whatever selects rows of an array
        """Return some of the structures, without places that none of them fills."""
        here = self.here[rows]
        most = int(here.sum(1).max())
        return replace(
            self, kind=self.kind[rows][:, :most], here=here[:, :most], counts=self.counts[rows],
            dataset=self.dataset[rows], apart=self.apart[rows][:, :most, :most],
            place=self.place[rows][:, :most, :most],
        )  # fmt: skip


def batch_of(configurations: Sequence[Configuration], dataset: int) -> Batch:
    """Return them padded to the largest; pairs of the same kinds that lie alike are one row."""
    shape = len(configurations), max(len(c.defects) for c in configurations)
    kind, apart = np.full(shape, ABSENT), np.zeros((*shape, shape[1], 3), dtype=np.float32)
    codes, geometry = np.full((*shape, shape[1]), -1), np.zeros((*shape, shape[1], 6), dtype=np.float32)
    begins: dict[tuple[str, int, int], int] = {}
    for group in gather(configurations):
        table = invariant_table(group.host, group.n, group.m)
        begin = begins.setdefault((group.host.name, group.n, group.m), len(begins) << PAIR_BITS)
        number = group.kinds.shape[1]
        pairs = np.ix_(group.rows, np.arange(number), np.arange(number))
        kind[group.rows, :number] = group.kinds
        geometry[pairs] = table[group.between]
        flat = np.ravel_multi_index(group.between, table.shape[:-1])
        codes[pairs] = begin + (flat * ABSENT + group.kinds[:, :, None]) * ABSENT + group.kinds[:, None]
        apart[pairs] = np.concatenate(
            [table[group.between][..., :1], direction_table(group.host, group.n, group.m)[group.between]], -1
        )
    kinds = np.stack(np.broadcast_arrays(kind[:, :, None], kind[:, None]), axis=-1)
    _, first, place = np.unique(codes, return_index=True, return_inverse=True)
    each = (kind[..., None] == np.arange(ABSENT)).sum(1) / _enlargement(configurations)
    return Batch(
        kind,
        (kind != ABSENT).astype(np.float32),
        np.c_[each / 8, each.sum(1) / 16].astype(np.float32),
        np.full(len(configurations), dataset),
        apart,
        place.reshape(codes.shape),
        geometry.reshape(-1, 6)[first],
        kinds.reshape(-1, 2)[first],
    )


def _enlargement(configurations: Sequence[Configuration]) -> NDArray[np.float64]:
    """(B, 1): how many supercells of the training size each holds: counts are those in one."""
    trained = [c.host.supercell[0] * c.host.supercell[1] * len(c.host.sites) for c in configurations]
    return np.array([[c.size / size] for c, size in zip(configurations, trained, strict=True)])
