"""What the crystal's symmetry leaves the same, the representation leaves the same."""

from dataclasses import replace
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.defects.strategies import (
    KINDS,
    configurations,
    point_operations,
    relocate,
    to_atoms,
    translate,
)
from tools.defects.configuration import Configuration, Defect
from tools.defects.fingerprints import fingerprint, similarity
from tools.defects.graph import COLUMNS, defect_graph
from tools.defects.hosts import find_host
from tools.defects.locate import find_configuration


def same_graph(one: Configuration, other: Configuration) -> bool:
    """Equal up to the order of the nodes: each node's sorted surroundings are the same."""
    return bool(np.allclose(surroundings(one), surroundings(other), atol=1e-3))


def surroundings(configuration: Configuration) -> np.ndarray:
    graph = defect_graph(configuration)
    columns = [COLUMNS.index(name) for name in invariant_columns(configuration)]
    kinds = np.stack([graph.before, graph.after], axis=1)
    rows = []
    for k, kind in enumerate(kinds):
        others = np.concatenate([graph.edges[k][:, columns].round(3) + 0.0, kinds], axis=1)
        rows.append((*kind.tolist(), *np.array(sorted(others.tolist())).ravel().tolist()))
    return np.array(sorted(rows))


def invariant_columns(configuration: Configuration) -> tuple[str, ...]:
    """|Δx| and |Δy| mean something only where x and y are the crystal's own axes."""
    return (
        COLUMNS if configuration.host.is_anisotropic else tuple(c for c in COLUMNS if c not in ("dx", "dy"))
    )


@given(configurations(), st.tuples(st.integers(0, 7), st.integers(0, 7)))
@settings(max_examples=60, deadline=None)
def test_a_translation_changes_nothing(configuration: Configuration, steps: tuple[int, int]) -> None:
    moved = translate(configuration, steps)
    assert same_graph(configuration, moved)
    assert fingerprint(configuration) == fingerprint(moved)


@given(configurations(), st.randoms())
@settings(max_examples=40, deadline=None)
def test_the_order_of_defects_changes_nothing(configuration: Configuration, random: Random) -> None:
    shuffled = list(configuration.defects)
    random.shuffle(shuffled)
    other = Configuration(configuration.host, configuration.n, configuration.m, tuple(shuffled))
    assert same_graph(configuration, other)
    assert fingerprint(configuration) == fingerprint(other)


@given(configurations(), st.integers(0, 7))
@settings(max_examples=60, deadline=None)
def test_the_point_group_changes_nothing(configuration: Configuration, which: int) -> None:
    operations = point_operations(configuration.host)
    turned = relocate(configuration, operations[which % len(operations)])
    assert same_graph(configuration, turned)
    assert fingerprint(configuration) == fingerprint(turned)
    assert similarity(fingerprint(configuration), fingerprint(turned)) == 1.0


@given(configurations())
@settings(max_examples=40, deadline=None)
def test_what_is_written_as_atoms_is_found_again(configuration: Configuration) -> None:
    assert find_configuration(to_atoms(configuration)) == configuration


@pytest.mark.parametrize("apart", [2, 4])
@pytest.mark.parametrize("host", ["MoS2", "BN", "P"])
def test_a_regular_lattice_of_defects_has_one_fingerprint(host: str, apart: int) -> None:
    """All of its defects tie; followed one by one, the orders of 16 took 12 s and those of 25 never ended."""
    crystal = find_host(host)
    assert crystal
    after = KINDS[host][crystal.elements[-1]][0]
    n, m = crystal.supercell
    grid = product(range(0, n, apart), range(0, m, apart))
    defects = tuple(Defect(i, j, len(crystal.sites) - 1, after) for i, j in grid)
    regular = Configuration(crystal, n, m, defects)
    known = fingerprint(regular)
    for operation in point_operations(crystal):
        turned = relocate(regular, operation).defects
        assert fingerprint(replace(regular, defects=turned[::3] + turned[1::3] + turned[2::3])) == known
