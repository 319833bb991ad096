"""Files that other people reported trouble with, as far as they lie beside the project."""

import io
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.handed import find_cases
from tools.defects import Configuration, fingerprint, parse_spec, read_members
from tools.generation import BadFile, SampleForm, read_samples
from tools.generation.judging.examine import examine
from tools.generation.judging.facts import CrystalFacts, MoleculeFacts, RequestedFacts
from tools.generation.schema import LossReason
from tools.structures import Atoms

CASES = find_cases()
SPEC = parse_spec("MoS2 8x8x1: W on Mo@3; vacancy S@12")
ZNS = {"Zn": 4, "S": 4}
LOST = LossReason.NOT_SELFIES
CRYSTALS: dict[str, tuple[dict[str, int], float | None] | LossReason] = {
    "cif/crystallm_raw.cif": ({"Na": 4, "Cl": 4}, 2.820),
    "cif/hall_only_old.cif": (ZNS, 2.343),
    "cif/hm_full.cif": (ZNS, 2.343),
    "cif/hm_ref.cif": (ZNS, 2.343),
    "cif/hm_ref_name.cif": (ZNS, 2.343),
    "cif/fd3m_old_name.cif": ({"Si": 8}, 2.352),
    "cif/fd3m_S_setting.cif": ({"Si": 8}, 2.352),
    "cif/fd3m_Z_setting.cif": ({"Si": 8}, 2.352),
    "cif/rhombohedral_R.cif": ({"Bi": 2}, None),
    "cif/hexagonal_H.cif": ({"Bi": 6}, 3.073),
    "cif/findsym_long.cif": ({"Fe": 2, "Al": 2}, 2.706),
    "cif/thirds_rounded.cif": ({"C": 4}, 1.421),
    "cif/label_ambiguous.cif": ({"C": 2, "H": 1, "N": 1}, None),
    "cif/label_only_organic.cif": LossReason.UNKNOWN_SPECIES,
    "cif/label_water_amcsd.cif": ({"Ca": 1, "O": 2}, None),
    "cif/latin1_author.cif": (ZNS, 2.343),
    "cif/utf16.cif": (ZNS, 2.343),
    "cif/cr_only.cif": (ZNS, 2.343),
    "cif/nbsp.cif": (ZNS, 2.343),
    "cif/no_data_line.cif": (ZNS, 2.343),
    "cif/data_with_blank.cif": (ZNS, 2.343),
    "cif/global_first.cif": (ZNS, 2.343),
    "cif/cartn_only.cif": (ZNS, 2.343),
    "cif/dotted_names.cif": (ZNS, 2.343),
    "cif/dummy_flag.cif": (ZNS, 2.343),
    "cif/deuterium.cif": ({"O": 1, "H": 2}, None),
    "cif/tritium.cif": ({"O": 1, "H": 2}, None),
    "cif/isotope_number.cif": ({"O": 1, "H": 2}, None),
    "cif/shared_site.cif": LossReason.PARTIAL_OCCUPANCY,
    "cif/question_coordinate.cif": LossReason.NOT_CIF,
    "poscar/cart_scaled.vasp": (ZNS, 2.343),
    "poscar/three_scales.vasp": ({"Ba": 1, "Ti": 1, "O": 3}, 1.5),
    "poscar/fortran_d.vasp": (ZNS, 2.343),
    "poscar/inline_comments.vasp": (ZNS, 2.343),
    "poscar/vasp4_labels.vasp": (ZNS, 2.343),
    "poscar/vasp642_slash.vasp": (ZNS, 2.343),
    "poscar/vasp642_hash.vasp": (ZNS, 2.343),
    "poscar/latin1_comment.vasp": (ZNS, 2.343),
    "poscar/deuterium.vasp": ({"Zn": 4, "H": 4}, 2.343),
    "poscar/pseudoH.vasp": ({"Zn": 4, "S": 2, "H": 2}, 2.343),
    "crystal_text/llama.csv": ({"Ba": 1, "Ti": 1, "O": 3}, 1.95),
    "cif/csd_name_next_line.cif": ({"Zn": 1, "N": 1}, None),
    "cif/dot_coordinate.cif": LossReason.NOT_CIF,
    "cif/duplicate_site.cif": ({"Zn": 4, "S": 5}, 0.0),
    "cif/hexagonal_H_bare.cif": ({"Bi": 6}, 3.073),
    "cif/hexagonal_H_space.cif": ({"Bi": 6}, 3.073),
    "cif/label_only_letters.cif": LossReason.UNKNOWN_SPECIES,
    "cif/no_angles.cif": LossReason.NOT_CIF,
    "cif/occupancy_over.cif": LossReason.NOT_CIF,
    "cif/ops_unquoted_blanks.cif": LossReason.NOT_CIF,
    "cif/prime_labels.cif": ({"C": 2, "O": 1}, None),
}
CRYSTALS |= {
    f"cif/{name}.cif": (ZNS, 2.343)
    for name in (
        "aniso_loop", "atoms_before_cell", "charges", "charges_decimal", "charges_front", "crlf",
        "degree_remark", "double_prime_names", "empty_loop", "group_name_only", "group_number_only",
        "isotropic_wrapped", "label_only_upper", "materials_studio", "occupancy_dot", "occupancy_question",
        "occupancy_uncertain", "ops_plus_nospace", "ops_upper", "quoted_numbers", "semicolon_inline", "tabs",
        "text_field_after", "uncertainty", "upper_symbols", "uppercase_data", "utf8_author",
    )
}  # fmt: skip
CRYSTALS |= {
    f"poscar/{name}.vasp": (ZNS, 2.343)
    for name in ("blank_comment", "bom", "crlf", "lattice_extra", "repeated_groups", "selective", "tabs")
}
MOLECULES: dict[str, list[str | LossReason]] = {
    "bohr.xyz": [LossReason.NO_BONDS],
    "methane.xyz": ["C"],
    "qm9.xyz": ["C"],
    "qm9_mathematica.xyz": ["C"],
    "labels.xyz": ["C"],
    "atomic_numbers.xyz": ["C"],
    "bom.xyz": ["C"],
    "comma.xyz": ["C"],
    "extxyz_other_order.xyz": ["C"],
    "decimal_comma.xyz": [LossReason.NOT_XYZ],
    "count_wrong.xyz": [LossReason.NOT_XYZ],
    "o2.xyz": ["O=O"],
    "two_frames_blank.xyz": ["C", "C"],
    "bom.smi": ["CCO", "CCN"],
    "bom.csv": ["CCO"],
    "cr.smi": ["CCO", "CCN"],
    "cr.selfies": ["CCO", "CCN"],
    "cr.csv": ["CCO", "CCN"],
    "utf16.smi": ["CCO", "CCN"],
    "header.smi": ["CCO", "CCN"],
    "comment.smi": ["CCO"],
    "numbered.smi": ["CCO", "CCN"],
    "tab_named.smi": ["CCO", "CCN"],
    "canonical_csv.csv": ["CCO", "CCN"],
    "semicolon.csv": ["CCO"],
    "tsv.tsv": ["CCO"],
    "charge_comment.xyz": [LossReason.NO_BONDS],
    "charge_comment_short.xyz": [LossReason.NO_BONDS],
    "count_comment_same_line.xyz": [LossReason.NOT_XYZ],
    "crlf.xyz": ["C"],
    "empty_comment_missing.xyz": ["C"],
    "extxyz.xyz": ["C"],
    "far_ch.xyz": [LossReason.NO_BONDS],
    "ferrocene_like.xyz": [LossReason.NO_BONDS],
    "frames_numeric_comment.xyz": ["C", "C"],
    "header_csv.csv": ["CCO", "CCN"],
    "moses.csv": ["CCCS(=O)c1ccc2[nH]c(=NC(=O)OC)[nH]c2c1", "CC(C)(C)C(=O)C(Oc1ccc(Cl)cc1)n1ccnc1"],
    "no_comment_line.xyz": [LossReason.NOT_XYZ],
    "no_count.xyz": [LossReason.NOT_XYZ],
    "ok.selfies": [
        "CCO", "c1ccccc1", "C[C@H](N)C(=O)O", "[Cl-].[Na+]", "O=[N+]([O-])c1ccccc1", "[2H]O", "F/C=C/F",
    ],
    "odd.selfies": [
        "CCO", "C=C", "CC", "O=C=O", LOST, "CCO", "[CH]C", "[CH]C", LOST, "C.C", "[CH3][Fe]", LOST, LOST,
        "CN(O)O", "CCO", LOST, LOST, "C", "FF", "CO", LOST, LOST, "CCl", "C[N+]", "[NH4+]", "C[O-]", "[2H]O",
    ],
    "radical_ch3.xyz": [LossReason.NO_BONDS],
    "two_frames.xyz": ["C", "C"],
}  # fmt: skip
REFUSED = {
    "adatom.vasp": "3.07 Å from the nearest site",
    "bilayer.vasp": "the model knows single layers",
    "cif_two_blocks.cif": "holds 2 structures",
    "rectangular_8x5.vasp": "is no n×m supercell",
    "snb_towards_vacancy_0.8.vasp": "0.80 Å from the nearest site",
    "strain_0.025.vasp": "strained by 2.5% against 8×8",
    "vasp4_no_names.vasp": "VASP 4 names no elements",
    "ase_mx2_1T.vasp": "1.84 Å from the nearest site of MoS2: interstitials and rebuilt structures",
    "snb_towards_vacancy_0.6.vasp": "0.60 Å from the nearest site",
    "strain_-0.022.vasp": "strained by 2.2% against 8×8",
}
FOUND = (
    "POSCAR.gz", "ase.xyz", "base.cif", "base.cif.gz", "basis_150deg.vasp", "basis_2a_b.vasp",
    "basis_b_ab.vasp", "cart_negative.vasp", "cif_comment_in_loop.cif", "cif_cr.cif", "cif_indented.cif",
    "cif_loop_same_line.cif", "comment_hash.vasp", "comment_is_spec.vasp", "comment_loop_.vasp", "cr.vasp",
    "inline_comment.vasp",
    "rattle_0.3.vasp", "shift_z_boundary.vasp", "three_scales.vasp", "tilted_c.vasp", "unwrapped_far_z.vasp",
    "vacuum_a.vasp", "vacuum_b.vasp", "vasp4_comment.vasp", "vasp_slash.vasp", "wrapped_boundary.vasp",
    "zero_count.vasp",
    "ase_cart.vasp", "ase_sorted.vasp", "ase_writer.cif", "basis_flip_c.vasp", "basis_minus.vasp",
    "basis_swap_left_handed.vasp", "bom.vasp", "c_25.vasp", "c_60.vasp", "c_9.5.vasp", "cif_bom.cif",
    "cif_crlf.cif", "cif_data_in_text.cif", "cif_global_block.cif", "cif_hm_only.cif", "cif_label_only.cif",
    "cif_no_formula.cif", "cif_tabs.cif", "cif_trailing_loop.cif", "cif_uncertain.cif",
    "direct_negative.vasp", "mirror_x.vasp", "rattle_0.05.vasp", "rattle_0.15.vasp", "rattle_0.25.vasp",
    "rot_any.vasp", "rot_z_90.vasp", "selective.vasp", "shift_xy.vasp", "shuffled.vasp",
    "snb_towards_vacancy_0.2.vasp", "strain_-0.0095.vasp", "strain_0.015.vasp", "unwrapped_far.vasp",
    "vasp_hash.vasp", "vasp_pv.vasp", "velocities.vasp",
)  # fmt: skip
FOLDERS = ("cif", "poscar", "crystal_text", "molecules", "defects")
ELSEWHERE = ("txt.txt",)  # molecules with a test of their own
OTHERS = {
    "ase_mx2_wse2.vasp": "WSe2 8x8x1: vacancy Se@63",
    "hbn_seven_vacancies.cif": "BN 8x8x1: "
    + "; ".join(f"vacancy B@{k}" for k in (8, 11, 14, 19, 51, 53, 62)),
    "size_5x5.vasp": "MoS2 5x5x1: W on Mo@3; vacancy S@12",
    "size_12x12.vasp": "MoS2 12x12x1: W on Mo@3; vacancy S@12",
    "size_16x16.vasp": "MoS2 16x16x1: W on Mo@3; vacancy S@12",
}


