"""CHGNet itself relaxes; where it is not installed these are skipped."""

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("pymatgen", reason="the extra [generation] is not installed")
from pymatgen.core.lattice import Lattice
from pymatgen.core.structure import Structure

from tools.generation.downstream.hull import Hull
from tools.generation.downstream.schema import Coverage
from tools.generation.downstream.stability import assess

CORNERS: Any = [[0, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]


def _perovskite(a: float, *species: str) -> Structure:
    return Structure(Lattice.cubic(a), [*species[:2], *species[2] * 3], CORNERS)


@pytest.fixture(scope="module")
def potential() -> Iterator[None]:
    torch = pytest.importorskip("torch", reason="the extra [stability] is not installed")
    pytest.importorskip("chgnet", reason="the extra [stability] is not installed")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("potential")
def test_a_known_perovskite_is_near_the_hull_and_the_swapped_one_far() -> None:
    good, bad = (assess(_perovskite(4.0, *order, "O")) for order in (("Ba", "Ti"), ("Ti", "Ba")))
    assert good.above_reference_hull is not None
    assert bad.above_reference_hull is not None
    assert abs(good.above_reference_hull.value) < 3 * (good.above_reference_hull.std or 0)
    assert bad.above_reference_hull.value > 1
    assert good.coverage is Coverage.SYSTEM
    assert good.relaxation is not None
    assert good.relaxation.converged


@pytest.mark.usefixtures("potential")
def test_what_does_not_come_to_rest_is_refused_and_says_how_far_it_came() -> None:
    told = assess(_perovskite(3.6, "Ba", "Ti", "O"), steps=1)
    assert not told.applicable
    assert told.reason
    assert "did not come to rest" in told.reason
    assert told.relaxation is not None


@pytest.mark.usefixtures("potential")
def test_an_atom_without_neighbours_is_refused() -> None:
    told = assess(Structure(Lattice.cubic(30), ["Na", "Cl"], CORNERS[:2]))
    assert told.reason == "an atom has no neighbour within 6 Å"


def test_an_element_without_enough_compounds_is_refused() -> None:
    told = assess(_perovskite(4.0, "He", "Ti", "O"))
    assert told.reason
    assert "He" in told.reason


def test_a_system_that_the_reference_does_not_know_is_refused() -> None:
    told = assess(_perovskite(4.0, "Ba", "Ti", "O"), hull=Hull({"NaCl": -2.0}, "tiny"))
    assert not told.applicable
    assert told.coverage is Coverage.NONE
    assert told.reference == "tiny"


def test_partial_occupation_is_refused() -> None:
    told = assess(Structure(Lattice.cubic(4), [{"Na": 0.5, "K": 0.5}, "Cl"], CORNERS[:2]))
    assert told.reason
    assert "partial" in told.reason
