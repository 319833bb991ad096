"""Tests of which information a transform keeps and which it loses."""

from collections.abc import Callable, Iterator
from itertools import permutations, product
from typing import Any, Final

import numpy as np

from tools.representation.drawing import Values, behaviours, draw_inputs, draw_sizes, draw_value, gauge_axis
from tools.representation.kernels import act, draw_rotation
from tools.representation.kinds import BEHAVIOURS, Group, Information, VariableKind
from tools.representation.probing import Probe, deviation, record, record_pair, size
from tools.representation.results import Counterexample, Finding, PropertyVerdict, verdict_of
from tools.representation.schema import Fact, Transform

APART: Final = 1e-9  # of the output: far above rounding in float64
SAMPLE: Final = 60  # inputs whose pairs are searched for collisions
FEW: Final = 6  # of an axis whose orders are tried one by one
DISCRETE: Final = (VariableKind.ISING, VariableKind.SPECIES, VariableKind.COUNT, VariableKind.GRAPH)


def test_information(
    probe: Probe, draws: int, tolerance: float, rng: np.random.Generator, inverse: Callable[..., Any] | None
) -> Iterator[Finding]:
    for fact in probe.transform.preserves:
        if fact.information is Information.EVERYTHING:
            yield _test_inverse(probe, draws, tolerance, rng, inverse)
        elif fact.information is Information.DISTINCTNESS:
            yield _test_distinctness(probe, tolerance, rng)
        else:
            yield _test_pairs(probe, fact, draws, tolerance, rng, kept=True)
    for fact in probe.transform.loses:
        yield _test_pairs(probe, fact, draws, tolerance, rng, kept=False)


def _test_pairs(
    probe: Probe, fact: Fact, draws: int, tolerance: float, rng: np.random.Generator, *, kept: bool
) -> Finding:
    """Pairs that differ in this alone must give other outputs where it is kept, else equal ones."""
    claim = f"{'preserves' if kept else 'loses'} {fact.text}"
    pairs = []
    for _ in range(draws):
        values = draw_inputs(probe.transform, rng, draw_sizes(probe.transform, rng, 4))
        other = _partner(fact, probe.transform, values, rng)
        before, after = probe(values), probe(other)
        gap = max(
            deviation(after[n], before[n]) / (max(size(after[n]), size(before[n])) or 1.0) for n in before
        )
        pairs.append((gap, values, other, before, after))
    gap, values, other, before, after = (min if kept else max)(pairs, key=lambda pair: pair[0])
    holds = gap > APART if kept else gap <= tolerance
    if kept:
        told = (
            f"all {draws} pairs are told apart, the nearest by {gap:.1e}"
            if holds
            else "a pair gives the same output"
        )
    else:
        told = (
            f"all {draws} pairs give the same output"
            if holds
            else f"a pair is told apart, by {min(gap, 9e9):.1e}: it is kept"
        )
    output = probe.transform.outputs[0]
    expected, found = record_pair(output, before[output.name], after[output.name])
    units = {one.name: one.unit for one in (*probe.transform.inputs, *probe.transform.outputs)}
    shown = Counterexample(
        inputs=[record(n, units[n], v) for n, v in values.items()],
        change=f"another {fact.text}",
        changed=[record(n, units[n], v) for n, v in other.items()],
        expected=expected,
        found=found,
    )
    return Finding(
        about="information", claim=claim, verdict=verdict_of(holds), told=told, draws=draws,
        relative=float(min(gap, 1e300)), counterexample=None if holds else shown,
    )  # fmt: skip


def _partner(fact: Fact, transform: Transform, values: Values, rng: np.random.Generator) -> Values:  # noqa: PLR0911 - one case each
    """Return inputs that differ in this information and, as far as possible, in nothing else."""
    turned, space = behaviours(transform.inputs), _space(transform)
    match fact.information:
        case Information.HANDEDNESS:
            return act(
                {"matrix": -np.eye(space) if space % 2 else np.diag([-1.0, *[1.0] * (space - 1)])},
                turned,
                values,
            )
        case Information.ORIENTATION:
            return act({"matrix": draw_rotation(rng, space, improper=False)}, turned, values)
        case Information.ORIGIN:
            return act({"shift": rng.normal(size=space)}, turned, values)
        case Information.PHASE:
            return act(
                {"phases": np.full(values[fact.of or gauge_axis(transform)].shape[0], 1.0)}, turned, values
            )
        case Information.VOLUME:
            scaled = {
                one.name
                for one in transform.inputs
                if one.kind in (VariableKind.LATTICE, VariableKind.POSITION)
            }
            return {name: value * 1.1 if name in scaled else value for name, value in values.items()}
        case Information.GEOMETRY:
            name = next(one.name for one in transform.inputs if one.kind is VariableKind.POSITION)
            moved = values[name].copy()
            moved[0] += rng.normal(size=space) * 0.2
            return {**values, name: moved}
        case Information.ORDER:
            axis = fact.of or ""
            length = next(
                values[o.name].shape[o.axes.index(axis)] for o in transform.inputs if axis in o.axes
            )
            return act({"axis": axis, "order": np.roll(np.arange(length), 1)}, turned, values)
    name = fact.of or ""
    change: dict[Information, Callable[[Any], Any]] = {
        Information.SIGN: np.negative,
        Information.SCALE: lambda value: value * 2,
        Information.COMPOSITION: lambda value: np.where(np.arange(len(value)) == 0, value + 1, value),
    }
    if fact.information in change:
        return {**values, name: change[fact.information](values[name])}
    one = next(one for one in transform.inputs if one.name == name)
    sizes = dict(zip(one.axes, values[name].shape, strict=True))
    return {**values, name: draw_value(one, rng, sizes)}


