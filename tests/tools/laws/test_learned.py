"""What a model learned, read off its answers."""

import numpy as np
import pytest

from tools.laws.errors import LawError
from tools.laws.finding import find_law
from tools.laws.learned import Knob, describe_curve, sample

KNOBS = (Knob("r", "nm", 1, 10), Knob("q", "C", 1, 3))


def test_a_known_interaction_is_read_off() -> None:
    table = sample(lambda at: 2.5 * at["q"] ** 2 / at["r"], KNOBS, "E", "eV", draws=120)

    found = find_law(table, 10)

    assert found.law is not None
    assert found.law.form == "E = c1*q^2/r"


def test_settings_that_the_model_refuses_are_counted() -> None:
    table = sample(lambda at: None if at["r"] > 8 else at["r"] * at["q"], KNOBS, "E", "1", draws=90)

    assert len(table.y) == 70
    assert table.notes == ["The model refused 20 of 90 settings."]


@pytest.mark.parametrize(
    ("answer", "told"),
    [(None, "answers at 0 of 90"), (1.0, "the same at all settings"), (np.nan, "answers at 0")],
)
def test_a_model_that_says_nothing(answer: float | None, told: str) -> None:
    with pytest.raises(LawError, match=told):
        sample(lambda _: answer, KNOBS, "E", "1", draws=90)


def test_a_curve_is_put_into_words() -> None:
    length = [0.1, 0.3, 0.6, 1.0, 1.5, 2.1, 2.8, 3.6, 4.5]
    told = describe_curve(("length", "m", length), ("period", "s", [2.006 * x**0.5 for x in length]))

    assert told is not None
    assert "period = 2.006*sqrt(length) (SI base units)" in told


def test_units_of_models_are_plain_numbers() -> None:
    told = describe_curve(
        ("T", "J/kB", [1.0, 2, 3, 4, 5, 6]), ("chi", "1", [1.0, 1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 6])
    )

    assert told is not None
    assert "chi = " in told


def test_a_curve_without_a_short_formula_is_passed_over() -> None:
    generator = np.random.default_rng(1)
    x = np.linspace(1, 2, 9)

    assert describe_curve(("x", "1", list(x)), ("y", "1", list(generator.uniform(1, 2, 9)))) is None
