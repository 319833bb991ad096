"""Frames of XYZ, plain and extended."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.structures import BadStructure, StructureFault, decode_text, read_extended_xyz, read_xyz

WATER = [("O", 0.0, 0.0, 0.0), ("H", 0.0, 0.0, 0.96), ("H", 0.93, 0.0, -0.24)]


def write(words: list[str], comment: str = "", behind: str = "") -> str:
    rows = [f"{w} {x} {y} {z}{behind}" for w, (_, x, y, z) in zip(words, WATER, strict=True)]
    return "\n".join(["3", comment, *rows]) + "\n"


@given(
    st.lists(
        st.tuples(st.sampled_from(["O", "Cl", "H", "Fe"]), *[st.floats(-50, 50)] * 3), min_size=1, max_size=9
    ),
    st.sampled_from(["plain", "upper", "lower", "label", "number"]),
    st.sampled_from(["{:.8f}", "{:.8e}", "{:.8E}"]),
    st.sampled_from(["", "1", "Properties=species:S:1:pos:R:3", 'a "lone quotation']),
    st.sampled_from([" ", "\t", ", "]),
)
@settings(max_examples=150, deadline=None)
def test_dialects_say_the_same(
    atoms: list[tuple[str, float, float, float]], words: str, form: str, comment: str, between: str
) -> None:
    from tools.structures import SYMBOLS

    spelt: dict[str, Callable[[str], str]] = {
        "upper": str.upper,
        "lower": str.lower,
        "label": lambda s: f"{s}7",
        "number": lambda s: str(SYMBOLS[s]),
    }
    rows = [between.join([spelt.get(words, str)(s), *map(form.format, place)]) for s, *place in atoms]
    frame = read_xyz("\n".join([str(len(rows)), comment, *rows]), 99)
    assert frame.symbols == tuple(s for s, *_ in atoms)
    assert np.allclose(frame.positions, [place for _, *place in atoms], atol=1e-6)


def test_columns_stand_where_the_comment_says() -> None:
    comment = 'Properties=charge:R:1:species:S:1:pos:R:3 Lattice="4 0 0 0 4 0 0 0 4"'
    text = f"2\n{comment}\n-0.5 Na 0 0 0\n.5 Cl 2 2 2\n"
    atoms = read_extended_xyz(text, 9)
    assert atoms.symbols == ("Na", "Cl")
    assert np.allclose(atoms.fractional[1], 0.5)


def test_several_frames_are_told_and_none_is_taken_for_all() -> None:
    frame = 'Lattice="4 0 0 0 4 0 0 0 4"\nNa 0 0 0\n'
    with pytest.raises(BadStructure, match="the XYZ holds 2 structures"):
        read_extended_xyz(f"1\n{frame}1\n{frame}", 9)


def test_a_mark_of_dos_at_the_end_is_no_text() -> None:
    assert decode_text(b"H 0 0 0\r\n\x1a") == "H 0 0 0\n"


def test_extended_xyz_is_read_as_ase_writes_it() -> None:
    ase = pytest.importorskip("ase")
    ase_io = pytest.importorskip("ase.io")
    made = ase.Atoms(
        "NaCl", positions=[[0, 0, 0], [1, 2, 3]], cell=[[4, 0, 0], [1, 5, 0], [0, 1, 6]], pbc=True
    )
    file = io.StringIO()
    ase_io.write(file, made, format="extxyz")
    atoms = read_extended_xyz(file.getvalue(), 9)
    assert np.allclose(atoms.fractional @ atoms.lattice, made.get_positions())
    assert np.allclose(atoms.lattice, made.cell)


def test_what_qm9_writes_behind_the_atoms_is_passed_over() -> None:
    text = (
        write(["O", "H", "H"], "gdb 3", "\t-0.4").replace("0.96", "9.6*^-1")
        + "1341.3\t1562.9\nO\tO\nInChI=1S/H2O\n"
    )
    assert read_xyz(text, 9).positions[1, 2] == pytest.approx(0.96)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (write(["O", "H", "H"]).replace("3", "4", 1), StructureFault.UNREADABLE),
        (write(["O", "H", "H"]).replace("3", "2", 1), StructureFault.UNREADABLE),
        (write(["O", "Q", "H"]), StructureFault.UNKNOWN_SPECIES),
        (write(["O", "H", "200"]), StructureFault.UNKNOWN_SPECIES),
        (write(["O", "H", "H"]).replace("0.96", "0,96"), StructureFault.UNREADABLE),
        (write(["O", "H", "H"]).replace("0.96", "inf"), StructureFault.NOT_FINITE),
        (write(["O", "H", "H"]).replace("3\n", "", 1), StructureFault.UNREADABLE),
        ("0\n\n", StructureFault.UNREADABLE),
        ("", StructureFault.UNREADABLE),
    ],
)
def test_frames_that_are_none(text: str, fault: StructureFault) -> None:
    with pytest.raises(BadStructure) as caught:
        read_xyz(text, 9)
    assert caught.value.fault is fault
