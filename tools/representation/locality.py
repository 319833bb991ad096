"""The test of locality: what lies beyond the cutoff must not be felt."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from tools.representation.drawing import draw_inputs, draw_sizes
from tools.representation.kinds import VariableKind
from tools.representation.probing import Probe, deviation, size
from tools.representation.results import Finding, PropertyVerdict, verdict_of
from tools.representation.schema import Variable
from tools.representation.units import factor

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
