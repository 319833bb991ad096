"""Structures as other programs write them: found, or refused with the reason and the displacement."""

import io
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.defects.strategies import configurations, to_atoms
from tools.defects import (
    BadInput,
    Configuration,
    fingerprint,
    parse_spec,
    predict,
    read_configuration,
    read_members,
)
from tools.defects.locate import find_configuration
from tools.structures import Atoms

SPEC = parse_spec("MoS2 8x8x1: vacancy S@12; W on Mo@3")
BASES = [
    ((0, 1), (-1, -1)), ((1, 1), (-1, 0)), ((2, 1), (1, 1)), ((1, 2), (0, 1)), ((0, -1), (1, 0)),
    ((1, 0), (1, 1)),
]  # fmt: skip


def rebase(atoms: Atoms, turn: tuple[tuple[int, int], tuple[int, int]]) -> Atoms:
    whole = np.eye(3)
    whole[:2, :2] = turn
    return Atoms(atoms.symbols, atoms.fractional @ np.linalg.inv(whole), whole @ atoms.lattice)


@given(
    configurations(most=4), st.sampled_from(BASES), st.sampled_from([(0, 1, 2), (1, 2, 0), (2, 0, 1)]),
    st.tuples(*[st.floats(-1, 1)] * 3), st.integers(0, 2**31),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_basis_axes_origin_orientation_and_relaxation_do_not_matter(
    configuration: Configuration,
    turn: tuple[tuple[int, int], tuple[int, int]],
    axes: tuple[int, int, int],
    shift: tuple[float, float, float],
    seed: int,
) -> None:
    if configuration.n != configuration.m or configuration.host.is_anisotropic:
        return  # on another basis these are other supercells
    rng = np.random.default_rng(seed)
    atoms = rebase(to_atoms(configuration), turn)
    rotation = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    relaxed = atoms.fractional + rng.normal(0, 0.03, atoms.fractional.shape) @ np.linalg.inv(atoms.lattice)
    moved = (relaxed + np.array(shift)) % 1.0
    turned = Atoms(atoms.symbols, moved[:, axes], (atoms.lattice @ rotation)[list(axes)])
    assert fingerprint(find_configuration(turned)) == fingerprint(configuration)


def test_a_rectangular_cell_of_a_centred_layer_is_reduced() -> None:
    """As a file with symmetry writes it: a and a + 2b span two primitive supercells."""
    atoms = to_atoms(SPEC)
    twice = [atoms.fractional + np.array(shift) for shift in ([0, 0, 0], [0, 1, 0])]
    whole = np.array([[1, 0, 0], [1, 2, 0], [0, 0, 1]])
    fractional = np.concatenate(twice) @ np.linalg.inv(whole) % 1.0
    doubled = Atoms(atoms.symbols * 2, fractional, whole @ atoms.lattice)
    assert fingerprint(find_configuration(doubled)) == fingerprint(SPEC)


@pytest.mark.parametrize("amount", [0.1, 0.3])
def test_displaced_atoms_are_measured_from_the_lattice_and_not_from_one_of_them(amount: float) -> None:
    atoms = to_atoms(SPEC)
    ways = np.random.default_rng(1).normal(size=(len(atoms.symbols), 3))
    ways *= amount / np.linalg.norm(ways, axis=1)[:, None]
    moved = atoms.fractional + ways @ np.linalg.inv(atoms.lattice)
    assert fingerprint(find_configuration(Atoms(atoms.symbols, moved, atoms.lattice))) == fingerprint(SPEC)


def test_a_displacement_that_is_too_large_is_told() -> None:
    atoms = to_atoms(SPEC)
    ways = np.zeros((len(atoms.symbols), 3))
    ways[5] = [0.0, 0.0, 0.8]
    moved = Atoms(atoms.symbols, atoms.fractional + ways @ np.linalg.inv(atoms.lattice), atoms.lattice)
    with pytest.raises(BadInput, match=r"atom 6 \(Mo\) is 0\.\d\d Å from the nearest site"):
        find_configuration(moved)


def test_a_bilayer_is_called_one() -> None:
    atoms = to_atoms(SPEC)
    thick = atoms.lattice * np.array([[1], [1], [2]])
    heights = atoms.fractional * [1, 1, 0.5]
    two = Atoms(atoms.symbols * 2, np.concatenate([heights, heights + np.array([0, 0, 0.2])]), thick)
    with pytest.raises(BadInput, match="382 atoms, where one layer of MoS2 8×8 has 192"):
        find_configuration(two)


@pytest.mark.parametrize("form", ["vasp", "cif", "extxyz"])
@pytest.mark.parametrize("vacuum_axis", [2, 0])
def test_files_of_ase_are_found(tmp_path: Path, form: str, vacuum_axis: int) -> None:
    """A layer built by ASE, with a vacancy: its own origin, its own order, sorted or not."""
    ase_build, ase_io = pytest.importorskip("ase.build"), pytest.importorskip("ase.io")
    layer = ase_build.mx2("MoS2", kind="2H", a=3.19, thickness=3.13, size=(8, 8, 1), vacuum=8)
    del layer[next(k for k, s in enumerate(layer.get_chemical_symbols()) if s == "S")]
    if vacuum_axis == 0:
        order = [2, 0, 1]
        places = layer.get_scaled_positions()[:, order]
        layer.set_cell(layer.cell[order])
        layer.set_scaled_positions(places)
    ending = {"vasp": "vasp", "cif": "cif", "extxyz": "xyz"}[form]
    layer.set_pbc(True)
    ase_io.write(tmp_path / f"a.{ending}", layer, format=form)
    (member,) = read_members(str(tmp_path / f"a.{ending}"), io.BytesIO())
    assert isinstance(member.found, Configuration), member.found
    assert fingerprint(member.found) == fingerprint(parse_spec("MoS2 8x8x1: vacancy S@0"))


def test_files_of_pymatgen_are_found_with_symmetry_and_without() -> None:
    cif, inputs = pytest.importorskip("pymatgen.io.cif"), pytest.importorskip("pymatgen.io.vasp.inputs")
    core = pytest.importorskip("pymatgen.core.structure")
    spec = parse_spec("MoS2 8x8x1: vacancy S@12")
    atoms = to_atoms(spec)
    structure = core.Structure(atoms.lattice, list(atoms.symbols), atoms.fractional)
    texts = [str(cif.CifWriter(structure)), str(cif.CifWriter(structure, symprec=0.01))]
    texts.append(inputs.Poscar(structure).get_str())
    for text in texts:
        assert fingerprint(read_configuration(text)) == fingerprint(spec)
    assert predict(texts[1]).applicable


FOREIGN = Path(__file__).parent / "foreign"


@pytest.mark.parametrize(
    ("name", "spec"),
    [
        ("doped_v_S.vasp", "MoS2 8x8x1: vacancy S@0"),
        ("doped_W_Mo.vasp", "MoS2 8x8x1: W on Mo@0"),
        ("pymatgen_analysis_defects_v_S.vasp", "MoS2 8x8x1: vacancy S@0"),
        ("pymatgen_analysis_defects_W_Mo.cif", "MoS2 8x8x1: W on Mo@0"),
        ("ase_rotated_vacuum_along_a.xyz", "MoS2 8x8x1: W on Mo@0; vacancy S at 4.0 Å"),
        ("c2db_style_pbc_in_plane.xyz", "WSe2 8x8x1: vacancy Se@0"),
        ("c2db_style_wrapped.cif", "WSe2 8x8x1: vacancy Se@0"),
    ],
)
def test_files_that_other_programs_wrote_are_found(name: str, spec: str) -> None:
    """See foreign/README.md: relaxed, rotated, another origin, vacuum along another axis, wrapped."""
    (member,) = read_members(str(FOREIGN / f"{name}.gz"), io.BytesIO())
    assert isinstance(member.found, Configuration), member.found
    assert fingerprint(member.found) == fingerprint(parse_spec(spec))
    assert predict(member.found).applicable


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("imp2d_style_adatom.xyz", r"atom 193 \(W\) is 2\.65 Å from the nearest site of MoS2: interstitials"),
        ("imp2d_style_interstitial.vasp", r"atom 193 \(S\) is 1\.60 Å from the nearest site"),
        ("pymatgen_analysis_defects_own_supercell.cif", r"15\.900×16\.524 Å, 90\.0° is no n×m supercell"),
        ("c2db_style_structure.json", "this is JSON: write the structure as CIF"),
    ],
)
def test_what_is_not_in_the_model_is_refused_with_the_displacement_or_the_cell(name: str, told: str) -> None:
    (member,) = read_members(str(FOREIGN / f"{name}.gz"), io.BytesIO())
    assert isinstance(member.found, Exception)
    assert re.search(told, str(member.found)), member.found


def test_a_comment_that_is_a_spec_is_a_comment() -> None:
    inputs = pytest.importorskip("pymatgen.io.vasp.inputs")
    core = pytest.importorskip("pymatgen.core.structure")
    atoms = to_atoms(SPEC)
    structure = core.Structure(atoms.lattice, list(atoms.symbols), atoms.fractional).get_sorted_structure()
    text = inputs.Poscar(structure, comment="MoS2 8x8x1: vacancy Mo@3").get_str()
    (member,) = read_members("-", io.BytesIO(text.encode()))
    assert isinstance(member.found, Configuration)
    assert fingerprint(member.found) == fingerprint(SPEC)
