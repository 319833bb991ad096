"""Structures that are, and are not, a host with vacancies and substitutions."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.defects.strategies import configurations, to_atoms
from tests.tools.defects.test_dataset import cif
from tools.defects.atoms import Atoms, from_pymatgen
from tools.defects.cif import parse_cif
from tools.defects.configuration import Configuration
from tools.defects.errors import BadInput, OutsideModel
from tools.defects.fingerprints import fingerprint
from tools.defects.locate import find_configuration
from tools.defects.spec import parse_spec, write_spec

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
    ours, theirs = parse_cif(text), from_pymatgen(Structure.from_str(text, fmt="cif"))
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


def another_crystal() -> Atoms:
    atoms = to_atoms(SPEC)
    return replace(atoms, symbols=tuple("Nb" if s == "Mo" else "Te" for s in atoms.symbols))


@pytest.mark.parametrize(
    ("atoms", "says"),
    [
        (interstitial(), "atom 192 .S. is .* Å from the nearest site of MoS2: interstitials"),
        (overlapping(), "atoms overlap"),
        (stretched(), r"is no n×m supercell .* of MoS2"),
        (another_crystal(), "Nb, Te: not the elements of a known host"),
    ],
)
def test_what_the_model_cannot_describe_is_refused(atoms: Atoms, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        find_configuration(atoms)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("MoTe2 8x8x1: vacancy Te@1", "unknown host MoTe2: the model knows MoS2, WSe2, hBN"),
        ("MoS2 8x8x1: vacancy S@128", "S sites 0 to 127"),
        ("MoS2 8x8x1: vacancy Se@1", "MoS2 has no Se"),
        ("MoS2 8x8x2: vacancy S@1", "single layers"),
        ("MoS2 8x8x1: S missing", "is no defect: write"),
        ("MoS2 8x8x1: vacancy S@1; W on S@1", "two defects stand on one site"),
        ("MoS2 8x8x1: S on S@1", "replaces S by itself"),
        ("MoS2 0x8x1: vacancy S@1", "1 to 64 cells"),
        ("MoS2", "is no spec"),
    ],
)
def test_a_wrong_spec_says_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        parse_spec(text)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("  Mo  Mo1 ", "  Mo  Mo1  nan "), "values in rows of 6: the CIF is cut short"),
        (("0.18598750", "what"), "stands where the CIF needs a number|cannot be read"),
        (("_cell_length_a", "_cell_length_q"), "lacks _cell_length_a"),
    ],
)
def test_a_spoilt_cif_is_refused(change: tuple[str, str], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        parse_cif(cif(to_atoms(SPEC)).replace(*change))


def test_partial_occupancy_is_refused() -> None:
    text = cif(to_atoms(SPEC)).splitlines()
    text[-1] = text[-1][:-1] + "0.5"
    with pytest.raises(OutsideModel, match="partially occupied"):
        parse_cif("\n".join(text))


def test_nan_and_too_many_atoms_are_refused() -> None:
    with pytest.raises(BadInput, match="not a finite number"):
        Atoms(("S",), np.array([[0.0, np.nan, 0.0]]), np.eye(3))
    with pytest.raises(BadInput, match="100000 atoms"):
        Atoms(("S",) * 100_000, np.zeros((100_000, 3)), np.eye(3))
