"""The space group of a host's supercell, as permutations of its sites, and configurations up to it.

The layer group is found from the host's own cell: every point operation that keeps the lattice and
maps each site onto one of its element. A supercell keeps those that also map its own lattice onto
itself, each combined with all translations by unit cells. Configurations that none of them maps onto
each other are counted and listed by their orbits.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.configuration import Configuration, Defect
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


Kind = tuple[str, str]
"""(species before, species after)"""
CHUNK: Final = 4_000_000  # site numbers at once while canonical forms are sought


def count_orbits(host: Host, shape: tuple[int, int], counts: Mapping[Kind, int]) -> int:
    """By the Cauchy–Frobenius lemma: the mean, over the group, of how many configurations it leaves alone."""
    permutations = site_permutations(host, *shape)
    elements = np.array(host.elements * (shape[0] * shape[1]))
    cycles = _cycle_lengths(permutations)
    total = 0
    types: Counter[tuple[tuple[str, tuple[tuple[int, int], ...]], ...]] = Counter()
    wanted = sorted({before for before, _ in counts})
    for row in cycles:
        types[tuple((e, _cycles(row[elements == e])) for e in wanted)] += 1
    for cycle_type, number in types.items():
        fixed = 1
        for element, lengths in cycle_type:
            numbers = tuple(k for (before, _), k in sorted(counts.items()) if before == element)
            fixed *= _colourings(lengths, numbers)
        total += number * fixed
    return total // len(permutations)


def _cycle_lengths(permutations: Ints) -> Ints:
    """(operations, sites): the length of the cycle that each site is in."""
    here = np.arange(permutations.shape[1])
    lengths, now = np.zeros_like(permutations), permutations
    step = 1
    while (lengths == 0).any():
        lengths[(now == here) & (lengths == 0)] = step
        now, step = np.take_along_axis(permutations, now, axis=1), step + 1
    return lengths


def _cycles(lengths: Ints) -> tuple[tuple[int, int], ...]:
    """(length, how many cycles of it)"""
    values, sites = np.unique(lengths, return_counts=True)
    return tuple((v, s // v) for v, s in zip(values.tolist(), sites.tolist(), strict=True))


def _colourings(cycles: Sequence[tuple[int, int]], numbers: tuple[int, ...]) -> int:
    """Ways to give whole cycles to kinds so that each kind gets its number of sites.

    The coefficient of ∏ xₖ^numbers[k] in ∏ over cycles (1 + Σₖ xₖ^length).
    """
    ways: dict[tuple[int, ...], int] = {tuple(0 for _ in numbers): 1}
    for length in chain.from_iterable([length] * many for length, many in cycles):
        more = dict(ways)
        for given, number in ways.items():
            for k, most in enumerate(numbers):
                if given[k] + length <= most:
                    key = (*given[:k], given[k] + length, *given[k + 1 :])
                    more[key] = more.get(key, 0) + number
        ways = more
    return ways.get(numbers, 0)


def enumerate_orbits(host: Host, shape: tuple[int, int], counts: Mapping[Kind, int]) -> list[Configuration]:
    """One configuration of each orbit, grown defect by defect and kept by its canonical form."""
    kinds = [kind for kind, number in sorted(counts.items()) for _ in range(number)]
    permutations = site_permutations(host, *shape)
    found = np.empty((1, 0), dtype=np.int64)
    for k, (before, _) in enumerate(kinds):
        allowed = np.flatnonzero(np.array(host.elements * (shape[0] * shape[1])) == before)
        grown = np.concatenate(
            [np.repeat(found, len(allowed), axis=0), np.tile(allowed, len(found))[:, None]], axis=1
        )
        free = (grown[:, :-1] != grown[:, -1:]).all(1)
        found = np.unique(canonical_rows(grown[free], permutations, groups_of(kinds[: k + 1])), axis=0)
    return [_configuration(host, shape, kinds, row) for row in found.tolist()]


def groups_of(kinds: Sequence[Kind]) -> tuple[int, ...]:
    """Where each run of equal kinds begins, and the end."""
    starts = [k for k in range(1, len(kinds)) if kinds[k] != kinds[k - 1]]
    return (0, *starts, len(kinds))


def canonical_rows(sites: Ints, permutations: Ints, groups: tuple[int, ...]) -> Ints:
    """The least image of each row (n, N) of site numbers, sorted within `groups`, where kinds are alike."""
    step = max(1, CHUNK // (len(permutations) * sites.shape[1]))
    return np.concatenate(
        [_least(sites[k : k + step], permutations, groups) for k in range(0, len(sites), step)]
    )


def _least(sites: Ints, permutations: Ints, groups: tuple[int, ...]) -> Ints:
    images = permutations[:, sites].transpose(1, 0, 2)
    for start, end in pairwise(groups):
        images[..., start:end].sort(axis=-1)
    alive = np.ones(images.shape[:2], dtype=bool)
    for column in range(images.shape[2]):
        values = np.where(alive, images[..., column], permutations.shape[1])
        alive &= values == values.min(1, keepdims=True)
    return np.asarray(images[np.arange(len(images)), alive.argmax(1)])


def _configuration(
    host: Host, shape: tuple[int, int], kinds: Sequence[Kind], sites: Sequence[int]
) -> Configuration:
    defects = (
        Defect(*site_at(host, shape, site), after) for site, (_, after) in zip(sites, kinds, strict=True)
    )
    return Configuration(host, *shape, tuple(sorted(defects)))
