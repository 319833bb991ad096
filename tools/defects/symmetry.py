"""The space group of a host's supercell, as permutations of its sites.

The layer group is found from the host's own cell: every point operation that keeps the lattice and
maps each site onto one of its element. A supercell keeps those that also map its own lattice onto
itself, each combined with all translations by unit cells.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.errors import BadInput
from tools.defects.hosts import Host

TOLERANCE: Final = 0.05  # Å between a mapped site and the site that it falls on
MOST_ENTRIES: Final = 2_500_000  # operations × sites of the table: up to about 16×16 cells, and 10 s

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class SymmetryOperation:
    """Cell (i, j), site b goes to cell (i, j) @ turn + shift[b], site image[b]."""

    turn: tuple[tuple[int, int], tuple[int, int]]
    shift: tuple[tuple[int, int], ...]
    image: tuple[int, ...]


@lru_cache(maxsize=8)
def layer_group(host: Host) -> tuple[SymmetryOperation, ...]:
    """One for each coset of the translations: 12 for hexagonal hosts (6 in flat h-BN), 8 for BP."""
    metric = host.plane @ host.plane.T
    turns = [np.array(entries).reshape(2, 2) for entries in product((-1, 0, 1), repeat=4)]
    found: dict[tuple[object, ...], SymmetryOperation] = {}
    for turn, flip in product(turns, (1, -1)):
        if not np.allclose(turn @ metric @ turn.T, metric, atol=1e-6):
            continue
        for target in range(len(host.sites)):
            operation = _operation(host, turn, flip, target)
            if operation is not None:
                found.setdefault((operation.turn, operation.image), operation)
    return tuple(found.values())


def _operation(host: Host, turn: Ints, flip: int, target: int) -> SymmetryOperation | None:
    """The one that maps the first site onto `target`; None if it leaves another where none stands."""
    plane, heights = host.basis[:, :2], host.basis[:, 2]
    centre = (heights.max() + heights.min()) / 2
    moved = plane @ turn + (plane[target] - plane[0] @ turn)
    z = flip * (heights - centre) + centre
    apart = moved[:, None] - plane[None]
    cells = np.rint(apart)
    distance = np.sqrt((((apart - cells) @ host.plane) ** 2).sum(-1) + (z[:, None] - heights[None]) ** 2)
    image = distance.argmin(1)
    rows = np.arange(len(image))
    same = [host.elements[b] == host.elements[k] for b, k in enumerate(image.tolist())]
    if distance[rows, image].max() > TOLERANCE or not all(same):
        return None
    shift = cells[rows, image].astype(int)
    (a, b), (c, d) = turn.tolist()
    return SymmetryOperation(
        ((a, b), (c, d)), tuple((i, j) for i, j in shift.tolist()), tuple(image.tolist())
    )


def site_number(host: Host, shape: tuple[int, int], site: tuple[int, int, int]) -> int:
    """The place of (i, j, basis) among all sites of a supercell."""
    return (site[0] * shape[1] + site[1]) * len(host.sites) + site[2]


def site_at(host: Host, shape: tuple[int, int], number: int) -> tuple[int, int, int]:
    cell, basis = divmod(number, len(host.sites))
    return cell // shape[1], cell % shape[1], basis


def keeps_supercell(operation: SymmetryOperation, n: int, m: int) -> bool:
    """Whether it maps the lattice of n × m cells onto itself."""
    across = np.diag([n, m]) @ np.array(operation.turn) / np.array([n, m])
    return np.allclose(across, np.rint(across))


def is_enumerable(host: Host, shape: tuple[int, int]) -> bool:
    cells = shape[0] * shape[1]
    return cells * len(layer_group(host)) * cells * len(host.sites) <= MOST_ENTRIES


@lru_cache(maxsize=4)
def site_permutations(host: Host, n: int, m: int) -> Ints:
    """(operations, sites): where each operation puts each site. Raises BadInput for a very large cell."""
    if not is_enumerable(host, (n, m)):
        raise BadInput(f"{n}×{m} cells of {host.label} are too many to go through all symmetries")
    i, j, basis = np.indices((n, m, len(host.sites))).reshape(3, -1)
    steps = np.indices((n, m)).reshape(2, -1).T
    rows = []
    for operation in layer_group(host):
        if not keeps_supercell(operation, n, m):
            continue
        cells = np.stack([i, j], axis=1) @ np.array(operation.turn) + np.array(operation.shift)[basis]
        moved = (cells[None] + steps[:, None]) % (n, m)
        rows.append((moved[..., 0] * m + moved[..., 1]) * len(host.sites) + np.array(operation.image)[basis])
    return np.concatenate(rows)
