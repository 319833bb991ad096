"""What is known of a dependence, from textbooks: entries of `data/known.yaml`, each with its source."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import Final, Literal

import numpy as np
from pydantic import Field, TypeAdapter

from tools.laws.effects import Floats, Setting
from tools.laws.explained import Agreement
from tools.quantity import write
from tools.strict import Strict

DRAWS: Final = 9  # values from one end of the range to the other
FEWEST: Final = 3
VANISHED: Final = 0.2  # of the largest near value
STRAIGHT: Final = 0.02  # of the largest value, off a straight line
TURNS: Final = 0.02  # of the spread by which a rise may fall back, for a model that is not smooth


Say = Callable[[Mapping[str, Setting]], tuple[float, float] | None]
"""The model: settings to value and standard uncertainty, or None where it refuses."""


class KnownDependence(Strict):
    """A dependence of a response on a parameter that physics leaves no doubt about."""

    instrument: str
    response: str
    parameter: str
    expect: Literal["rises", "falls", "vanishes", "is negative", "is positive", "is straight"]
    low: float = Field(description="between these values of the parameter, in its unit")
    high: float
    where: dict[str, str] = Field(default_factory=dict, description="choices that it is about")
    told: str = Field(description="in a sentence")
    source: str


def known_of(instrument: str, response: str) -> list[KnownDependence]:
    """Return what is known of this response of this instrument."""
    return [one for one in _all() if (one.instrument, one.response) == (instrument, response)]


def compare(one: KnownDependence, say: Say, usual: Mapping[str, Setting]) -> Agreement:
    """Ask the model along the parameter, all else as usual, and say whether it does what is known."""
    places = np.linspace(one.low, one.high, DRAWS)
    answers = [say({**usual, **one.where, one.parameter: float(place)}) for place in places]
    heard = [(x, *answer) for x, answer in zip(places, answers, strict=True) if answer is not None]
    if len(heard) < FEWEST:
        return Agreement(told=one.told, agrees=None, found="it answers at too few places", source=one.source)
    x, y, std = (np.array(column, dtype=np.float64) for column in zip(*heard, strict=True))
    ends = "; ".join(f"{write(y[k], std[k] or None)} at {x[k]:.3g}" for k in (0, len(x) // 2, -1))
    return Agreement(
        told=one.told, agrees=_agrees(one.expect, x, y, 2 * float(std.max())), found=ends, source=one.source
    )


def _agrees(expect: str, x: Floats, y: Floats, doubt: float) -> bool | None:
    """Return None where what is asked about is smaller than the model's own uncertainty."""
    size = float(np.abs(y).max())
    if size <= doubt:
        return None
    match expect:
        case "rises" | "falls":
            steps = np.diff(y if expect == "rises" else -y)
            if abs(steps.sum()) <= doubt:
                return None
            return bool(steps.sum() > 0 and steps.min() >= -TURNS * np.ptp(y) - doubt)
        case "vanishes":
            far, near = abs(float(y[-3:].mean())), float(np.abs(y[:3]).max())
            return far <= max(VANISHED * near, doubt)
        case "is straight":
            line = np.polyval(np.polyfit(x, y, 1), x)
            return bool(np.abs(y - line).max() <= max(STRAIGHT * size, doubt))
    sign = -1 if expect == "is negative" else 1
    return bool((sign * y > -doubt).all())


@cache
def _all() -> tuple[KnownDependence, ...]:
    import yaml

    text = (resources.files("tools.laws") / "data" / "known.yaml").read_text(encoding="utf-8")
    return TypeAdapter(tuple[KnownDependence, ...]).validate_python(yaml.safe_load(text))
