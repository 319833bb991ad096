"""A quantity is known by its words, the longest name first."""

import pytest

from agents.checks.quantities import find_quantities, named_elsewhere, quantity_of


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("the yield strength of copper", "yield strength"),
        ("Young's moduli", None),
        ("magnetisation", "magnetization"),
        ("emitters", None),
        ("band structure", None),
        ("the number of critical temperatures", "temperature"),
    ],
)
def test_a_quantity_is_known_by_its_words(phrase: str, name: str | None) -> None:
    mention = quantity_of(phrase)
    assert (mention and mention.name) == name


def test_longer_names_come_first() -> None:
    assert [one.name for one in find_quantities("thermal conductivity and conductivity")] == [
        "thermal conductivity",
        "conductivity",
    ]


def test_a_bare_name_stands_for_the_one_quantity_that_ends_so() -> None:
    meant = named_elsewhere("the gap", "The optical gap of WS2 falls with strain.")
    assert meant is not None
    assert meant.name == "optical gap"
    assert named_elsewhere("the gap", "The optical gap and the superconducting gap fall.") is None
    assert named_elsewhere("the gap", "The plates are 2 mm apart.") is None


def test_a_mention_says_where_it_stands() -> None:
    text = "Here the Thermal conductivity, and conductivity itself, rise."
    assert [text[one.start : one.end] for one in find_quantities(text)] == [
        "Thermal conductivity",
        "conductivity",
    ]
