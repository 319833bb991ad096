"""Readers of crystals against pymatgen, and what they say of strings that are none."""

import gzip
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.generation.samples import TEXTS, perovskite
from tools.generation.crystals.crystal import Crystal, parse_cif, parse_poscar
from tools.generation.crystals.text import parse_text, write_text
from tools.generation.lost import Lost
from tools.generation.schema import LossReason, Stage

DATA = Path(__file__).parents[5] / "shared" / "data"
PEROVSKITE = perovskite("Ba", "Ti")


def to_cif(crystal: Crystal) -> str:
    from pymatgen.io.cif import CifWriter

    return str(CifWriter(crystal.structure()))


def to_poscar(crystal: Crystal) -> str:
    from pymatgen.io.vasp.inputs import Poscar

    return Poscar(crystal.structure()).get_str()


def assert_same(left: Crystal, right: Crystal) -> None:
    assert left.symbols == right.symbols
    assert np.allclose(left.fractional, right.fractional, atol=1e-6)
    assert left.volume == pytest.approx(right.volume, rel=1e-5)


@pytest.mark.parametrize("text", TEXTS)
def test_the_three_forms_say_the_same(text: str) -> None:
    crystal = parse_text(text)
    assert_same(parse_cif(to_cif(crystal)), crystal)
    assert_same(parse_poscar(to_poscar(crystal)), crystal)


def test_cifs_of_the_official_test_split_are_read_as_pymatgen_reads_them() -> None:
    path = DATA / "perov_5" / "test.csv.gz"
    if not path.exists():
        pytest.skip("needs shared/data/perov_5")
    import csv

    from pymatgen.core.structure import Structure

    with gzip.open(path, "rt") as file:
        rows = [row["cif"] for row, _ in zip(csv.DictReader(file), range(40), strict=False)]
    for text in rows:
        ours = parse_cif(text).structure().get_sorted_structure()
        theirs = Structure.from_str(
            text, fmt="cif"
        ).get_sorted_structure()  # pymatgen puts sites in its own order
        assert ours.species == theirs.species
        assert np.allclose(ours.distance_matrix, theirs.distance_matrix, atol=1e-4)


def test_a_cif_with_symmetry_is_expanded() -> None:
    from pymatgen.io.cif import CifWriter

    cubic = parse_text(PEROVSKITE).structure()
    crystal = parse_cif(str(CifWriter(cubic, symprec=0.01)))
    assert sorted(crystal.symbols) == ["Ba", "O", "O", "O", "Ti"]


def test_a_number_may_carry_its_uncertainty() -> None:
    text = to_cif(parse_text(PEROVSKITE)).replace("4.00000000", "4.00(2)", 1)
    assert parse_cif(text).volume == pytest.approx(64)


@given(
    st.lists(st.floats(2, 20), min_size=3, max_size=3),
    st.lists(st.floats(60, 120), min_size=3, max_size=3),
    st.lists(st.tuples(*[st.floats(0, 0.99)] * 3), min_size=1, max_size=6),
)
@settings(max_examples=40, deadline=None)
def test_text_is_read_as_it_was_written(
    lengths: list[float], angles: list[float], places: list[tuple[float, float, float]]
) -> None:
    lines = [" ".join(f"{x:.4f}" for x in (*lengths, *angles))]
    lines += [f"Si {x:.4f} {y:.4f} {z:.4f}" for x, y, z in places]
    try:
        crystal = parse_text("\n".join(lines))
    except Lost as lost:
        assert lost.loss.reason is LossReason.FLAT_CELL  # noqa: PT017 - angles that close no cell
        return
    again = parse_text(write_text(crystal, decimals=6))
    assert again.volume == pytest.approx(crystal.volume, rel=1e-3)
    assert np.allclose((again.fractional - crystal.fractional + 0.5) % 1, 0.5, atol=1e-5)


def test_lattices_lie_as_pymatgen_lays_them() -> None:
    from pymatgen.core.lattice import Lattice

    crystal = parse_text("3 4 5 80 95 110\nSi 0 0 0")
    assert np.allclose(crystal.lattice, Lattice.from_parameters(3, 4, 5, 80, 95, 110).matrix)


