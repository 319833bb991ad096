"""Computes what follows from the laws, for `data/derived.yaml`: python -m tools.instruments.formulas.derive

The range of the quantity on the left (each other one varied alone over its range, the rest at their
defaults), its value at the defaults, and the quantities that the law determines uniquely: monotone over
their range at 40 random settings of the others, and over as many decades around it as that holds for.
"""

import argparse
import math
import random
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from tools.instruments.formulas.equation import SolvableLaw
from tools.instruments.formulas.law import DATA, Derived, Law, default_of, laws, wide

POINTS: Final = 81
SETTINGS: Final = 40
DECADES: Final = (6, 3, 1)
"""How far beyond its range a solution is sought, first the farthest."""
STEP: Final = 1e-12
"""A change below this share of the largest value is rounding."""


def derive(law: Law) -> Derived:
    """Return the ranges and solvable quantities of a law. Raises ValueError where it has no value at all."""
    equation = SolvableLaw(law)
    defaults = _defaults(law)
    default = equation.value(defaults)
    values = [default, *(value for values in _scans(law, equation, defaults) for value in values)]
    finite = [value for value in values if math.isfinite(value)]
    if not math.isfinite(default) or min(finite) == max(finite) or equation.violated(defaults):
        raise ValueError(f"{law.name}: no value at the defaults, or a constant one: {law.law}")
    rng = random.Random(law.name)  # noqa: S311 - settings to try, no secret
    tries = [defaults, *(_random(law, rng) for _ in range(SETTINGS))]
    solvable = {
        symbol: reach
        for symbol, quantity in law.quantities.items()
        if symbol != law.output and not quantity.integer
        for reach in [_reach(law, equation, symbol, tries)]
        if reach is not None
    }
    low, high = min(default, _rounded(min(finite))), max(default, _rounded(max(finite)))
    return Derived(low=low, high=high, default=default, solvable=solvable)


def _defaults(law: Law) -> dict[str, float]:
    given = {symbol: default_of(quantity) for symbol, quantity in law.quantities.items()}
    return {symbol: 0.0 if value is None else value for symbol, value in given.items()}


def _random(law: Law, rng: random.Random) -> dict[str, float]:
    given = {law.output: 0.0}
    for symbol, quantity in law.quantities.items():
        if quantity.low is None or quantity.high is None:
            continue
        low, high = quantity.low, quantity.high
        given[symbol] = (
            math.exp(rng.uniform(math.log(low), math.log(high)))
            if wide(low, high)
            else rng.uniform(low, high)
        )
    return given


def _scans(law: Law, equation: SolvableLaw, defaults: dict[str, float]) -> Iterator[list[float]]:
    for symbol, quantity in law.quantities.items():
        if quantity.low is not None and quantity.high is not None:
            at = [{**defaults, symbol: x} for x in _grid(quantity.low, quantity.high)]
            yield [equation.value(settings) for settings in at if equation.violated(settings) is None]


def _reach(
    law: Law, equation: SolvableLaw, symbol: str, tries: list[dict[str, float]]
) -> tuple[float, float] | None:
    low, high = law.quantities[symbol].low, law.quantities[symbol].high
    if low is None or high is None:
        return None
    decades = DECADES if low > 0 and law.quantities[symbol].unit != "rad" else ()
    for bounds in (*((low / 10**n, high * 10**n) for n in decades), (low, high)):
        if all(_monotone(equation, symbol, given, *bounds) for given in tries):
            return bounds
    return None


def _monotone(equation: SolvableLaw, symbol: str, given: dict[str, float], low: float, high: float) -> bool:
    """Return whether the law rises or falls strictly from bound to bound, wherever its conditions hold."""
    at = [{**given, symbol: x} for x in _grid(low, high)]
    values = [equation.value(settings) for settings in at]
    if not all(map(math.isfinite, values)) or any(equation.violated(settings) for settings in at):
        return False
    steps = [b - a for a, b in pairwise(values)]
    least = STEP * max(map(abs, values))
    rising = sum(steps) > 0
    return all((step > 0) == rising and step != 0 for step in steps) and abs(sum(steps)) > least


def _grid(low: float, high: float) -> list[float]:
    if wide(low, high):
        return [low * (high / low) ** (k / (POINTS - 1)) for k in range(POINTS)]
    return [low + (high - low) * k / (POINTS - 1) for k in range(POINTS)]


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    import yaml

    found = {name: derive(law).model_dump(mode="json") for name, law in laws().items()}
    text = "# Computed: python -m tools.instruments.formulas.derive. Ranges and what can be solved for.\n"
    path = str(DATA / "derived.yaml")
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 - a Traversable of a checkout
        file.write(text + yaml.safe_dump(found, default_flow_style=None, width=110, sort_keys=False))
    sys.stdout.write(f"{len(found)} laws, {sum(len(one['solvable']) for one in found.values())} solutions\n")


if __name__ == "__main__":
    main()
