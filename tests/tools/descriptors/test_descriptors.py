"""Descriptors: what each declares is what it does; known values; bad input is refused in one line."""

from pathlib import Path

import numpy as np
import pytest

from bench.representation import zinc_oxide
from tools.descriptors import DESCRIBE, HOMES, find_descriptor
from tools.descriptors.contract import Descriptor
from tools.descriptors.errors import DescriptorError
from tools.descriptors.figure import draw
from tools.descriptors.tool import ToDescribe
from tools.representation import assess, check, read_text
from tools.structures.atoms import Atoms

QUICK = ("coulomb_matrix", "sine_matrix", "ewald_matrix", "composition", "fragments", "diffraction")
ROCK_SALT = """NaCl
1.0
5.64 0 0
0 5.64 0
0 0 5.64
Na Cl
4 4
Direct
0 0 0
0 .5 .5
.5 0 .5
.5 .5 0
.5 0 0
0 .5 0
0 0 .5
.5 .5 .5
"""


def describe(name: str, text: str = ROCK_SALT) -> np.ndarray:
    found = DESCRIBE.run(ToDescribe(structure=text, descriptor=name))
    return np.array(found.values, dtype=float).reshape(found.shape)


@pytest.mark.parametrize("name", HOMES)
def test_each_carries_a_specification_that_type_checks(name: str) -> None:
    descriptor = find_descriptor(name)
    given = read_text(descriptor.specification)
    assert given.transform.name == descriptor.name == name
    assert check(given.transform, given.places) == []


@pytest.mark.parametrize("name", QUICK)
def test_what_it_declares_shows_no_counterexample(name: str) -> None:
    descriptor = find_descriptor(name)
    result = assess(read_text(descriptor.specification), descriptor.compute, name, draws=2, seed=1)
    assert not result.counterexamples, result.summary


@pytest.mark.parametrize(
    ("name", "package"), [("soap", "dscribe"), ("mbtr", "dscribe"), ("topology", "ripser")]
)
def test_what_libraries_compute_shows_no_counterexample_either(name: str, package: str) -> None:
    pytest.importorskip(package)
    descriptor = find_descriptor(name)
    result = assess(read_text(descriptor.specification), descriptor.compute, name, draws=1, seed=1)
    assert not result.counterexamples, result.summary
    assert len(result.findings) > 10


def test_fragments_of_rock_salt_are_those_counted_by_hand() -> None:
    """Each atom has six bonds to the other kind: three for each atom, and 15 paths whose ends are equal."""
    values = dict(zip(find_descriptor("fragments").labels(), describe("fragments"), strict=True))  # type: ignore[misc]  # it has names
    apart = 3.16 - 0.93
    assert values["bonds of an atom, fewest"] == values["bonds of an atom, most"] == 6
    assert values["length of bonds, mean (Å)"] == pytest.approx(2.82)
    assert values["paths of three atoms, for each atom"] == 15
    expected = (3 * apart, 3 * apart / 2.82**2, 3.16 * 0.93, 0.0, apart, apart)
    found = [value for name, value in values.items() if name.startswith("electronegativity")]
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("cell", "places", "numbers", "bonds"),
    [
        (3.615 / 2 * (1 - np.eye(3)), [[0, 0, 0]], [29], [12]),
        (3.567 / 2 * (1 - np.eye(3)), [[0, 0, 0], [3.567 / 4] * 3], [6, 6], [4, 4]),
        (np.array([[2.46, 0, 0], [-1.23, 2.13, 0], [0, 0, 20.0]]),
         [[0, 0, 0], [0, 1.42, 0]], [6, 6], [3, 3]),
    ],
    ids=["copper", "diamond", "graphene"],
)  # fmt: skip
def test_voronoi_bonds_are_those_of_known_crystals(
    cell: np.ndarray, places: list[list[float]], numbers: list[int], bonds: list[int]
) -> None:
    from tools.descriptors.fragments import find_bonds

    found = find_bonds(np.array(places, float), np.array(numbers), cell)
    assert list(np.bincount(found.first)) == bonds


