"""Orbits under the space group: against brute force over geometric operations, and the counting lemma."""

from collections.abc import Iterator
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.defects.strategies import configurations, point_operations, relocate, translate
from tools.defects.configuration import Configuration, Defect, known_kinds
from tools.defects.errors import BadInput
from tools.defects.fingerprints import fingerprint
from tools.defects.hosts import Host, hosts
from tools.defects.symmetry import (
    count_orbits,
    enumerate_orbits,
    layer_group,
    site_at,
    site_number,
    site_permutations,
)

SMALL = st.sampled_from([(2, 2), (3, 2), (2, 3), (3, 3), (4, 4)])


def brute_force(host: Host, shape: tuple[int, int], sizes: dict[tuple[str, str], int]) -> int:
    """Orbits by joining each configuration with its images under operations on atoms, not on site numbers."""
    n, m = shape
    sites = list(product(range(n), range(m), range(len(host.sites))))
    every: list[frozenset[Defect]] = [frozenset()]
    for (before, after), number in sizes.items():
        fitting = [site for site in sites if host.elements[site[2]] == before]
        every = [
            one | {Defect(*site, after) for site in chosen}
            for one in every
            for chosen in combinations(fitting, number)
            if not {(d.i, d.j, d.basis) for d in one} & set(chosen)
        ]
    left, orbits = set(every), 0
    while left:
        orbits += 1
        reached = [left.pop()]
        while reached:
            for image in images(Configuration(host, n, m, tuple(sorted(reached.pop())))):
                if image in left:
                    left.discard(image)
                    reached.append(image)
    return orbits


def images(configuration: Configuration) -> Iterator[frozenset[Defect]]:
    """Under operations that generate the group."""
    for steps in ((1, 0), (0, 1)):
        yield frozenset(translate(configuration, steps).defects)
    generators = (1, 2, 4) if configuration.host.is_anisotropic else (0, 2, 3)
    for number in generators:
        operation = point_operations(configuration.host)[number]
        yield frozenset(relocate(configuration, operation).defects)


@pytest.mark.parametrize("host", hosts(), ids=lambda host: host.label)
def test_numbers_agree_with_brute_force(host: Host) -> None:
    one, two = known_kinds(host.name)[:2]
    shape = (2, 2) if host.is_anisotropic else (3, 3)
    sizes = {one: 1, two: 1} if host.name == "BN" else {one: 2}
    expected = brute_force(host, shape, sizes)
    assert count_orbits(host, shape, sizes) == expected
    assert len(enumerate_orbits(host, shape, sizes)) == expected


@given(st.sampled_from(hosts()), SMALL, st.data())
@settings(max_examples=60, deadline=None)
def test_as_many_are_listed_as_the_lemma_counts(
    host: Host, shape: tuple[int, int], data: st.DataObject
) -> None:
    kinds = st.lists(st.sampled_from(known_kinds(host.name)), min_size=1, max_size=3)
    chosen = data.draw(kinds)
    sizes = {kind: chosen.count(kind) for kind in chosen}
    found = enumerate_orbits(host, shape, sizes)
    assert len(found) == count_orbits(host, shape, sizes)
    assert all(c.counts == sizes for c in found)


@given(st.sampled_from(hosts()), SMALL)
@settings(max_examples=20, deadline=None)
def test_the_permutations_are_a_group_that_keeps_elements(host: Host, shape: tuple[int, int]) -> None:
    permutations = site_permutations(host, *shape)
    rows = {tuple(row) for row in permutations.tolist()}
    sites = np.arange(permutations.shape[1])
    assert (np.sort(permutations, axis=1) == sites).all()
    assert tuple(sites.tolist()) in rows
    assert all(tuple(permutations[5][row].tolist()) in rows for row in permutations)
    elements = np.array(host.elements * (shape[0] * shape[1]))
    assert (elements[permutations] == elements).all()


@given(configurations(most=4), st.data())
@settings(max_examples=40, deadline=None)
def test_a_permuted_configuration_has_the_same_fingerprint(c: Configuration, data: st.DataObject) -> None:
    shape = (c.n, c.m)
    permutations = site_permutations(c.host, *shape)
    row = permutations[data.draw(st.integers(0, len(permutations) - 1))]
    moved = tuple(
        Defect(*site_at(c.host, shape, int(row[site_number(c.host, shape, (d.i, d.j, d.basis))])), d.after)
        for d in c.defects
    )
    assert fingerprint(Configuration(c.host, c.n, c.m, moved)) == fingerprint(c)


@pytest.mark.parametrize(("host", "order"), list(zip(hosts(), (12, 12, 6, 12, 12, 8), strict=True)), ids=str)
def test_the_layer_groups_have_their_orders(host: Host, order: int) -> None:
    """P-6m2 is 12 (6 where all sites lie in the mirror plane); Pmna of black phosphorus 8."""
    assert len(layer_group(host)) == order


def test_a_very_large_cell_is_refused() -> None:
    with pytest.raises(BadInput, match="too many to go through all symmetries"):
        site_permutations(hosts()[0], 40, 40)
