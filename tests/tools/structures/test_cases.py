"""Files that other people reported trouble with, as far as they lie beside the project."""

import io
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tools.defects import Configuration, fingerprint, parse_spec, read_members
from tools.generation import Form, read_samples
from tools.generation.judging.examine import examine
from tools.generation.judging.facts import CrystalFacts, MoleculeFacts, Wanted
from tools.generation.schema import Reason
from tools.structures import Atoms

CASES = Path(__file__).parents[4] / "shared" / "cases"
if not CASES.exists():
    CASES = Path(__file__).parents[5] / "shared" / "cases"
SPEC = parse_spec("MoS2 8x8x1: W on Mo@3; vacancy S@12")
ZNS = {"Zn": 4, "S": 4}
CRYSTALS: dict[str, tuple[dict[str, int], float | None] | Reason] = {
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
    "cif/label_only_organic.cif": Reason.UNKNOWN_SPECIES,
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
    "cif/shared_site.cif": Reason.PARTIAL_OCCUPANCY,
    "cif/question_coordinate.cif": Reason.NOT_CIF,
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
}
MOLECULES: dict[str, list[str | Reason]] = {
    "bohr.xyz": [Reason.NO_BONDS],
    "methane.xyz": ["C"],
    "qm9.xyz": ["C"],
    "qm9_mathematica.xyz": ["C"],
    "labels.xyz": ["C"],
    "atomic_numbers.xyz": ["C"],
    "bom.xyz": ["C"],
    "comma.xyz": ["C"],
    "extxyz_other_order.xyz": ["C"],
    "decimal_comma.xyz": [Reason.NOT_XYZ],
    "count_wrong.xyz": [Reason.NOT_XYZ],
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
}
REFUSED = {
    "adatom.vasp": "3.07 Å from the nearest site",
    "bilayer.vasp": "the model knows single layers",
    "cif_two_blocks.cif": "holds 2 structures",
    "rectangular_8x5.vasp": "is no n×m supercell",
    "snb_towards_vacancy_0.8.vasp": "0.80 Å from the nearest site",
    "strain_0.025.vasp": "strained by 2.5% against 8×8",
    "vasp4_no_names.vasp": "VASP 4 names no elements",
}
FOUND = (
    "POSCAR.gz", "ase.xyz", "base.cif", "base.cif.gz", "basis_150deg.vasp", "basis_2a_b.vasp",
    "basis_b_ab.vasp", "cart_negative.vasp", "cif_comment_in_loop.cif", "cif_cr.cif", "cif_indented.cif",
    "cif_loop_same_line.cif", "comment_hash.vasp", "comment_is_spec.vasp", "comment_loop_.vasp", "cr.vasp",
    "inline_comment.vasp",
    "rattle_0.3.vasp", "shift_z_boundary.vasp", "three_scales.vasp", "tilted_c.vasp", "unwrapped_far_z.vasp",
    "vacuum_a.vasp", "vacuum_b.vasp", "vasp4_comment.vasp", "vasp_slash.vasp", "wrapped_boundary.vasp",
    "zero_count.vasp",
)  # fmt: skip


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
    column, form = ("gen_str", Form.TEXT) if name.endswith(".csv") else (None, None)
    (sample,) = read_samples(case(name), form, column)
    finding, expected = examine(sample, Wanted()), CRYSTALS[name]
    if isinstance(expected, Reason):
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
    found: list[str | Reason | None] = []
    for sample in read_samples(case(f"molecules/{name}")):
        finding = examine(sample, Wanted())
        smiles = finding.facts.smiles if isinstance(finding.facts, MoleculeFacts) else None
        found.append(finding.loss.reason if finding.loss else smiles)
    assert found == MOLECULES[name]


@pytest.mark.parametrize("name", FOUND)
def test_defects_are_found_in_whatever_cell_and_form(name: str) -> None:
    (member,) = read_members(str(case(f"defects/{name}")), io.BytesIO())
    assert isinstance(member.found, Configuration), member.found
    assert fingerprint(member.found) == fingerprint(SPEC)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_told_with_its_reason(name: str) -> None:
    (member,) = read_members(str(case(f"defects/{name}")), io.BytesIO())
    assert REFUSED[name] in str(member.found)
