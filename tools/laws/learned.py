"""What a model learned: settings are drawn, the model is asked, and a law is sought between the two.

The law is a surrogate of the model. How faithful it is, is measured in outer settings that are held back.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tools.laws.errors import LawError
from tools.laws.monomials import Array
from tools.laws.reading import RegressionTable
from tools.laws.units import read_scale

DRAWS: Final = 400
MOST_REFUSED: Final = 0.5
BRIEF: Final = 3.0
"""Seconds of one core for the formula of a curve."""
CLOSE: Final = 0.05
SHORT: Final = 3
"""Error over spread, and constants, beyond which the formula of a curve is not worth telling."""

Ask = Callable[[Mapping[str, float]], float | None]
"""The model: settings by name to its answer, or None where it refuses."""

Curve = tuple[str, str, Sequence[float]]
"""Name, unit and values of a quantity."""


@dataclass(frozen=True)
class Knob:
    """Something that can be set, and its range."""

    name: str
    unit: str
    low: float
    high: float
    logarithmic: bool = False
    integer: bool = False


def sample(
    ask: Ask, knobs: Sequence[Knob], response: str, unit: str, *, draws: int = DRAWS, seed: int = 0
) -> RegressionTable:
    """Return a table of a model's answers at settings spread evenly (Latin hypercube) over the ranges.

    Raises LawError where the model refuses most of them.
    """
    from scipy.stats import qmc

    places = qmc.LatinHypercube(len(knobs), rng=np.random.default_rng(seed)).random(draws)
    settings = np.stack([_spread(knob, place) for knob, place in zip(knobs, places.T, strict=True)], axis=1)
    answers = [ask({k.name: float(v) for k, v in zip(knobs, row, strict=True)}) for row in settings]
    known = np.array([answer is not None and bool(np.isfinite(answer)) for answer in answers])
    if known.mean() < 1 - MOST_REFUSED:
        raise LawError(f"the model answers at {int(known.sum())} of {draws} settings only: narrow the ranges")
    y = np.array([answer for answer, fine in zip(answers, known, strict=True) if fine], float)
    if np.ptp(y) == 0:
        raise LawError(f"{response} is the same at all settings: there is nothing to explain")
    scale = read_scale(unit, response)
    table = RegressionTable({}, {response: scale}, response, y * scale.factor + scale.offset)
    for knob, column in zip(knobs, settings[known].T, strict=True):
        own = read_scale(knob.unit, knob.name)
        table.columns[knob.name], table.scales[knob.name] = column * own.factor + own.offset, own
    if not known.all():
        table.notes.append(f"The model refused {int((~known).sum())} of {draws} settings.")
    return table


def describe_curve(cause: Curve, response: Curve) -> str | None:
    """Return a sentence with a formula of one variable; None where no short one is close.

    Units that are none of physics (J/kB, sites) count as plain numbers, and the sentence says so.
    """
    from tools.laws.finding import find_law
    from tools.laws.reading import read_request
    from tools.laws.schema import Column, LawRequest

    def columns(units: Sequence[str]) -> list[Column]:
        return [
            Column(name=name, unit=unit, values=list(map(float, values)))
            for (name, _, values), unit in zip((cause, response), units, strict=True)
        ]

    for units, told in (
        ((cause[1], response[1]), "SI base units"),
        (("1", "1"), "in the instrument's units"),
    ):
        request = LawRequest(columns=columns(units), target=response[0], seconds=BRIEF)
        try:
            law = find_law(read_request(request), BRIEF).law
        except LawError:
            continue
        if law is None or law.relative_error > CLOSE or len(law.constants) > SHORT:
            return None
        low, high = min(cause[2]), max(cause[2])
        return (
            f"Over {low:g} to {high:g} {cause[1]} it follows {law.formula} ({told}) within "
            f"{law.relative_error:.1g} of its spread; this was not tested out of range."
        )
    return None


def _spread(knob: Knob, place: Array) -> Array:
    if knob.logarithmic:
        values = knob.low * (knob.high / knob.low) ** place
    else:
        values = knob.low + (knob.high - knob.low) * place
    return np.asarray(np.round(values) if knob.integer else values)
