"""How a defect lies from another, in the words of the crystal: shell, plane and direction."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from tools.defects.configuration import Configuration, gather
from tools.defects.graph import COLUMNS, pair_table
from tools.defects.hosts import Host

Direction = Literal["zigzag", "armchair"]
DECIMALS: Final = 2  # of an Å: distances between sites differ by far more
FLAT: Final = 0.05  # Å: two sites no farther apart across the layer lie in one plane
STRAIGHT: Final = 0.999  # cosine from which a direction is along an axis


@dataclass(frozen=True)
class Lie:
    """Two defects by their numbers, and how the second lies from the first through its nearest image."""

    first: int
    second: int
    distance: float
    """Å"""
    across: float
    """Å, across the layer."""
    shell: int
    """Its place among the distances at which the second's element has sites in that plane, from 1."""
    direction: Direction | None
    """None where the line between them is along neither axis."""


def lies(configurations: Sequence[Configuration], most: int) -> list[list[Lie]]:
    """Return the `most` nearest pairs of each, the nearest first. All have at least one defect."""
    found: dict[int, list[Lie]] = {}
    for group in gather(configurations):
        host, shape = group.host, (group.n, group.m)
        first, second = np.triu_indices(group.sites.shape[1], 1)
        places = [columns[:, first, second] for columns in group.between]
        distance = pair_table(host, *shape).values[(*places, 0)].round(DECIMALS)
        nearest = np.argsort(distance, axis=1, kind="stable")[:, :most]
        pairs = [first[nearest], second[nearest], *(np.take_along_axis(x, nearest, 1) for x in places)]
        every = np.stack(pairs, axis=-1).tolist()
        found |= {
            row: [_lie(host, shape, *pair) for pair in own]
            for row, own in zip(group.rows.tolist(), every, strict=True)
        }
    return [found[row] for row in range(len(configurations))]


@lru_cache(maxsize=100_000)
def _lie(host: Host, shape: tuple[int, int], first: int, second: int, *place: int) -> Lie:
    """`place` is where tables of pairs have it; the same few are the nearest in most structures."""
    distance, across = pair_table(host, *shape).values[place][:2].tolist()
    direction = int(direction_table(host, *shape)[place])
    return Lie(
        first, second, round(distance, DECIMALS), round(across, DECIMALS),
        int(shell_ranks(host, *shape)[place]), (None, "zigzag", "armchair")[direction],
    )  # fmt: skip


@lru_cache(maxsize=32)
def shell_ranks(host: Host, n: int, m: int) -> NDArray[np.int64]:
    """(b, b, n, m): the place of a distance among those at which that plane has such an element, from 1."""
    distance = pair_table(host, n, m).values[..., 0].round(DECIMALS)
    ranks = np.zeros(distance.shape, dtype=np.int64)
    planes = [(site.element, round(site.z, 1)) for site in host.sites]
    for b, c in np.ndindex(distance.shape[:2]):
        alike = [other for other, plane in enumerate(planes) if plane == planes[c]]
        values = np.unique(distance[b, alike])
        ranks[b, c] = np.searchsorted(values, distance[b, c]) + (values[0] > 0)
    return ranks


@lru_cache(maxsize=32)
def direction_table(host: Host, n: int, m: int) -> NDArray[np.int64]:
    """(b, b, n, m): 1 along zigzag (a lattice vector of hexagonal layers), 2 along armchair, else 0."""
    values = pair_table(host, n, m).values
    dx, dy, cos6 = (values[..., COLUMNS.index(name)] for name in ("dx", "dy", "cos6"))
    far = np.hypot(dx, dy) > FLAT
    if host.is_anisotropic:
        return np.where(far & (dy < FLAT), 1, np.where(far & (dx < FLAT), 2, 0))
    return np.where(cos6 > STRAIGHT, 1, np.where(cos6 < -STRAIGHT, 2, 0))
