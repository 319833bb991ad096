"""What symmetry tells apart, the representations tell apart: counted, and on triangles of both senses."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.defects.strategies import configurations, point_operations, relocate, translate
from tools.defects.clusters import cluster_codes
from tools.defects.configuration import Configuration, known_kinds
from tools.defects.fingerprints import fingerprint
from tools.defects.hosts import Host, hosts
from tools.defects.orientation import canonical_form
from tools.defects.spec import parse_spec
from tools.defects.symmetry import count_orbits, enumerate_orbits

AROUND_MO = "MoS2 8x8x1: triangle of vacancy S around Mo"
AROUND_HOLLOW = "MoS2 8x8x1: triangle of vacancy S around hollow"


def clusters(configuration: Configuration) -> tuple[int, ...]:
    return tuple(np.sort(cluster_codes([configuration], 8.0)[1]).tolist())


@pytest.mark.parametrize("host", hosts(), ids=lambda host: host.label)
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_as_many_forms_as_the_lemma_counts(host: Host, number: int) -> None:
    shape = (3, 4) if host.is_anisotropic else (4, 4)
    kinds = known_kinds(host.name)
    mixtures = [Counter({kinds[-1]: number}), Counter([kinds[0], *[kinds[-1]] * (number - 1)])]
    for counts in mixtures[: 1 if number in {1, 4} else 2]:
        found = enumerate_orbits(host, shape, counts)
        assert count_orbits(host, shape, counts) == len({canonical_form(one) for one in found})
        assert len({fingerprint(one) for one in found}) == len(found)


@pytest.mark.parametrize("host", hosts(), ids=lambda host: host.label)
def test_what_the_process_sees_tells_all_triples_of_the_training_supercell_apart(host: Host) -> None:
    if host.is_anisotropic:
        return  # 1,766 triples: `bench.defects.completeness` counts them
    kind = known_kinds(host.name)[-1]
    found = enumerate_orbits(host, host.supercell, {kind: 3})
    assert len({clusters(one) for one in found}) == len(found)


@given(configurations(most=5), st.integers(0, 7), st.tuples(st.integers(0, 7), st.integers(0, 7)))
@settings(max_examples=60, deadline=None)
def test_symmetry_changes_neither_clusters_nor_form(
    configuration: Configuration, which: int, steps: tuple[int, int]
) -> None:
    moved = translate(configuration, steps)
    if configuration.host.is_anisotropic or configuration.n == configuration.m:
        operations = point_operations(configuration.host)
        moved = relocate(moved, operations[which % len(operations)])
    assert canonical_form(moved) == canonical_form(configuration)
    assert clusters(moved) == clusters(configuration)


def test_a_close_cluster_has_its_code_in_every_supercell() -> None:
    changes = "vacancy S@0; vacancy S at shell 1; W on Mo at shell 2 of 1; vacancy S at shell 3 of 1"
    codes = [clusters(parse_spec(f"MoS2 {n}x{m}x1: {changes}")) for n, m in ((8, 8), (12, 12), (9, 14))]
    assert codes[0] == codes[1] == codes[2]


def test_triangles_that_point_both_ways_differ() -> None:
    one, other = parse_spec(AROUND_MO), parse_spec(AROUND_HOLLOW)
    assert fingerprint(one).edges == fingerprint(other).edges
    assert fingerprint(one) != fingerprint(other)
    assert clusters(one) != clusters(other)
