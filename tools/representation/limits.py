"""Tests of limits: near a value of a variable an output must come near what is declared."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from tools.representation.drawing import Values, draw_inputs, draw_sizes
from tools.representation.evaluating import NamedArray, evaluate
from tools.representation.expressions import INFINITY, read_expression
from tools.representation.kinds import BEHAVIOURS
from tools.representation.probing import Probe, size
from tools.representation.results import Finding, PropertyVerdict, verdict_of
from tools.representation.schema import Limit, Transform, Variable
from tools.representation.units import factor

STEPS: Final = (1e-2, 1e-4, 1e-6)  # towards a limit, of the size of the variable
NEAR: Final = 1e-3  # of the size of the output: a limit that is reached


def test_limits(probe: Probe, draws: int, rng: np.random.Generator) -> Iterator[Finding]:
    for limit in probe.transform.limits:
        claim = f"{limit.output} -> {limit.target} when {limit.variable} -> {limit.at}"
        variable = next((one for one in probe.transform.inputs if one.name == limit.variable), None)
        if variable is None:
            told = f"no input sets {limit.variable}: declare it, or test it elsewhere"
            yield Finding(about="limit", claim=claim, verdict=PropertyVerdict.UNTESTED, told=told)
            continue
        yield _test_limit(probe, limit, variable, claim, draws, rng)


def _test_limit(  # noqa: PLR0917 - what a comparison needs
    probe: Probe, limit: Limit, variable: Variable, claim: str, draws: int, rng: np.random.Generator
) -> Finding:
    output = next(one for one in probe.transform.outputs if one.name == limit.output)
    misses, typical = np.zeros((draws, len(STEPS))), []
    for draw in range(draws):
        values = draw_inputs(probe.transform, rng, draw_sizes(probe.transform, rng))
        typical.append(size(probe(values)[output.name]))
        for step, share in enumerate(STEPS):
            near = {**values, variable.name: _towards(limit, variable, values, share, probe.transform)}
            found, target = probe(near)[output.name], _target(limit, output, near, probe.transform)
            misses[draw, step] = _miss(found, target)
    scale = float(np.median(typical)) or 1.0
    last = misses[:, -1] / (scale if limit.target.strip().lstrip("-") != INFINITY else 1.0)
    worst = int(np.argmax(last))
    holds = bool(last[worst] <= NEAR)
    told = f"{limit.output} is {last[worst]:.1e} of its size away at the last step"
    told = f"no counterexample in {draws} draws; {told}" if holds else told
    return Finding(
        about="limit", claim=claim, verdict=verdict_of(holds), told=told, draws=draws,
        relative=float(min(last[worst], 1e300)), unit=output.unit,
    )  # fmt: skip


def _known(transform: Transform, values: Values) -> dict[str, NamedArray]:
    return {
        one.name: NamedArray(values[one.name] * factor(one.unit), tuple(one.axes[: len(one.axes) - r]), r)
        for one in transform.inputs
        for r in [BEHAVIOURS[one.kind].rank]
    }


def _number(text: str, unit: str, transform: Transform, values: Values) -> Any:  # noqa: ANN401 - arrays of any type
    with np.errstate(all="ignore"):
        return evaluate(read_expression(text), _known(transform, values)).data / factor(unit)


def _towards(limit: Limit, variable: Variable, values: Values, share: float, transform: Transform) -> Any:  # noqa: ANN401 - arrays of any type
    """The variable near its limit: its own value times a small or a large number, or beside a finite one."""
    value = values[variable.name]
    plain = limit.at.strip().replace(" ", "")
    if plain.lstrip("-") == INFINITY:
        grown = np.abs(value) / share**2
        return -grown if plain.startswith("-") else grown
    return _number(limit.at, variable.unit, transform, values) + value * share


def _target(limit: Limit, output: Variable, values: Values, transform: Transform) -> Any:  # noqa: ANN401 - arrays of any type
    plain = limit.target.strip().replace(" ", "")
    if plain.lstrip("-") == INFINITY:
        return -np.inf if plain.startswith("-") else np.inf
    return _number(limit.target, output.unit, transform, values)


def _miss(found: Any, target: Any) -> float:  # noqa: ANN401 - arrays of any type
    if np.isscalar(target) and np.isinf(target):
        least = float(np.min(found * np.sign(target)))
        return 1.0 / least if least > 0 else np.inf
    gap = np.abs(found - target)
    return float(np.max(gap)) if np.isfinite(gap).all() else np.inf