def test_the_ewald_matrix_gives_the_madelung_energy() -> None:
    """Of rock salt with charges of ±1, from trace and size of the eigenvalues: -1.7476 e²/d for each pair."""
    from tools.descriptors import matrices

    a = 5.64
    cell = a / 2 * np.array([[0.0, 1, 1], [1, 0, 1], [1, 1, 0]])
    values = matrices.ewald(np.array([[0.0, 0, 0], [a / 2, a / 2, a / 2]]), np.array([1, -1]), cell)
    diagonal = values.sum()  # the trace
    pair = (values**2).sum() - diagonal**2 / 2  # both diagonal entries are equal
    energy = diagonal + np.sqrt(pair / 2)
    assert energy == pytest.approx(-1.747565 / (a / 2), rel=1e-5)


def test_a_simple_cubic_net_has_two_rings_for_each_atom() -> None:
    pytest.importorskip("ripser")
    pieces, rings, _ = describe("topology")
    assert pieces[0] == 1
    assert rings[32] == pytest.approx(2, abs=0.05)  # three bonds an atom, one spent on joining it


def test_composition_statistics_are_weighted_by_share() -> None:
    descriptor = find_descriptor("composition")
    values = dict(zip(descriptor.labels() if descriptor.labels else (), describe("composition"), strict=True))
    assert values["atomic number, mean"] == pytest.approx(14)
    assert values["electronegativity, range"] == pytest.approx(3.16 - 0.93)


def test_diffraction_tells_cubic_lattices_apart() -> None:
    """Simple, body-centred and face-centred cubic, and diamond, as in the paper's figure 1."""
    bases: dict[str, list[list[float]]] = {
        "sc": [[0, 0, 0]],
        "bcc": [[0, 0, 0], [0.5, 0.5, 0.5]],
        "fcc": [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]],
    }
    bases["diamond"] = bases["fcc"] + [[x + 0.25 for x in place] for place in bases["fcc"]]
    cell = np.eye(3) * 3.6
    images = [
        find_descriptor("diffraction").compute(r=np.array(b) @ cell, Z=np.full(len(b), 14), a=cell).ravel()
        for b in bases.values()
    ]
    likeness = np.corrcoef(images)
    assert np.abs(likeness[np.triu_indices(4, 1)]).max() < 0.95  # bcc and diamond are nearest, 0.90


def atoms(count: int, descriptor: Descriptor) -> Atoms:
    rng = np.random.default_rng(0)
    assert descriptor.most_atoms < 200_000
    return Atoms(("Na",) * count, rng.random((count, 3)), np.eye(3) * 100)


@pytest.mark.parametrize("name", ["ewald_matrix", "sine_matrix", "soap", "topology", "diffraction"])
def test_too_many_atoms_are_refused_before_anything_is_computed(name: str) -> None:
    descriptor = find_descriptor(name)
    with pytest.raises(DescriptorError, match="at most"):
        descriptor.describe(atoms(100_000, descriptor))


@pytest.mark.parametrize("place", ["0.0 0 0.001", "0.999 0 0", "1 1 1"])
def test_atoms_on_one_place_are_refused(place: str) -> None:
    text = ROCK_SALT.replace("0 .5 .5", place, 1)
    with pytest.raises(DescriptorError, match="remove the double"):
        describe("ewald_matrix", text)


def test_an_unknown_descriptor_is_told_which_there_are() -> None:
    with pytest.raises(DescriptorError, match="ewald_matrix"):
        find_descriptor("os.system")


@pytest.mark.parametrize("name", ["ewald_matrix", "composition", "diffraction", "fragments"])
def test_each_is_drawn(name: str, tmp_path: Path) -> None:
    draw(DESCRIBE.run(ToDescribe(structure=ROCK_SALT, descriptor=name)), ROCK_SALT).savefig(
        tmp_path / "x.png"
    )
    assert (tmp_path / "x.png").stat().st_size > 3000


def test_zinc_oxide_is_wurtzite() -> None:
    """The fixture itself: four atoms, each 1.98 Å from its nearest."""
    from tools.descriptors.periodic import nearest_neighbours

    places, cell, _ = zinc_oxide()
    assert nearest_neighbours(places, cell) == pytest.approx(1.98, abs=0.02)
