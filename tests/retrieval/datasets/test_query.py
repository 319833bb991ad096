"""Structures that are looked for, as OPTIMADE says it; what makes no query is told in a line."""

import pytest

from retrieval.datasets import make_query
from retrieval.datasets.query import reduce_formula
from retrieval.errors import BadQuery


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"elements": ("S", "Mo")}, 'elements HAS ALL "Mo", "S"'),
        ({"elements": ("S", "Mo"), "only": True}, 'elements HAS ALL "Mo", "S" AND nelements=2'),
        ({"formula": "S2Mo"}, 'chemical_formula_reduced="MoS2"'),
        ({"formula": "Mo2S4"}, 'chemical_formula_reduced="MoS2"'),
        ({"formula": "MoS₂"}, 'chemical_formula_reduced="MoS2"'),
        ({"fewest_elements": 2, "most_elements": 3}, "nelements>=2 AND nelements<=3"),
        (
            {"elements": ("O",), "space_group": 225, "most_sites": 8, "periodic": 3},
            'elements HAS ALL "O" AND nsites<=8 AND nperiodic_dimensions=3 AND space_group_it_number=225',
        ),
    ],
)
def test_it_says_what_is_asked(asked: dict[str, object], said: str) -> None:
    assert make_query(**asked).filter == said


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, "name at least one element"),
        ({"only": True}, "name at least one element"),
        ({"elements": ("Xx",)}, "'Xx' is no chemical element"),
        ({"elements": ('O" OR nelements=1 OR "',)}, "is no chemical element"),
        ({"formula": "water"}, "is no formula"),
        ({"formula": 'MoS2" OR "'}, "is no formula"),
        ({"formula": "Mo0"}, "outside 1 to"),
        ({"formula": "C" * 5_000}, "80 characters"),
        ({"fewest_elements": 3, "most_elements": 2}, "the smaller number comes first"),
        ({"elements": ("O", "H"), "most_elements": 1}, "2 elements are named and 1 may occur"),
        ({"space_group": 231}, "less than or equal to 230"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_what_is_no_query_is_told_in_a_line(asked: dict[str, object], told: str) -> None:
    with pytest.raises(BadQuery) as refused:
        make_query(**asked)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_formulas_are_reduced_by_the_alphabet() -> None:
    assert reduce_formula("YBa2Cu3O7") == "Ba2Cu3O7Y"
    assert reduce_formula("CH3NH3PbI3") == "CH6I3NPb"
