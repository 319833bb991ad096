"""PDB and mmCIF as people and programs write them, and what is no site of one."""

from dataclasses import replace

import numpy as np
import pytest

from tests.tools.generation.sites.samples import pdb, pdb_line, pdb_lines, two_strands
from tools.generation.judging.examine import examine
from tools.generation.judging.facts import RequestedFacts
from tools.generation.lost import Lost
from tools.generation.schema import LossReason, Sample, SampleForm
from tools.generation.sites.files import Pick, parse_mmcif, parse_pdb
from tools.generation.sites.site import Site, to_ligand_frame

SITE = two_strands()


def reads_as(read: Site, written: Site) -> None:
    assert read.ligand == written.ligand
    assert read.order == written.order
    assert [one.joined for one in read.residues] == [one.joined for one in written.residues]
    for mine, theirs in zip(read.residues, written.residues, strict=True):
        assert mine.names == theirs.names
        assert np.abs(mine.places - theirs.places).max() < 6e-4  # three decimals
    assert np.abs(read.places - written.places).max() < 6e-4


def reason_of(text: str, form: SampleForm = SampleForm.PDB) -> tuple[LossReason, str]:
    found = examine(Sample(form=form, text=text), RequestedFacts())
    assert found.loss is not None
    assert "\n" not in found.loss.detail
    return found.loss.reason, found.loss.detail


def test_a_pdb_file_gives_the_site_that_was_written() -> None:
    reads_as(parse_pdb(pdb(SITE)), SITE)


def test_an_mmcif_gives_the_same_site() -> None:
    import gemmi

    structure = gemmi.read_pdb_string(pdb(SITE))
    structure.setup_entities()
    reads_as(parse_mmcif(structure.make_mmcif_document().as_string()), SITE)


def test_hydrogens_water_and_terminal_oxygen_are_left_out() -> None:
    more = [
        pdb_line("501", "H", "LEU", "A", "  14 ", (0, 0, -5), element="H"),
        pdb_line("502", "OXT", "ASP", "A", "  21 ", (3, 3, 3)),
        pdb_line("503", "O", "HOH", "A", " 950 ", (0, 3, 3), het=True),
    ]
    reads_as(parse_pdb("\n".join([*pdb_lines(SITE), *more, "END"])), SITE)


def test_of_alternate_locations_the_one_with_more_occupancy_is_read_whole() -> None:
    lines = pdb_lines(SITE)
    written = []
    for line in lines:
        if line[12:16].strip() in {"OG", "CB"} and line[17:20] == "SER":
            far = f"{line[:16]}A{line[17:30]}{90.0:8.3f}{90.0:8.3f}{90.0:8.3f}{0.4:6.2f}{line[60:]}"
            written += [far, f"{line[:16]}B{line[17:54]}{0.6:6.2f}{line[60:]}"]
        else:
            written.append(line)
    reads_as(parse_pdb("\n".join(written)), SITE)


def test_of_several_models_the_first_is_read() -> None:
    second = [f"{line[:30]}{99.0:8.3f}{line[38:]}" for line in pdb_lines(SITE)]
    models = ["MODEL        1", *pdb_lines(SITE), "ENDMDL", "MODEL        2", *second, "ENDMDL", "END"]
    reads_as(parse_pdb("\n".join(models)), SITE)


def test_a_missing_residue_leaves_a_gap_and_a_missing_atom_an_incomplete_one() -> None:
    lines = [line for line in pdb_lines(SITE) if line[17:20] != "GLY"]
    site = parse_pdb("\n".join(line for line in lines if line[12:16].strip() != "CZ"))
    assert site.order == ("LEU", "SER", "PHE", "ASP")
    assert [one.joined for one in site.residues] == [False, False, False, True]
    assert "CZ" not in site.residues[2].names


def test_insertion_codes_tell_residues_of_one_number_apart() -> None:
    letters = iter("ABC")
    at = {number: next(letters) for number in ("14", "15", "16")}
    lines = []
    for line in pdb_lines(SITE):
        code = at.get(line[22:26].strip())
        lines.append(f"{line[:22]}  52{code}{line[27:]}" if code else line)
    reads_as(parse_pdb("\n".join(lines)), SITE)


