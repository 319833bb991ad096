"""A threshold that hardly any measurement could miss does not make a falsifier."""

import pytest

from agents.checks import Aids, Draft
from agents.checks.falsifying import falsifier_decides
from agents.checks.text import read_draft
from agents.schema import Check

RANGE = "When the wall density goes from 1 to 20 per µm, the resistivity goes from 10 to 14 nΩ·m."


def check(falsifier: str, prediction: str = RANGE) -> Check:
    statement = "The resistivity of a film rises with the density of its walls."
    draft = Draft(statement=statement, mechanism="Walls scatter.", prediction=prediction, falsifier=falsifier)
    return falsifier_decides(read_draft("", draft), Aids())


@pytest.mark.parametrize(
    ("least", "mark"),
    [("4e-6", 0.5), ("4e-3", 0.505), ("0.04", 0.55), ("0.2", 0.75), ("0.4", 1.0), ("2", 1.0), ("4", 1.0)],
)
def test_a_threshold_is_weighed_by_its_share_of_what_is_predicted(least: str, mark: float) -> None:
    found = check(f"A rise of the resistivity of less than {least} nΩ·m over that range.")
    assert found.mark == pytest.approx(mark)
    assert ("of what is predicted" in found.how) is (mark < 1)


@pytest.mark.parametrize(("value", "mark"), [("10.00001", 0.5), ("10.2", 0.75), ("12", 1.0), ("9", 1.0)])
def test_so_is_a_value_that_must_be_passed(value: str, mark: float) -> None:
    assert check(f"The resistivity at 20 walls per µm is below {value} nΩ·m.").mark == pytest.approx(mark)


@pytest.mark.parametrize(("least", "decides"), [("4e-6", False), ("0.1", False), ("0.5", True)])
def test_a_prediction_by_an_amount_counts_too(least: str, decides: bool) -> None:
    found = check(
        f"No rise of the resistivity above {least} nΩ·m at 20 walls per µm.",
        "The resistivity rises by 4 nΩ·m at 10 walls per µm.",
    )
    assert (found.mark == 1) is decides


@pytest.mark.parametrize(
    ("prediction", "decides"),
    [
        ("The transition temperature increases by 10 % above its 95 K at zero pressure.", True),
        ("The transition temperature, 95 K at zero pressure, increases with pressure.", True),
        ("The transition temperature increases from a value of 95 K.", True),
        ("The transition temperature increases by about 95 K.", False),
        ("Pressure gives a shift of the transition temperature of 95 K.", False),
    ],
)
def test_a_value_to_compare_with_is_no_predicted_change(prediction: str, *, decides: bool) -> None:
    found = check("A shift of the transition temperature of less than 4 K.", prediction)
    assert ("of what is predicted:" not in found.how) is decides


def test_a_threshold_of_another_dimension_is_not_compared() -> None:
    assert "of what is predicted:" not in check("A shift of the transition by less than 1e-6 K.").how
