"""Formulas as people write them, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.synthesis.errors import SynthesisError
from tools.synthesis.formulas import read_formula, write_formula


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NaCl", "NaCl"),
        ("Na2Cl2", "NaCl"),
        ("LiFePO₄", "LiFePO4"),
        ("Ba(LuSe2)2", "Ba(LuSe2)2"),
        ("K4[Fe(CN)6]", "K4Fe(CN)6"),
        ("La1.85 Sr0.15 Cu O4", "La37Sr3Cu20O80"),
        ("D2O", "H2O"),
        ("Ca((OH)2)3", "Ca(OH)6"),
    ],
)
def test_the_same_compound_is_the_same_composition(text: str, expected: str) -> None:
    assert read_formula(text) == read_formula(expected)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("2Na", "follows no element"),
        ("Xx2", "Xx is no element"),
        ("nacl", "fits no formula"),
        ("Na(Cl", "not closed"),
        ("NaCl)", "closes no bracket"),
        ("Na[Cl)", "closes no bracket"),
        ("Na()Cl", "empty bracket"),
        ("Na0Cl", "zero times"),
        ("CuSO4·5H2O", "fits no formula"),
        ("Na-1Cl", "fits no formula"),
        ("Na1e9Cl", "fits no formula"),
        ("Na\x1b[31mCl", "fits no formula"),
        ("'; DROP TABLE x", "fits no formula"),
        ("(" * 50, "nested"),
        ("Na" * 500, "characters"),
        ("Na999999Cl", "more than"),
        ("H He Li Be B C N O F Ne Na Mg Al".replace(" ", ""), "at most 12"),
    ],
)
def test_what_is_no_formula_is_told_in_one_line(text: str, told: str) -> None:
    with pytest.raises(SynthesisError, match=told) as caught:
        read_formula(text)
    assert "\n" not in str(caught.value)
    assert "\x1b" not in str(caught.value)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read_formula(text)
    except SynthesisError:
        return
    assert read_formula(write_formula(found)) == found
