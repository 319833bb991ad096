"""Which structures a system's words name, and in which units quantities agree."""

import pytest

from agents.problem_cards.datasets import dimension, find_data, read_quantity, read_system, wish_structures


@pytest.mark.parametrize(
    ("system", "said"),
    [
        ("monolayer MoS2 with sulfur vacancies", 'chemical_formula_reduced="MoS2"'),
        ("few-layer MoS₂ films", 'chemical_formula_reduced="MoS2"'),
        ("hexagonal boron nitride", 'chemical_formula_reduced="BN"'),
        ("twisted bilayer graphene", 'chemical_formula_reduced="C"'),
        ("Si and Ge nanowires", 'elements HAS ALL "Ge", "Si"'),
        ("GaAs quantum wells", 'chemical_formula_reduced="AsGa"'),
        ("halide perovskite CH3NH3PbI3", 'chemical_formula_reduced="CH6I3NPb"'),
        ("Ni80Fe20 films", 'chemical_formula_reduced="FeNi4"'),
    ],
)
def test_materials_are_read_from_words(system: str, said: str) -> None:
    query = read_system(system)
    assert query
    assert query.filter == said


@pytest.mark.parametrize(
    "system",
    [
        "thin permalloy films with domain walls",
        "In SOC systems",
        "A square Ising lattice",
        "the DNA of E. coli",
        "He II in a network",
        "La2-xSrxCuO4",
        "As I said: no.",
        "",
        "X" * 100_000,
    ],
)
def test_words_that_name_none_give_a_gap(system: str) -> None:
    wish = wish_structures(system)
    assert wish.filter is None
    assert wish.gap
    assert not wish.providers


def test_providers_of_what_fits_come_first() -> None:
    assert wish_structures("MoS2", ["cmr", "jarvis", "cmr"]).providers == ["cmr", "jarvis", "mp", "oqmd"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("eV/atom", "kJ/mol", True),
        ("solar_mass/year", "kg/s", True),
        ("mW/m/K", "W/(m K)", True),
        ("eV", "K", False),
        ("1", "percent", True),
    ],
)
def test_units_agree_by_dimension(one: str, other: str, same: bool) -> None:
    assert dimension(one) is not None
    assert (dimension(one) == dimension(other)) is same


def test_what_is_no_unit_has_no_dimension() -> None:
    assert dimension("9**9**9") is None
    assert dimension("cats per dog") is None


def test_quantities_are_read_with_their_units() -> None:
    quantity = read_quantity("the band gap (eV)", "response")
    assert (quantity.name, quantity.unit, quantity.role) == ("band gap", "eV", "response")
    assert read_quantity("vacancy distance in nm", "cause").unit == "nm"


def test_the_result_says_how_it_was_searched() -> None:
    found = find_data("band gap of MoS2 monolayers", [read_quantity("band gap (eV)", "response")], "MoS2")
    assert "not by meaning" in found.searched
    assert found.options
    assert {held.name for option in found.options for held in option.held} >= {"band gap"}
    assert found.structures.options == ["--formula", "MoS2"]
