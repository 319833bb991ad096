"""What a user may fix of a plan, as it is checked before a run begins."""

from pathlib import Path

import pytest

import physh
from agents.errors import PinsError
from agents.schema import Pins
from app.concepts import grow
from app.runtime import check_pins
from physh import Ontology, UnknownConcept
from tests.physh.small import SMALL


@pytest.fixture(scope="module")
def ontology(cache: Path) -> Ontology:
    return physh.load(cache=cache)


@pytest.mark.parametrize(
    "framework",
    [
        "Percolation theory",
        "Experimental Techniques :: Magnetic techniques",
        "Techniques :: Magnetic techniques",
        "Networks :: Percolation theory",
        "Computational Physics :: Multiscale modeling",
        "numerical TECHNIQUES::multiscale modeling",
    ],
)
def test_a_concept_is_accepted_below_anything(ontology: Ontology, framework: str) -> None:
    check_pins(ontology, Pins(frameworks=(framework,)), 1)


@pytest.mark.parametrize(
    ("pins", "line"),
    [
        (Pins(frameworks=("Computational Physics :: Alchemy",)), "no concept 'Alchemy'. Nearest"),
        (Pins(frameworks=("Multiscale modeling :: Experimental Techniques",)), "no concept"),
        (Pins(frameworks=(":: Percolation theory",)), "cannot be read: a framework is"),
        (Pins(frameworks=("a :: b :: Percolation theory",)), "cannot be read: a framework is"),
        (Pins(frameworks=("Percolation theory", "x :: percolation theory")), "is pinned twice"),
        (Pins(disciplines=("Networks", "networks")), "is pinned twice"),
        (Pins(disciplines=("APS Taxonomy",)), "'APS Taxonomy' holds no concepts; these do: "),
        (Pins(disciplines=("General Physics",)), "'General Physics' holds no concepts; these do: "),
        (Pins(disciplines=("Alchemy",)), "no discipline 'Alchemy'. Nearest"),
        (Pins(roles=("A", "B", "C")), "the pins need 3 perspectives and 2 are asked for"),
        (
            Pins(frameworks=("Percolation theory", "Multiscale modeling", "Magnetic techniques")),
            "the pins need 3 perspectives",
        ),
        (
            Pins(frameworks=("Percolation theory", "Multiscale modeling"), disciplines=("Fluid Dynamics",)),
            "the pins need 3 perspectives",
        ),
    ],
)
def test_a_pin_that_cannot_be_obeyed_is_refused_in_a_line(ontology: Ontology, pins: Pins, line: str) -> None:
    with pytest.raises((PinsError, UnknownConcept)) as caught:
        check_pins(ontology, pins, 2)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_deprecated_concept_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "small.ttl"
    path.write_text(SMALL)
    with pytest.raises(PinsError, match="'Old waves' is deprecated"):
        check_pins(physh.load(path, cache=tmp_path), Pins(frameworks=("Old waves",)), 1)


@pytest.mark.parametrize("name", ["APS Taxonomy", "General Physics"])
def test_the_tree_of_a_discipline_without_concepts_is_refused(ontology: Ontology, name: str) -> None:
    with pytest.raises(UnknownConcept, match="holds no concepts; these do: Accelerators"):
        grow(ontology, name)
