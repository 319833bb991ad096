"""Every instrument carries a representation: it type-checks, and laws do what their equations say."""

import numpy as np
import pytest

from tools.instruments import Instrument, instruments
from tools.instruments.contract import InstrumentKind
from tools.instruments.specification import WITHOUT_EQUATION, measuring, specify
from tools.representation import assess, check, read_text, write_text
from tools.representation.assessing import TooManyDraws, UnknownCarrier, find_carrier
from tools.representation.drawing import draw_inputs, draw_sizes
from tools.representation.evaluating import function_of
from tools.representation.reading import Specification

LAWS = [one for one in instruments() if one.kind == InstrumentKind.FORMULA]
QUICK = [one for one in instruments() if one.kind != InstrumentKind.FORMULA and one.extra is None][::6]
BY_NAME = {one.name: one for one in instruments()}


def test_every_specification_type_checks_and_is_its_text() -> None:
    for one in instruments():
        transform = specify(one)
        assert check(transform) == [], one.name
        assert read_text(write_text(transform)).transform == transform


def test_laws_agree_with_their_equations_in_two_evaluators() -> None:
    """That of the language, which walks a tree in SI units, and that of the instrument, by sympy."""
    told = 0
    for law in LAWS:
        transform = specify(law)
        ours, rng = function_of(transform), np.random.default_rng(0)
        if ours is None:
            continue
        values = draw_inputs(transform, rng, draw_sizes(transform, rng))
        for name, value in measuring(law)(**values).items():
            assert ours(**values)[name] == pytest.approx(value, rel=1e-9), law.name
        told += 1
    assert told > 0.97 * len(LAWS)
    assert {f"law_{name}" for name in WITHOUT_EQUATION} <= BY_NAME.keys()


def test_laws_show_no_counterexample_of_what_they_declare() -> None:
    """Among it: two hundred without a constant of nature hold in all systems of units."""
    dimensions = 0
    for law in LAWS[::4]:
        transform = specify(law)
        result = assess(Specification(transform), measuring(law), law.name, draws=2, seed=1)
        assert not result.counterexamples, result.summary
        dimensions += bool(transform.symmetries)
    assert dimensions > 40


def test_a_wrong_unit_in_a_law_is_seen_by_the_compiler() -> None:
    law = BY_NAME["law_ideal_gas"]
    transform = specify(law)
    wrong = transform.model_copy(update={"outputs": [transform.outputs[0].model_copy(update={"unit": "N"})]})
    (fault,) = check(wrong)
    assert "the right side is" in fault.message
    hidden = lambda n, T, V: {"p": n * T / V + 1.0}  # noqa: E731, N803 - one use; symbols of the field
    plain = transform.model_copy(
        update={"symmetries": specify(BY_NAME["law_stokes_drag"]).symmetries, "equations": []}
    )
    assert assess(Specification(plain), hidden, draws=3).counterexamples


@pytest.mark.parametrize("one", QUICK, ids=lambda one: one.name)
def test_simulations_answer_in_the_form_that_they_declare(one: Instrument) -> None:
    transform, rng = specify(one), np.random.default_rng(0)
    defaults = {v.name: np.asarray(v.low) for v in transform.inputs if v.kind.value == "count"}
    values = {p.name[:40]: np.asarray(p.default) for p in one.parameters} | {
        name: value for name, value in defaults.items() if name not in {p.name for p in one.parameters}
    }
    assert values.keys() == draw_inputs(transform, rng, draw_sizes(transform, rng)).keys()
    found = measuring(one)(**values)
    assert list(found) == [output.name for output in transform.outputs]


def test_a_slow_instrument_is_not_drawn_from_for_minutes() -> None:
    slowest = max(instruments(), key=lambda one: one.cost.seconds)
    with pytest.raises(TooManyDraws, match="would be called"):
        find_carrier(slowest.name).refuse_slow(200)
    with pytest.raises(UnknownCarrier, match="hypofind instruments"):
        find_carrier("os.system")
