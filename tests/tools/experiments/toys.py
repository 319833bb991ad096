"""Instruments with known answers, and some that misbehave."""

import math
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tools.instruments.contract import (
    Choice,
    Cost,
    InstrumentError,
    InstrumentKind,
    Measurement,
    OutsideValidity,
    Parameter,
    Response,
    Settings,
    Source,
)

WIDTH = Parameter(
    name="width",
    label="width of the slab",
    symbol="w",
    unit="cm",
    low=1,
    high=10,
    default=2,
    meaning="how wide",
    words=("breadth",),
)
FIELD = Parameter(
    name="field", label="magnetic field", symbol="B", unit="T", low=0, high=5, default=1, meaning="applied"
)
SHAPE = Choice(
    name="shape",
    label="shape",
    values=("round", "square"),
    default="round",
    meaning="of the slab",
    words={"square": ("rectangular", "with corners")},
)
STRENGTH = Response(
    name="strength",
    label="strength of the glow",
    symbol="I",
    unit="mW",
    meaning="light",
    words=("brightness",),
)
SHAPES: dict[str, Callable[[float], float]] = {
    "line": lambda x: 2 * x + 1,
    "falling": lambda x: 20 - x,
    "hill": lambda x: 10 - (x - 5) ** 2,
    "valley": lambda x: 10 + (x - 5) ** 2,
    "step": lambda x: 1.0 if x > 5 else 0.0,
    "waves": lambda x: math.sin(3 * x),
    "flat": lambda _: 3.0,
    "saturating": lambda x: x / (0.5 + x),
    "square": lambda x: x**2,
    "exponential": math.exp,
    "rounded": lambda x: 3.0 * (1 + 1e-14 * x),
}


@dataclass(frozen=True)
class Toy:
    """Its response follows one of `SHAPES`, with noise if it is stochastic."""

    follows: str = "line"
    noise: float = 0.0
    own: float = 0.0
    name: str = "toy_slab"
    title: str = "Glowing slab"
    version: str = "1"
    purpose: str = "A slab that glows."
    systems: tuple[str, ...] = ("glowing slab", "slab of jelly")
    kind: InstrumentKind = InstrumentKind.FORMULA
    parameters: tuple[Parameter, ...] = (WIDTH, FIELD)
    choices: tuple[Choice, ...] = (SHAPE,)
    responses: tuple[Response, ...] = (STRENGTH,)
    cost: Cost = field(default_factory=lambda: Cost(seconds=0.001, memory_mb=1))
    source: tuple[Source, ...] = (Source(citation="made up for tests"),)
    extra: Literal["instruments", "defects", "generation", "stability"] | None = None

    @property
    def stochastic(self) -> bool:
        return self.noise > 0

    def validity(self, settings: Settings) -> str | None:
        return "a square slab is never wider than 8 cm" if _is_too_wide(settings) else None

    def measure(self, settings: Settings, response: str, seed: int) -> Measurement:
        del response
        value = SHAPES[self.follows](float(settings["width"])) + random.Random(seed).gauss(0, self.noise)  # noqa: S311
        return Measurement(value=value, std=self.own)


def _is_too_wide(settings: Settings) -> bool:
    return settings["shape"] == "square" and float(settings["width"]) > 8


@dataclass(frozen=True)
class Bad(Toy):
    """Misbehaves in the named way, above a width of 3 or everywhere."""

    way: str = "nan"
    only_above: float = 0.0

    def measure(self, settings: Settings, response: str, seed: int) -> Measurement:
        if float(settings["width"]) > self.only_above:
            _misbehave(self.way)
        return super().measure(settings, response, seed)


def _misbehave(way: str) -> None:
    WAYS[way]()


def _run_for_ever() -> None:
    while True:
        math.sqrt(2)


def _eat_memory() -> None:
    hoard: list[Any] = []
    while True:
        hoard.append(bytearray(50_000_000))


def _divide() -> None:
    raise ZeroDivisionError("the matrix is singular")


def _refuse() -> None:
    raise OutsideValidity("nothing is known here")


def _lack() -> None:
    raise InstrumentError("qutip is not installed: pip install 'hypothesis-finder[instruments]'")


WAYS: dict[str, Callable[[], object]] = {
    "nan": lambda: Measurement(value=math.nan, std=0),
    "endless": _run_for_ever,
    "asleep": lambda: time.sleep(3600),
    "hungry": _eat_memory,
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "broken": _divide,
    "refusing": _refuse,
    "missing": _lack,
}
