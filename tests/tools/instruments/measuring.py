"""Measure with an instrument at its defaults, some of them changed."""

from collections.abc import Callable, Sequence

from tools.instruments.contract import Instrument, Measurement, Setting


def defaults(instrument: Instrument) -> dict[str, Setting]:
    """Return the default of every parameter and choice."""
    settings: dict[str, Setting] = {one.name: one.default for one in instrument.parameters}
    return settings | {one.name: one.default for one in instrument.choices}


def measurer(instruments: Sequence[Instrument]) -> Callable[..., Measurement]:
    """Return a function of an instrument's name, a response, a seed and settings."""
    by_name = {one.name: one for one in instruments}

    def measured(instrument: str, response: str, seed: int = 1, **settings: Setting) -> Measurement:
        one = by_name[instrument]
        return one.measure(defaults(one) | settings, response, seed)

    return measured
