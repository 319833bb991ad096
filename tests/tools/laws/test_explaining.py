"""What a model learned: effects and interactions against known functions, and known physics."""

from collections.abc import Mapping

import numpy as np
import pytest

from tools.instruments import instruments
from tools.instruments.contract import Setting
from tools.laws import EXPLAIN
from tools.laws.effects import Ask, Factor, ask_grid, find_effects
from tools.laws.effects_figure import draw
from tools.laws.errors import LawError
from tools.laws.explaining import explain, sample_instrument
from tools.laws.known import KnownDependence, compare, known_of
from tools.laws.tool import ToExplain
from tools.views import Plot, Table

X = Factor("x", "m", tuple(np.linspace(-1, 1, 8)))
Y = Factor("y", "1", tuple(np.linspace(-1, 1, 8)))
KIND = Factor("kind", "1", ("plain", "turned"))
BY_NAME = {one.name: one for one in instruments()}


def number(settings: Mapping[str, Setting], name: str) -> float:
    return float(settings[name])


def test_shares_are_those_of_the_function() -> None:
    """3x + y over a grid: variances as 9 to 1, nothing together; xy: all of it together."""
    added = find_effects(ask_grid(lambda s: 3 * number(s, "x") + number(s, "y"), (X, Y), 100))
    assert added.main == pytest.approx({"x": 0.9, "y": 0.1}, abs=0.01)
    assert added.additive == pytest.approx(1)
    assert added.pairs["x", "y"] == pytest.approx(0, abs=1e-6)
    assert [round(answer, 6) for _, answer in added.curves["y"]] == pytest.approx(Y.levels, abs=1e-6)

    product = find_effects(ask_grid(lambda s: number(s, "x") * number(s, "y"), (X, Y), 100))
    assert max(product.main.values()) < 0.02
    assert product.pairs["x", "y"] > 0.99


def test_a_choice_that_turns_an_effect_round_is_an_interaction_even_on_part_of_a_grid() -> None:
    def ask(s: Mapping[str, Setting]) -> float:
        return number(s, "x") * (1 if s["kind"] == "plain" else -1) + 0.1 * number(s, "y")

    answers = ask_grid(ask, (X, Y, KIND), 60)
    found = find_effects(answers)
    assert not answers.whole
    assert found.pairs["x", "kind"] > 0.7
    assert found.main["x"] < 0.1


@pytest.mark.parametrize(
    ("ask", "told"),
    [(lambda _: None, "at 0 of 64"), (lambda _: 1.0, "nothing to explain"), (lambda _: np.nan, "at 0 of 64")],
)
def test_a_model_that_says_nothing_is_told(ask: Ask, told: str) -> None:
    with pytest.raises(LawError, match=told):
        ask_grid(ask, (X, Y), 100)


def test_a_formula_is_found_again_with_its_effects_and_drawn() -> None:
    found = explain(BY_NAME["law_ideal_gas"], "pressure", {}, most=200, seconds=20)
    assert found.logarithmic
    assert found.additive > 0.999
    assert found.law is not None
    assert found.law.law is not None
    assert set(found.law.law.variables) == {"amount_of_substance", "temperature", "volume"}
    assert found.fidelity_outside == pytest.approx(1, abs=1e-6)
    asked = ToExplain(instrument="law_ideal_gas", response="pressure")
    kinds = {type(block) for block in EXPLAIN.view(asked, found)}
    assert {Table, Plot} <= kinds
    assert "pressure = 8.31446" in EXPLAIN.digest(found)
    assert len(draw(found).axes) == 4


def test_the_defect_model_agrees_with_what_is_known_of_pairs() -> None:
    """Which way two S vacancies push each other depends on their planes, and far apart they push no more."""
    held: dict[str, Setting] = {"host": "MoS2", "kind": "anion vacancy", "direction": 0.0}
    found = explain(BY_NAME["defects_pair"], "interaction_energy", held, most=16, seconds=4)
    (pair,) = found.interactions
    assert {pair.first, pair.second} == {"distance", "plane"}
    assert pair.share > 0.5
    assert [one.agrees for one in found.physics][:2] == [True, True]
    assert all(one.source for one in found.physics)


def test_what_a_model_gets_wrong_is_said_and_what_it_is_unsure_of_is_left_open() -> None:
    falls = KnownDependence(
        instrument="i",
        response="r",
        parameter="p",
        expect="falls",
        low=0,
        high=1,
        told="it falls",
        source="a",
    )
    assert compare(falls, lambda s: (number(s, "p"), 0.0), {}).agrees is False
    assert compare(falls, lambda s: (-number(s, "p"), 0.01), {}).agrees is True
    assert compare(falls, lambda s: (-number(s, "p"), 1.0), {}).agrees is None
    assert compare(falls, lambda _: None, {}).agrees is None


def test_every_known_dependence_names_what_there_is() -> None:
    known = [
        one
        for instrument in instruments()
        for response in instrument.responses
        for one in known_of(instrument.name, response.name)
    ]
    assert len(known) >= 15
    for one in known:
        instrument = BY_NAME[one.instrument]
        parameter = next(p for p in instrument.parameters if p.name == one.parameter)
        assert parameter.low <= one.low < one.high <= parameter.high
        values = {choice.name: choice.values for choice in instrument.choices}
        assert all(value in values[name] for name, value in one.where.items())


def test_what_is_not_there_is_told() -> None:
    with pytest.raises(LawError, match="it has pressure"):
        explain(BY_NAME["law_ideal_gas"], "colour", {})
    held = {one.name: one.default for one in BY_NAME["law_ideal_gas"].parameters}
    with pytest.raises(LawError, match="hold fewer"):
        sample_instrument(BY_NAME["law_ideal_gas"], "pressure", (), held, draws=20, seed=0)
    with pytest.raises(LawError, match="no instrument is called"):
        EXPLAIN.run(ToExplain(instrument="os.system", response="x"))
