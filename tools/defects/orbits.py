"""Configurations that no symmetry of the supercell maps onto each other: how many, and which."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.configuration import Configuration, Defect
from tools.defects.hosts import Host
from tools.defects.symmetry import site_at, site_permutations

Kind = tuple[str, str]
"""(species before, species after)"""
Ints = NDArray[np.int64]
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
