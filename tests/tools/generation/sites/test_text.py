"""The text of a site: written, read back, and refused with a reason."""

import numpy as np
import pytest

from tests.tools.generation.sites.samples import site, two_strands
from tools.generation.lost import Lost
from tools.generation.reading.forms import split
from tools.generation.schema import LossReason, SampleForm
from tools.generation.sites.drawing import draw_site, name_site
from tools.generation.sites.text import parse_site, write_site

TEXT = write_site(two_strands())
ATOM = "1 ALA CA 3 0 0"
LIGAND = "0 LIG C 0 0 0"


def test_a_site_comes_back_to_a_hundredth_of_an_angstrom() -> None:
    written, read = two_strands(), parse_site(TEXT)
    assert write_site(read) == TEXT
    assert np.abs(read.places - written.places).max() <= 0.005 + 1e-9
    for mine, theirs in zip(read.residues, written.residues, strict=True):
        assert (mine.name, mine.names, mine.joined) == (theirs.name, theirs.names, theirs.joined)
        assert np.abs(mine.places - theirs.places).max() <= 0.005 + 1e-9


def test_numbers_rise_by_one_where_a_peptide_bond_joins() -> None:
    numbers = list(dict.fromkeys(int(line.split()[0]) for line in TEXT.splitlines()))
    assert numbers == [0, 1, 2, 3, 5, 6]
    assert name_site(parse_site(TEXT)) == "LIG in LGS-FD"


def test_a_file_of_many_sites_is_cut_where_a_ligand_begins() -> None:
    other = write_site(site((("ALA",), (0.0, 0.0, -4.0))))
    lines = f"{TEXT}\n\n{other}\n{TEXT}\n".splitlines(keepends=True)
    assert [parse_site(one).order for one in split(lines, SampleForm.SITE)] == [
        ("LEU", "GLY", "SER", "PHE", "ASP"),
        ("ALA",),
        ("LEU", "GLY", "SER", "PHE", "ASP"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (ATOM, LossReason.NOT_SITE),
        (LIGAND, LossReason.NOT_SITE),
        (f"{LIGAND}\n1 ALA CA 3 0", LossReason.NOT_SITE),
        (f"{LIGAND}\n1 ALA CA 3 0 x", LossReason.NOT_SITE),
        (f"{LIGAND}\n1 ALA CA 3 0 1e9", LossReason.NOT_FINITE),
        (f"{LIGAND}\n1 ALA CA 3 0 inf", LossReason.NOT_FINITE),
        (f"{LIGAND}\n-1 ALA CA 3 0 0", LossReason.NOT_SITE),
        (f"{LIGAND}\n1 XYZ CA 3 0 0", LossReason.UNKNOWN_RESIDUE),
        (f"{LIGAND}\n1 ALA CG 3 0 0", LossReason.UNKNOWN_ATOM),
        (f"{LIGAND}\n{ATOM}\n{ATOM}", LossReason.NOT_SITE),
        (f"{LIGAND}\n{ATOM}\n1 GLY N 3 0 0", LossReason.NOT_SITE),
        (f"{LIGAND}\n3 ALA CA 3 0 0\n2 ALA CA 5 0 0", LossReason.NOT_SITE),
        (f"{ATOM}\n{LIGAND}", LossReason.NOT_SITE),
        (f"{LIGAND}\n0 HEM C 1 1 1\n{ATOM}", LossReason.NOT_SITE),
        (f"0 LIG L0 0 0 0\n{ATOM}", LossReason.UNKNOWN_SPECIES),
        ("\n".join([LIGAND] * 2_000 + [ATOM]), LossReason.TOO_MANY_ATOMS),
    ],
)
def test_what_is_no_site_says_why(text: str, reason: LossReason) -> None:
    with pytest.raises(Lost) as caught:
        parse_site(text)
    assert caught.value.loss.reason == reason
    assert "\n" not in caught.value.loss.detail


def test_a_picture_rings_the_ligand_and_joins_what_is_bonded() -> None:
    one = two_strands()
    drawn = draw_site(one, "LIG")
    assert len(drawn.places) == one.size
    assert [mark.element for mark in drawn.marks] == list(one.elements)
    assert {"N", "C", "O"} <= set(drawn.elements)
    assert len(drawn.bonds) == 36  # 37 atoms of two strands, one ring