def test_hybrid_36_numbers_are_read() -> None:
    lines = [f"{line[:6]}A{line[7:11].replace(' ', '0')}{line[11:]}" for line in pdb_lines(SITE)]
    numbers = {"14": "A000", "15": "A001", "16": "A002"}
    renumbered = [f"{line[:22]}{numbers.get(line[22:26].strip(), line[22:26])}{line[26:]}" for line in lines]
    reads_as(parse_pdb("\n".join(renumbered)), SITE)


def test_selenomethionine_is_methionine_and_other_modified_residues_are_left_out() -> None:
    lines = [
        pdb_line("1", name, "MSE", "A", "   1 ", place, het=True, element=element)
        for name, element, place in (("N", "N", (3, 0, -1)), ("CA", "C", (3, 0, 0)), ("SE", "SE", (3, 2, 0)))
    ]
    lines.append(pdb_line("9", "CA", "SEP", "A", "   5 ", (-3, 0, 0)))
    ligand = [line for line in pdb_lines(SITE) if line.startswith("HETATM")]
    site = parse_pdb("\n".join([*lines, *ligand]))
    assert site.order == ("MET",)
    assert site.residues[0].names == ("N", "CA", "SD")


def test_an_amino_acid_may_be_the_ligand_where_it_is_named() -> None:
    text = "\n".join(line for line in pdb_lines(SITE) if line.startswith("ATOM"))
    with pytest.raises(Lost, match="no ligand"):
        parse_pdb(text)
    site = parse_pdb(text, Pick("PHE", "A", 20))
    assert site.ligand == "PHE"
    assert "PHE" not in site.order


def test_the_largest_component_is_the_ligand() -> None:
    other = [pdb_line(str(k), f"O{k}", "SO4", "A", " 800 ", (0.5 * k, 3, 3), het=True) for k in range(5)]
    assert parse_pdb("\n".join([*other, *pdb_lines(SITE)])).ligand == "LIG"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("CC(=O)O", LossReason.NOT_PDB),
        ("HEADER    A PROTEIN\nEND", LossReason.NOT_PDB),
        ("<html><body>ATOM</body></html>", LossReason.NOT_PDB),
        (pdb_line("1", "CA", "ALA", "A", "   1 ", (0, 0, 0)), LossReason.NO_LIGAND),
        ("\n".join(line for line in pdb_lines(SITE) if line.startswith("HETATM")), LossReason.NO_SITE),
        (pdb(SITE).replace(pdb_lines(SITE)[0][30:38], "     nan"), LossReason.NOT_FINITE),
        (pdb(SITE).replace(pdb_lines(SITE)[0][30:38], "  1.x34."), LossReason.NOT_PDB),
        (pdb(SITE)[:30], LossReason.NOT_PDB),
    ],
)
def test_what_is_no_site_says_why(text: str, reason: LossReason) -> None:
    assert reason_of(text)[0] == reason


@pytest.mark.parametrize("text", ["data_x\n_cell_length_a 3\n", "loop_ loop_", "", "<html>"])
def test_what_is_no_mmcif_says_why(text: str) -> None:
    assert reason_of(text, SampleForm.MMCIF)[0] in {LossReason.NOT_MMCIF, LossReason.EMPTY}


def test_a_hundred_thousand_atoms_and_one_are_told_in_a_line() -> None:
    line = pdb_line("1", "CA", "ALA", "A", "   1 ", (0, 0, 0))
    reason, detail = reason_of("\n".join([line] * 100_001))
    assert reason == LossReason.TOO_MANY_ATOMS
    assert "100,001 atoms" in detail


def test_the_frame_of_the_ligand_does_not_depend_on_where_the_file_has_it() -> None:
    turn = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    moved = to_ligand_frame(SITE.moved(np.array([5.0, -3.0, 8.0]), turn))
    reads_as(moved, replace(SITE))