@pytest.mark.parametrize(
    ("text", "reason", "stage"),
    [
        ("3 3 3 90 90 90\nL0 0 0 0", LossReason.UNKNOWN_SPECIES, Stage.TYPED),
        ("3 3 3 90 90 90\nXx 0 0 0", LossReason.UNKNOWN_SPECIES, Stage.TYPED),
        ("nan 3 3 90 90 90\nSi 0 0 0", LossReason.NOT_FINITE, Stage.TYPED),
        ("3 3 3 90 90 90\nSi inf 0 0", LossReason.NOT_FINITE, Stage.TYPED),
        ("3 3 3 90 90 90\nSi 1e300 0 0", LossReason.NOT_FINITE, Stage.TYPED),
        ("0 3 3 90 90 90\nSi 0 0 0", LossReason.FLAT_CELL, Stage.STRUCTURAL),
        ("3 3 3 90 90 180\nSi 0 0 0", LossReason.FLAT_CELL, Stage.STRUCTURAL),
        ("3 3 3 10 10 170\nSi 0 0 0", LossReason.FLAT_CELL, Stage.STRUCTURAL),
        ("3 3 3 90 90 90", LossReason.NOT_TEXT, Stage.PARSED),
        ("3 3 3 90 90 90\nSi 0 0", LossReason.NOT_TEXT, Stage.PARSED),
        ("3 3 3 90 90 90\nSi 0 0 zero", LossReason.NOT_TEXT, Stage.PARSED),
        ("I cannot help with that.", LossReason.NOT_TEXT, Stage.PARSED),
    ],
)
def test_text_crystals_that_are_none(text: str, reason: LossReason, stage: Stage) -> None:
    with pytest.raises(Lost) as caught:
        parse_text(text)
    assert (caught.value.loss.reason, caught.value.loss.stage) == (reason, stage)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("Ba  Ba0", "L0  L0"), LossReason.UNKNOWN_SPECIES),
        (("4.00000000", "nan"), LossReason.NOT_FINITE),
        (("4.00000000", "0.0"), LossReason.FLAT_CELL),
        (("4.00000000", "four"), LossReason.NOT_CIF),
        (("_cell_length_a", "_cell_length_x"), LossReason.NOT_CIF),
        (("loop_", "data_again\nloop_"), LossReason.NOT_CIF),
        (("0.50000000  1", "0.50000000  0.5"), LossReason.PARTIAL_OCCUPANCY),
        (("  O  O4", "  O"), LossReason.NOT_CIF),
    ],
)
def test_cifs_that_are_none(change: tuple[str, str], reason: LossReason) -> None:
    text = to_cif(parse_text(PEROVSKITE))
    assert change[0] in text
    with pytest.raises(Lost) as caught:
        parse_cif(text.replace(*change))
    assert caught.value.loss.reason is reason


def test_a_negative_scale_is_a_volume() -> None:
    lines = to_poscar(parse_text(PEROVSKITE)).splitlines()
    crystal = parse_poscar("\n".join([lines[0], "-128", *lines[2:]]))
    assert crystal.volume == pytest.approx(128)


def test_cartesian_positions_and_selective_dynamics() -> None:
    text = (
        "x\n1.0\n4 0 0\n0 4 0\n0 0 4\nNa Cl\n1 1\nSelective dynamics\nCartesian\n0 0 0 T T T\n2 2 2 F F F\n"
    )
    assert np.allclose(parse_poscar(text).fractional, np.array([[0, 0, 0], [0.5, 0.5, 0.5]]))


@pytest.mark.parametrize(
    "counts", ["1 1000000000", "1", "a b", "1 -1"], ids=["huge", "one", "words", "negative"]
)
def test_poscars_that_are_none(counts: str) -> None:
    with pytest.raises(Lost):
        parse_poscar(f"x\n1.0\n4 0 0\n0 4 0\n0 0 4\nNa Cl\n{counts}\nDirect\n0 0 0\n.5 .5 .5\n")


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_no_text_does_more_than_get_lost(text: str) -> None:
    for parse in (parse_cif, parse_text, parse_poscar):
        with pytest.raises(Lost):
            parse(text)


def test_density_and_formula() -> None:
    from tools.generation.crystals.crystal import density

    crystal = parse_text(PEROVSKITE)
    assert (crystal.formula, crystal.anonymous) == ("O3TiBa", "ABC3")
    assert density(crystal) == pytest.approx(float(crystal.structure().density), rel=1e-7)
    assert not math.isnan(density(crystal))