def _space(transform: Transform) -> int:
    return next((int(one.axes[-1]) for one in transform.inputs if BEHAVIOURS[one.kind].rank), 3)


def _test_inverse(
    probe: Probe, draws: int, tolerance: float, rng: np.random.Generator, inverse: Callable[..., Any] | None
) -> Finding:
    claim = "preserves everything (bijective)"
    if inverse is None:
        told = "no inverse was given: name one with --inverse module:function"
        return Finding(about="information", claim=claim, verdict=PropertyVerdict.UNTESTED, told=told)
    worst = 0.0
    for _ in range(draws):
        values = draw_inputs(probe.transform, rng, draw_sizes(probe.transform, rng))
        back = inverse(**probe(values))
        back = back if isinstance(back, dict) else {probe.transform.inputs[0].name: back}
        worst = max(worst, *(deviation(np.asarray(back[n]), v) / (size(v) or 1.0) for n, v in values.items()))
    holds = worst <= tolerance
    told = f"the round trip is off by {worst:.1e} at most" + (f" in {draws} draws" if holds else "")
    return Finding(
        about="information",
        claim=claim,
        verdict=verdict_of(holds),
        told=told,
        draws=draws,
        relative=min(worst, 1e300),
    )


def _test_distinctness(probe: Probe, tolerance: float, rng: np.random.Generator) -> Finding:
    """The nearest outputs of a sample of one size; inputs that a declared group joins do not count."""
    claim = "preserves distinctness (injective on a sample)"
    sizes = draw_sizes(probe.transform, rng)
    inputs = [draw_inputs(probe.transform, rng, sizes) for _ in range(SAMPLE)]
    outputs = np.array([np.concatenate([np.ravel(v) for v in probe(one).values()]) for one in inputs])
    scale = float(np.abs(outputs).max()) or 1.0
    collisions, nearest = 0, np.inf
    for i, j in zip(*np.triu_indices(SAMPLE, 1), strict=True):
        if _equivalent(probe.transform, inputs[i], inputs[j]):
            continue
        gap = float(np.abs(outputs[i] - outputs[j]).max()) / scale
        nearest, collisions = min(nearest, gap), collisions + (gap <= tolerance)
    pairs = SAMPLE * (SAMPLE - 1) // 2
    holds = collisions == 0
    told = (
        f"no two of {SAMPLE} inputs collide ({pairs} pairs); the nearest are {nearest:.1e} of it apart"
        if holds
        else f"{collisions} of {pairs} pairs of inequivalent inputs give the same output"
    )
    return Finding(
        about="information",
        claim=claim,
        verdict=verdict_of(holds),
        told=told,
        draws=pairs,
        relative=float(min(nearest, 1e300)),
    )


def _equivalent(transform: Transform, one: Values, other: Values) -> bool:
    """Tell whether declared permutations and signs join two inputs; drawn reals never coincide."""
    if all(np.array_equal(one[name], other[name]) for name in one):
        return True
    if not all(variable.kind in DISCRETE for variable in transform.inputs):
        return False
    turned = behaviours(transform.inputs)
    axes = [s.of[0] for s in transform.symmetries if s.group is Group.PERMUTATION]
    signs = [s.of for s in transform.symmetries if s.group is Group.SIGN]
    for axis in axes or [""]:
        length = next((one[v.name].shape[v.axes.index(axis)] for v in transform.inputs if axis in v.axes), 0)
        orders = permutations(range(length)) if length <= FEW else [tuple(range(length))]
        for order, flips in product(orders, product([1.0, -1.0], repeat=len(signs))):
            factors = {name: sign for names, sign in zip(signs, flips, strict=True) for name in names}
            moved = act({"axis": axis, "order": np.array(order, dtype=int), "factors": factors}, turned, one)
            if all(np.array_equal(moved[name], other[name]) for name in moved):
                return True
    return False


test_information.__test__ = False  # type: ignore[attr-defined]  # not pytest's
