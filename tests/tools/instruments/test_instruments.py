"""What holds for every instrument: units, concepts, ranges, one value a seed, and a page that is current."""

from pathlib import Path

import pytest

from tests.tools.instruments.measuring import defaults
from tools.calculator.units import registry
from tools.instruments import Instrument, instruments
from tools.instruments.contract import InstrumentKind
from tools.instruments.reference import render

PAGE = Path(__file__).parents[3] / "docs" / "instruments.md"
WITHOUT_EXTRAS = [one for one in instruments() if one.extra is None and one.kind != InstrumentKind.FORMULA]


def test_the_page_is_current() -> None:
    assert render() in PAGE.read_text(encoding="utf-8"), (
        "put in what `python -m tools.instruments.reference` prints"
    )


def test_every_unit_is_one_of_pint() -> None:
    for instrument in instruments():
        for kind in (instrument.parameters, instrument.responses):
            for one in kind:
                registry().parse_units("" if one.unit == "1" else one.unit)


def test_every_instrument_is_described() -> None:
    for instrument in instruments():
        assert instrument.purpose.endswith(".")
        assert instrument.systems
        assert instrument.source
        names = [*(one.name for one in instrument.parameters), *(one.name for one in instrument.choices)]
        assert len(names) == len(set(names))


@pytest.mark.slow
@pytest.mark.parametrize("instrument", WITHOUT_EXTRAS, ids=lambda one: one.name)
def test_the_same_arguments_give_the_same_value(instrument: Instrument) -> None:
    settings = defaults(instrument)
    assert instrument.validity(settings) is None
    for response in instrument.responses:
        first = instrument.measure(settings, response.name, seed=5)
        assert instrument.measure(settings, response.name, seed=5) == first
        if not instrument.stochastic:
            assert instrument.measure(settings, response.name, seed=6) == first
