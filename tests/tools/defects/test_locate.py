"""Structures that are, and are not, a host with vacancies and substitutions."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.defects.strategies import configurations, to_atoms
from tests.tools.defects.test_dataset import cif
from tools.defects.configuration import Configuration
from tools.defects.errors import BadInput, OutsideModel
from tools.defects.fingerprints import fingerprint
from tools.defects.locate import find_configuration
from tools.defects.sources import from_pymatgen, read_text
from tools.defects.spec import parse_spec, write_spec
from tools.structures import Atoms, BadStructure, read_cif

SPEC = parse_spec("MoS2 8x8x1: vacancy S@12; W on Mo@3")


@given(configurations(most=5), st.tuples(*[st.floats(-1, 1)] * 3), st.integers(0, 2**31))
@settings(max_examples=30, deadline=None)
def test_origin_order_and_inversion_do_not_matter(
    configuration: Configuration, shift: tuple[float, float, float], seed: int
) -> None:
    atoms = to_atoms(configuration)
    order = np.random.default_rng(seed).permutation(len(atoms.symbols))
    sign = 1 if seed % 2 else -1
    moved = (sign * (atoms.fractional[order] + np.array(shift))) % 1.0
    found = find_configuration(Atoms(tuple(np.array(atoms.symbols)[order].tolist()), moved, atoms.lattice))
    assert fingerprint(found) == fingerprint(configuration)


@given(configurations())
@settings(max_examples=40, deadline=None)
def test_a_spec_is_read_as_it_was_written(configuration: Configuration) -> None:
    assert parse_spec(write_spec(configuration)) == configuration


def test_our_cif_reader_agrees_with_pymatgen() -> None:
    from pymatgen.core.structure import Structure

    text = cif(to_atoms(SPEC))
    ours, theirs = read_cif(text, 500), from_pymatgen(Structure.from_str(text, fmt="cif"))
    assert sorted(ours.symbols) == sorted(theirs.symbols)  # pymatgen sorts by element
    assert np.allclose(ours.lattice @ ours.lattice.T, theirs.lattice @ theirs.lattice.T)
    assert find_configuration(ours) == find_configuration(theirs) == SPEC


def interstitial() -> Atoms:
    atoms = to_atoms(SPEC)
    extra = np.array([[0.5, 0.5, 0.45]])
    return Atoms((*atoms.symbols, "S"), np.concatenate([atoms.fractional, extra]), atoms.lattice)


def overlapping() -> Atoms:
    atoms = to_atoms(SPEC)
    again = atoms.fractional[:1] + 1e-4
    return Atoms((*atoms.symbols, "Mo"), np.concatenate([atoms.fractional, again]), atoms.lattice)


def stretched() -> Atoms:
    atoms = to_atoms(SPEC)
    return replace(atoms, lattice=atoms.lattice * 1.05)


def stacked() -> Atoms:
    atoms = to_atoms(SPEC)
    heights = atoms.fractional[:, 2] * np.linalg.norm(atoms.lattice[2])
    lattice = atoms.lattice * np.array([[1], [1], [6.2 / np.linalg.norm(atoms.lattice[2])]])
    return Atoms(atoms.symbols, np.c_[atoms.fractional[:, :2], heights / 6.2], lattice)


def on_its_side() -> Atoms:
    atoms = to_atoms(SPEC)
    return Atoms(atoms.symbols, atoms.fractional[:, [2, 0, 1]], atoms.lattice[[2, 0, 1]])


def another_crystal() -> Atoms:
    atoms = to_atoms(SPEC)
    return replace(atoms, symbols=tuple("Nb" if s == "Mo" else "Te" for s in atoms.symbols))


@pytest.mark.parametrize(
    ("atoms", "says"),
    [
        (interstitial(), "atom 192 .S. is .* Å from the nearest site of MoS2: interstitials"),
        (overlapping(), "atoms overlap"),
        (stretched(), r"is no n×m supercell .* of MoS2"),
        (stacked(), r"layers 3\.\d Å apart: the model knows single ones"),
        (another_crystal(), "Nb, Te: not the elements of a known host"),
    ],
)
def test_what_the_model_cannot_describe_is_refused(atoms: Atoms, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        find_configuration(atoms)


@pytest.mark.parametrize("text", ["MoS2 8x8x1: vacancy S@12", "WSe2 4x8x1: vacancy Se@0; vacancy Se@9"])
def test_a_hexagonal_plane_may_be_spanned_at_60_degrees(text: str) -> None:
    before = parse_spec(text)
    atoms, times = to_atoms(before), before.m // before.n
    a, b, c = atoms.lattice
    u, v, w = atoms.fractional.T
    turned = Atoms(atoms.symbols, np.c_[u - times * v, v, w], np.array([a, b + times * a, c]))
    assert fingerprint(find_configuration(turned)) == fingerprint(before)
    swapped = Atoms(turned.symbols, turned.fractional[:, [1, 0, 2]], turned.lattice[[1, 0, 2]])
    assert fingerprint(find_configuration(swapped)) == fingerprint(before)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("mos2 8×8×1: vacancy S@12", "MoS2 8x8x1: vacancy S@12"),
        ("MoS2  8 x 8:  Vacancy  S @ 12", "MoS2 8x8x1: vacancy S@12"),
        ("h-BN 8x8x1: C on B@3", "BN 8x8x1: C on B@3"),
    ],
)
def test_a_spec_may_be_spelt_as_people_do(text: str, written: str) -> None:
    assert write_spec(parse_spec(text)) == written


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("MoTe2 8x8x1: vacancy Te@1", "unknown host MoTe2: the model knows MoS2, WSe2, hBN"),
        ("MoS2 8x8x1: vacancy S@128", "S sites 0 to 127"),
        ("MoS2 8x8x1: vacancy Se@1", "MoS2 has no Se"),
        ("MoS2 8x8x2: vacancy S@1", "single layers"),
        ("MoS2 8x8x1: S missing", "is no defect: write"),
        ("MoS2 8x8x1: vacancy S@1; W on S@1", "two defects stand on one site"),
        ("MoS2 8x8x1: S on S@1", "S on S: an element in its own place is no defect"),
        ("MoS2 0x8x1: vacancy S@1", "1 to 64 cells"),
        ("MoS2 8x8x1: vacancy S@1, W on Mo@3", "a semicolon parts defects"),
        ("MoS2", "is no spec"),
    ],
)
def test_a_wrong_spec_says_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        parse_spec(text)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            ("  Mo  Mo1 ", "  Mo  Mo1  nan "),
            "has a value too few or too many",
        ),
        (("0.18598750", "what"), "stands where the CIF needs a number|cannot be read"),
        (("_cell_length_a", "_cell_length_q"), "lacks _cell_length_a"),
    ],
)
def test_a_spoilt_cif_is_refused(change: tuple[str, str], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read_text(cif(to_atoms(SPEC)).replace(*change))


def test_partial_occupancy_is_refused() -> None:
    text = cif(to_atoms(SPEC)).splitlines()
    text[-1] = text[-1][:-1] + "0.5"
    with pytest.raises(OutsideModel, match="partially occupied"):
        read_text("\n".join(text))


@pytest.mark.parametrize("occupancy", ["nan", "2", "-1"])
def test_an_occupancy_that_is_none_is_refused(occupancy: str) -> None:
    text = cif(to_atoms(SPEC)).splitlines()
    text[-1] = text[-1][:-1] + occupancy
    with pytest.raises(BadInput, match="not between 0 and 1"):
        read_text("\n".join(text))


def test_a_cif_holds_one_structure_and_may_hold_remarks() -> None:
    text = cif(to_atoms(SPEC))
    assert read_text(f"data_global\n_audit_author_name 'A. B.'\n{text}") == SPEC
    with pytest.raises(BadInput, match="holds 2 structures: write each to a file of its own"):
        read_text(f"{text}\n{text}")


@pytest.mark.parametrize("counts", ["1000000000", "30000", f"{'9' * 5000}"])
def test_a_poscar_that_promises_too_many_atoms_is_refused(counts: str) -> None:
    with pytest.raises(BadInput, match=r"over 20000 atoms|at most 20000"):
        read_text(f"a\n1.0\n1 0 0\n0 1 0\n0 0 1\nS\n{counts}\nDirect\n0 0 0\n")


def test_a_layer_may_stand_on_its_side() -> None:
    assert find_configuration(on_its_side()) == SPEC


def test_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(BadStructure, match="is a unit or a decimal point wrong"):
        Atoms(("S",), np.array([[0.0, 1e300, 0.0]]), np.eye(3))
    with pytest.raises(BadStructure, match="not a finite number"):
        Atoms(("S",), np.array([[0.0, np.nan, 0.0]]), np.eye(3))
