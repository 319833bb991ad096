"""CIFs in the dialects that people and programs write."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.readers.dialects import CifDialect, cif_dialects, is_same, random_crystals, write_cif
from tools.structures import BadStructure, StructureFault, decode_text, read_cif

HEAD = """data_x
_cell_length_a {0}
_cell_length_b {0}
_cell_length_c {0}
_cell_angle_alpha {1}
_cell_angle_beta {1}
_cell_angle_gamma {1}
"""
LOOP = """loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
"""
ZINC_BLENDE = HEAD.format(5.41, 90) + "{}\n" + LOOP + "Zn1 Zn 0 0 0\nS1 S .25 .25 .25\n"
SILICON = HEAD.format(5.431, 90) + "{}\n" + LOOP + "Si1 Si {}\n"
ROCK_SALT = (
    HEAD.format(5.64, 90)
    + "_symmetry_space_group_name_H-M 'F m -3 m'\n{}loop_\n_symmetry_equiv_pos_as_xyz\n'x,y,z'\n"
)


def contents(text: str) -> dict[str, int]:
    return dict(read_cif(text, 1000).counts())


dialects = st.builds(
    CifDialect,
    symmetry=st.sampled_from(
        ["P1", "operations", "name", "old name", "Hall", "full", "reference", "CrystaLLM"]
    ),
    types=st.sampled_from(["symbol", "charge", "upper", "label"]),
    tags=st.sampled_from(["plain", "upper", "dots", "indented"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "utf-16"]),
    uncertainty=st.booleans(),
    remarks=st.sampled_from(["", "first", "comment in loop", "text field"]),
    one_line_loop=st.booleans(),
)


@given(dialects, st.integers(0, 2**31))
@settings(max_examples=150, deadline=None)
def test_every_dialect_of_every_group_gives_the_crystal_that_was_written(
    dialect: CifDialect, seed: int
) -> None:
    if dialect.one_line_loop and dialect.remarks == "comment in loop":
        return  # the comment would swallow the loop
    crystal = next(random_crystals(np.random.default_rng(seed)))
    assert is_same(read_cif(decode_text(write_cif(crystal, dialect)), 1000), crystal.atoms())


@pytest.mark.parametrize("reader", ["gemmi", "ase", "pymatgen"])
def test_plain_cifs_are_read_as_others_read_them(reader: str) -> None:
    pytest.importorskip(reader)
    from bench.readers import structures as bench

    read = bench.CIF_READERS[reader]
    crystals = random_crystals(np.random.default_rng(3))
    for _ in range(5):
        text = write_cif(next(crystals), cif_dialects()[0]).decode()
        assert is_same(read_cif(text, 1000), read(text))


@pytest.mark.parametrize(
    "said",
    [
        "_space_group_name_Hall 'F -4 2 3'",
        "_symmetry_space_group_name_H-M 'F -4 3 m'",
        "_symmetry_space_group_name_H-M F_-4_3_m",
        "_space_group_name_H-M_full 'F -4 3 m'",
        "_space_group_name_H-M_ref 'F -4 3 m'",
        "_space_group.name_H-M_alt 'F -4 3 m'",
        "_space_group_IT_number 216",
    ],
)
def test_a_group_may_be_named_in_any_tag(said: str) -> None:
    assert contents(ZINC_BLENDE.format(said)) == {"Zn": 4, "S": 4}


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("_symmetry_space_group_name_H-M 'F d -3 m S'", "0 0 0"),
        ("_symmetry_space_group_name_H-M 'F d -3 m Z'", ".125 .125 .125"),
        ("_symmetry_space_group_name_H-M 'F d -3 m:1'", "0 0 0"),
        ("_symmetry_space_group_name_H-M 'F d -3 m :2'", ".125 .125 .125"),
        ("_symmetry_space_group_name_H-M 'F d -3 m (origin choice 2)'", ".125 .125 .125"),
        ("_symmetry_space_group_name_H-M 'F d 3 m'", ".125 .125 .125"),
        ("_symmetry_space_group_name_H-M Fd3m\n_chemical_formula_sum Si\n_cell_formula_units_Z 8", "0 0 0"),
    ],
)
def test_an_origin_is_taken_as_the_file_means_it(said: str, place: str) -> None:
    assert contents(SILICON.format(said, place)) == {"Si": 8}


def test_an_origin_that_contradicts_the_formula_is_refused() -> None:
    said = "_symmetry_space_group_name_H-M 'F d -3 m:2'\n_chemical_formula_sum Si\n_cell_formula_units_Z 8"
    with pytest.raises(
        BadStructure, match=r"F d -3 m:2 gives Si16, but the file declares Si1 with Z = 8"
    ) as caught:
        read_cif(SILICON.format(said, "0 0 0"), 1000)
    assert caught.value.fault is StructureFault.SYMMETRY


def test_a_rhombohedral_cell_keeps_its_axes() -> None:
    text = (
        HEAD.format(4.746, 57.23) + "_symmetry_space_group_name_H-M '{}'\n" + LOOP + "Bi1 Bi .234 .234 .234\n"
    )
    for name in ("R -3 m:R", "R -3 m", "R-3mR"):
        assert contents(text.format(name)) == {"Bi": 2}


@pytest.mark.parametrize(
    "declared",
    ["_chemical_formula_sum 'Na4 Cl4'\n_cell_formula_units_Z 4\n", "_chemical_formula_sum 'Na4 Cl4'\n"],
)
def test_a_group_with_one_operation_listed_is_expanded_to_its_formula(declared: str) -> None:
    text = ROCK_SALT.format(declared) + LOOP + "Na1 Na 0 0 0\nCl1 Cl .5 .5 .5\n"
    assert contents(text) == {"Na": 4, "Cl": 4}


def test_a_group_with_one_operation_listed_is_refused_where_nothing_decides() -> None:
    text = ROCK_SALT.format("") + LOOP + "Na1 Na 0 0 0\nCl1 Cl .5 .5 .5\n"
    with pytest.raises(BadStructure, match="lists x,y,z alone and names the group F m -3 m"):
        read_cif(text, 1000)


def test_all_atoms_of_a_named_group_may_be_listed() -> None:
    rows = ["Na 0 0 0", "Na 0 .5 .5", "Na .5 0 .5", "Na .5 .5 0"]
    rows += ["Cl .5 .5 .5", "Cl .5 0 0", "Cl 0 .5 0", "Cl 0 0 .5"]
    text = ROCK_SALT.format("") + LOOP + "".join(f"{row.split()[0]}{k} {row}\n" for k, row in enumerate(rows))
    assert contents(text) == {"Na": 4, "Cl": 4}


def test_two_groups_that_disagree_are_refused_and_listed_operations_win() -> None:
    said = "_symmetry_space_group_name_H-M 'F m -3 m'\n_space_group_IT_number 216"
    with pytest.raises(BadStructure, match="which is it"):
        read_cif(ZINC_BLENDE.format(said), 1000)
    operations = "loop_\n_space_group_symop_operation_xyz\nx,y,z\n-x,-y,z\nX+1/2,Y+1/2,Z\n1/2-x,.5-y,+z\n"
    assert contents(ZINC_BLENDE.format(f"{said}\n{operations}")) == {"Zn": 2, "S": 2}


@pytest.mark.parametrize(
    ("labels", "formula", "expected"),
    [
        (("CA1", "CD1", "HO2", "NA2"), "C2 H1 N1", {"C": 2, "H": 1, "N": 1}),
        (("Ca1", "Cd1", "Ho2", "Na2"), "", {"Ca": 1, "Cd": 1, "Ho": 1, "Na": 1}),
        (("ZN1", "Fe2A", "Wat1", "D4"), "", {"Zn": 1, "Fe": 1, "O": 1, "H": 1}),
        (("CA1", "O1", "O2", "O3"), "", "may be Ca or C"),
        (("L0", "O1", "O2", "O3"), "", "'L0' is no element"),
    ],
)
def test_labels_alone_name_elements_or_are_refused(
    labels: tuple[str, ...], formula: str, expected: dict[str, int] | str
) -> None:
    head = HEAD.format(9, 90) + (f"_chemical_formula_sum '{formula}'\n" if formula else "")
    rows = "".join(f"{label} {k * 0.2} .1 .3\n" for k, label in enumerate(labels))
    text = head + LOOP.replace("_atom_site_type_symbol\n", "") + rows
    if isinstance(expected, str):
        with pytest.raises(BadStructure, match=expected):
            read_cif(text, 1000)
    else:
        assert contents(text) == expected


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("Zn1 Zn 0 0 0", "Zn1 Zn 0 0 nan"), StructureFault.NOT_FINITE),
        (("Zn1 Zn 0 0 0", "Zn1 Zn 0 0"), StructureFault.UNREADABLE),
        (("Zn1 Zn 0 0 0", "Zn1 Xx 0 0 0"), StructureFault.UNKNOWN_SPECIES),
        (("_cell_length_a 5.41", "_cell_length_a -5"), StructureFault.FLAT_CELL),
        (("_cell_length_a 5.41", ""), StructureFault.UNREADABLE),
        (("data_x", "data_x\n_chemical_formula_sum 'Zn S2'"), StructureFault.SYMMETRY),
        (("data_x", "data_x\n_symmetry_space_group_name_H-M 'Q 9'"), StructureFault.SYMMETRY),
        (("data_x", "data_x\nloop_\n_symmetry_equiv_pos_as_xyz\n'x,y,z'\n'x,y'"), StructureFault.UNREADABLE),
    ],
)
def test_a_spoilt_cif_tells_its_fault(change: tuple[str, str], fault: StructureFault) -> None:
    text = ZINC_BLENDE.format("")
    assert change[0] in text
    with pytest.raises(BadStructure) as caught:
        read_cif(text.replace(*change), 1000)
    assert caught.value.fault is fault
    assert "\n" not in str(caught.value)


@given(st.text(max_size=300), st.sampled_from(["", "data_x\n", "loop_\n_atom_site_fract_x\n"]))
@settings(max_examples=200, deadline=None)
def test_no_text_does_more_than_be_refused(text: str, head: str) -> None:
    with pytest.raises(BadStructure):
        read_cif(head + text, 1000)
