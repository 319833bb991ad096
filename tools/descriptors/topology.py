"""Topological fingerprint: how many pieces, rings and voids there are at each distance.

Persistent homology of Vietoris–Rips complexes by ripser (Bauer, 10.1007/s41468-021-00071-5), for crystals as
in Jiang et al., 10.1038/s41524-021-00493-w. A crystal is first repeated until it is WIDE in each direction,
and distances are those to the nearest periodic image, so no surface is seen; rings that go once round the
cell are told from others no more.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.descriptors.contract import Descriptor, Floats, Ints
from tools.descriptors.errors import DescriptorError
from tools.descriptors.periodic import repeat
from tools.extras import needing

WIDE: Final = 8.0  # Å
FARTHEST: Final = 5.0  # Å, of the filtration
POINTS: Final = 50  # distances of a Betti curve
DIMENSIONS: Final = 2  # pieces, rings, voids
MOST: Final = 100
MOST_POINTS: Final = 250  # of the repeated crystal: time grows with their fourth power
NAMES: Final = ("pieces", "rings", "voids")


class MissingRipser(DescriptorError):
    """The optional package is not installed."""


def topology(r: Floats, Z: Ints | None = None, a: Floats | None = None) -> NDArray[Any]:  # noqa: ARG001, N803 - one call for all
    """Return Betti numbers for each atom (3, 50) of pieces, rings and voids at 50 distances up to 5 Å."""
    bars = barcode(r, a)
    count = sum(len(some) for some in bars[:1]) or 1
    steps = np.linspace(0.0, FARTHEST, POINTS, endpoint=False)
    return np.array([((b[:, :1] <= steps) & (steps < b[:, 1:])).sum(0) / count for b in bars])


def barcode(r: Floats, a: Floats | None) -> list[Floats]:
    """Return births and deaths (n, 2) in Å for pieces, rings and voids; what never dies ends at 5 Å."""
    with needing({"ripser": "descriptors", "persim": "descriptors"}, MissingRipser):
        from ripser import ripser
    distances = _distances(r, a)
    found = ripser(distances, distance_matrix=True, maxdim=DIMENSIONS, thresh=FARTHEST)["dgms"]
    return [np.where(np.isfinite(some), some, FARTHEST).reshape(-1, 2) for some in found]


def _distances(r: Floats, a: Floats | None) -> Floats:
    if a is None:
        return np.asarray(np.linalg.norm(r[:, None] - r[None], axis=-1))
    heights = 1.0 / np.linalg.norm(np.linalg.inv(a), axis=0)
    multiples = np.maximum(1, np.ceil(WIDE / heights - 1e-9)).astype(int)
    if multiples.prod() * len(r) > MOST_POINTS:
        raise DescriptorError(
            f"{multiples.prod() * len(r)} atoms in a cell {WIDE:g} Å wide: topology takes {MOST_POINTS}"
        )
    places, _, cell = repeat(r, np.zeros(len(r), dtype=int), a, multiples)
    images = np.stack(np.meshgrid(*[[-1, 0, 1]] * 3, indexing="ij"), -1).reshape(-1, 3)
    fractional = np.linalg.solve(cell.T, places.T).T
    apart = fractional[:, None] - fractional[None]
    apart -= np.round(apart)
    best = np.full(apart.shape[:2], np.inf)
    for image in images:  # a skewed cell has nearer images than the rounded one
        best = np.minimum(best, np.linalg.norm((apart + image) @ cell, axis=-1))
    np.fill_diagonal(best, 0.0)
    return (best + best.T) / 2


TOPOLOGY = Descriptor(
    name="topology",
    title="topological fingerprint",
    specification="""transform topology
  in   r : position[N,3] angstrom
       a : lattice[3,3] angstrom from 5 to 8
  out  b : field[3,50]
  invariant under E(3), permutation(N), images
  preserves volume
  loses handedness, orientation, origin, order(N)
""",
    compute=topology,
    source="Jiang et al. 2021, 10.1038/s41524-021-00493-w; ripser, 10.1007/s41468-021-00071-5",
    most_atoms=MOST,
    extra="descriptors",
)