def test_every_handed_structure_has_its_right_outcome_here() -> None:
    handed = {
        f"{folder}/{path.name}" for folder in FOLDERS for path in case(folder).iterdir() if path.is_file()
    }
    defects = {f"defects/{name}" for name in (*FOUND, *OTHERS, *REFUSED)}
    molecules = {f"molecules/{name}" for name in (*MOLECULES, *ELSEWHERE)}
    assert handed == {*CRYSTALS, *defects, *molecules}


def test_a_file_whose_name_says_nothing_is_told() -> None:
    with pytest.raises(BadFile, match=r"the name does not tell how its strings are written: end it in \.cif"):
        list(read_samples(case("molecules/txt.txt")))


def case(name: str) -> Path:
    path = CASES / name
    if not path.exists():
        pytest.skip(f"needs shared/cases/{name}")
    return path


def shortest(atoms: Atoms) -> float:
    apart = atoms.fractional[:, None] - atoms.fractional[None]
    lengths = np.linalg.norm((apart - np.rint(apart)) @ atoms.lattice, axis=-1)
    return float((lengths + 99 * np.eye(len(lengths))).min())


@pytest.mark.parametrize("name", CRYSTALS)
def test_a_crystal_is_read_right_or_lost_for_its_reason(name: str) -> None:
    column, form = ("gen_str", SampleForm.TEXT) if name.endswith(".csv") else (None, None)
    (sample,) = read_samples(case(name), form, column)
    finding, expected = examine(sample, RequestedFacts()), CRYSTALS[name]
    if isinstance(expected, LossReason):
        assert finding.loss is not None
        assert finding.loss.reason is expected
        return
    assert isinstance(finding.facts, CrystalFacts), finding.loss
    crystal = finding.facts.crystal
    assert Counter(crystal.symbols) == expected[0]
    if expected[1] is not None:
        assert shortest(Atoms(crystal.symbols, crystal.fractional, crystal.lattice)) == pytest.approx(
            expected[1], abs=1e-3
        )


