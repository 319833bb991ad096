"""Tests of what is declared far away and at the ends: locality and limits.

What lies beyond the cutoff must not be felt; near a value of a variable an output must come near what is
declared.
"""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from tools.representation.drawing import Values, draw_inputs, draw_sizes
from tools.representation.evaluating import NamedArray, evaluate
from tools.representation.expressions import INFINITY, read_expression
from tools.representation.kinds import BEHAVIOURS, VariableKind
from tools.representation.probing import Probe, deviation, size
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


BEYOND: Final = (1.2, 2.0)  # cutoffs between two atoms that must not feel each other


def test_locality(probe: Probe, draws: int, tolerance: float, rng: np.random.Generator) -> Iterator[Finding]:
    """Two groups of atoms beyond the cutoff: a move in one must not change what the other contributes."""
    local, transform = probe.transform.local, probe.transform
    if local is None:
        return
    claim = f"local: cutoff {local.value:g} {local.unit}"
    position = next(one for one in transform.inputs if one.kind is VariableKind.POSITION)
    if len(position.axes) != 2:  # noqa: PLR2004 - axes, or a pair
        yield Finding(
            about="locality", claim=claim, verdict=PropertyVerdict.UNTESTED, told="there is one point alone"
        )
        return
    cutoff = local.value * factor(local.unit) / factor(position.unit)
    worst, scale = 0.0, 0.0
    for _ in range(draws):
        off, typical = _far_influence(probe, position, cutoff, rng)
        worst, scale = max(worst, off), max(scale, typical)
    relative = worst / scale if scale else 0.0
    holds = relative <= tolerance
    told = (
        f"no counterexample in {draws} draws: moves beyond {local.value:g} {local.unit} change nothing"
        if holds
        else f"atoms beyond {local.value:g} {local.unit} are felt: {relative:.2g} of the output's own change"
    )
    yield Finding(
        about="locality", claim=claim, verdict=verdict_of(holds), told=told, draws=draws,
        worst=worst, relative=relative, unit=transform.outputs[0].unit,
    )  # fmt: skip


def _far_influence(
    probe: Probe, position: Variable, cutoff: float, rng: np.random.Generator
) -> tuple[float, float]:
    """Return the change that a far move makes, and the change that a near one makes.

    Of outputs for each atom those of the other group are looked at; of sums the mixed second difference,
    which vanishes where contributions add up.
    """
    transform, name, axis = probe.transform, position.name, position.axes[0]
    sizes = {**draw_sizes(transform, rng), axis: 4}
    values = draw_inputs(transform, rng, sizes)
    places = rng.uniform(-0.2, 0.2, values[name].shape) * cutoff
    places[2:, 0] += cutoff * (1.4 + rng.uniform(*BEYOND))
    for one in transform.inputs:
        if one.kind is VariableKind.LATTICE:
            values[one.name] = np.eye(places.shape[1]) * cutoff * 10
    near, far = np.zeros_like(places), np.zeros_like(places)
    near[0], far[3] = rng.normal(size=(2, places.shape[1])) * 0.05 * cutoff
    at = [probe({**values, name: places + move}) for move in (0, near, far, near + far)]
    worst, scale = 0.0, 0.0
    for one in transform.outputs:
        still, close, distant, both = (found[one.name] for found in at)
        if one.axes[:1] == [axis]:
            worst, scale = (
                max(worst, deviation(distant[:2], still[:2])),
                max(scale, deviation(close[:2], still[:2])),
            )
        else:
            worst = max(worst, size(both - close - distant + still))
            scale = max(scale, deviation(close, still), deviation(distant, still))
    return worst, scale
