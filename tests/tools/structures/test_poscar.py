"""POSCARs in the dialects that VASP and people write."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.readers.dialects import PoscarDialect, is_same, random_crystals, write_poscar
from tools.structures import (
    BadStructure,
    StructureFault,
    decode_text,
    looks_like_poscar,
    read_poscar,
    read_structure,
)

dialects = st.builds(
    PoscarDialect,
    scale=st.sampled_from(["one", "length", "volume", "three"]),
    cartesian=st.booleans(),
    names=st.sampled_from(["plain", "potential", "hash", "slash", "comment", "labels"]),
    selective=st.booleans(),
    remarks=st.booleans(),
    exponent=st.sampled_from("eED"),
    comment=st.sampled_from(["", "data_x", "loop_", "MoS2 8x8x1: vacancy S@12", "1 2 3", "von Müller"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "utf-16"]),
)


@given(dialects, st.integers(0, 2**31))
@settings(max_examples=150, deadline=None)
def test_every_dialect_gives_the_crystal_that_was_written(dialect: PoscarDialect, seed: int) -> None:
    atoms = next(random_crystals(np.random.default_rng(seed))).atoms()
    text = decode_text(write_poscar(atoms, dialect))
    assert looks_like_poscar(text)
    assert is_same(read_structure(text, 1000), atoms, tolerance=1e-4)


@given(st.sampled_from(["one", "length", "volume", "three"]), st.booleans(), st.integers(0, 2**31))
@settings(max_examples=30, deadline=None)
def test_scales_are_read_as_ase_reads_them(scale: str, cartesian: bool, seed: int) -> None:
    ase_io = pytest.importorskip("ase.io")
    atoms = next(random_crystals(np.random.default_rng(seed))).atoms()
    text = write_poscar(atoms, PoscarDialect(scale=scale, cartesian=cartesian)).decode()
    theirs, ours = ase_io.read(io.StringIO(text), format="vasp"), read_poscar(text, 1000)
    assert tuple(theirs.get_chemical_symbols()) == ours.symbols
    assert np.allclose(theirs.get_positions(), ours.fractional @ ours.lattice, atol=1e-6)


def salt(scale: str, mode: str, names: str = "Na Cl", counts: str = "1 1") -> str:
    cell = "2.82 2.82 0\n0 2.82 2.82\n2.82 0 2.82"
    return f"salt\n{scale}\n{cell}\n{names}\n{counts}\n{mode}\n0 0 0\n2.82 2.82 2.82\n"


@pytest.mark.parametrize(
    ("scale", "shortest"), [("1.0", 2.82), ("2.0", 5.64), ("-44.851536", 2.82), ("1 1 2", 2.82)]
)
def test_scales_stretch_cell_and_positions_alike(scale: str, shortest: float) -> None:
    atoms = read_poscar(salt(scale, "Cartesian"), 10)
    way = atoms.fractional[1] - atoms.fractional[0]
    images = np.stack(np.meshgrid(*[range(-2, 3)] * 3), -1).reshape(-1, 3)
    assert np.linalg.norm((way + images) @ atoms.lattice, axis=1).min() == pytest.approx(shortest, abs=1e-4)


@pytest.mark.parametrize(
    ("names", "counts", "expected"),
    [
        ("H.75 H1.25", "1 1", ("H", "H")),
        ("D T", "1 1", ("H", "H")),
        ("Na Xx Cl", "1 0 1", None),
        ("Na K Cl", "1 0 1", ("Na", "Cl")),
    ],
)
def test_names_and_counts(names: str, counts: str, expected: tuple[str, ...] | None) -> None:
    if expected is None:
        with pytest.raises(BadStructure, match="'Xx' is no element"):
            read_poscar(salt("1", "Direct", names, counts), 10)
    else:
        assert read_poscar(salt("1", "Direct", names, counts), 10).symbols == expected


def test_flags_of_selective_dynamics_are_no_elements() -> None:
    text = salt("1", "Direct").replace("Na Cl\n", "").replace("Direct", "Selective\nDirect")
    text = text.replace("0 0 0\n", "0 0 0 T T T\n").replace("2.82 2.82 2.82\n", "2.82 2.82 2.82 F F F\n")
    with pytest.raises(BadStructure, match="VASP 4 names no elements: write them on a line") as caught:
        read_poscar(text, 10)
    assert caught.value.fault is StructureFault.UNKNOWN_SPECIES


@pytest.mark.parametrize("scale", ["0", "nan", "1 -1 1", "inf", "words"])
def test_a_scale_that_makes_no_cell_is_refused(scale: str) -> None:
    with pytest.raises(BadStructure):
        read_poscar(salt(scale, "Direct"), 10)


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_no_text_does_more_than_be_refused(text: str) -> None:
    with pytest.raises(BadStructure):
        read_structure(text, 1000)