@pytest.mark.parametrize("name", MOLECULES)
def test_molecules_are_read_right_or_lost_for_their_reason(name: str) -> None:
    found: list[str | LossReason | None] = []
    for sample in read_samples(case(f"molecules/{name}")):
        finding = examine(sample, RequestedFacts())
        smiles = finding.facts.smiles if isinstance(finding.facts, MoleculeFacts) else None
        found.append(finding.loss.reason if finding.loss else smiles)
    assert found == MOLECULES[name]


@pytest.mark.parametrize("name", FOUND)
def test_defects_are_found_in_whatever_cell_and_form(name: str) -> None:
    (member,) = read_members(str(case(f"defects/{name}")), io.BytesIO())
    assert isinstance(member.found, Configuration), member.found
    assert fingerprint(member.found) == fingerprint(SPEC)


@pytest.mark.parametrize("name", OTHERS)
def test_other_hosts_and_sizes_are_found(name: str) -> None:
    (member,) = read_members(str(case(f"defects/{name}")), io.BytesIO())
    assert isinstance(member.found, Configuration), member.found
    assert fingerprint(member.found) == fingerprint(parse_spec(OTHERS[name]))


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_told_with_its_reason(name: str) -> None:
    (member,) = read_members(str(case(f"defects/{name}")), io.BytesIO())
    assert REFUSED[name] in str(member.found)
