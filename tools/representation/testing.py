"""Runs the test plan of a transform on a function: symmetries by draws, then what else it declares.

For each symmetry elements g and inputs x are drawn, and f(g x) is compared with rho(g) f(x), where rho turns
outputs as their types say. The worst counterexample is shrunk: atoms are left out, numbers rounded, the
element made simple, as long as it still is one. A function that never varies passes all of this, so its
sensitivity is tested too.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from tools.representation.asymptotics import test_limits, test_locality
from tools.representation.drawing import (
    Element,
    Values,
    behaviours,
    draw_element,
    draw_inputs,
    draw_sizes,
    parts_of,
)
from tools.representation.errors import BadFunction
from tools.representation.information import test_information
from tools.representation.kernels import act
from tools.representation.probing import Probe, deviation, record, record_pair, size
from tools.representation.results import Counterexample, Finding, PropertyVerdict
from tools.representation.schema import Symmetry, Transform
from tools.representation.shrinking import shrink

DRAWS: Final = 20
TOLERANCE: Final = 1e-6
"""Relative, in float64: sums over a few thousand terms lose far less, and every wrong sign shows far more."""
CONSTANT: Final = 1e-9
WORDS: Final = {
    "shift": "a translation by", "order": "the order", "cell": "the cell", "multiples": "a supercell of",
    "boost": "an observer's velocity", "hops": "hops of",
}  # fmt: skip

Function = Callable[..., Any]


@dataclass(frozen=True)
class SymmetryTrial:
    """One comparison: x, g, f(g x), rho(g) f(x), and how far they are apart in one output."""

    values: Values
    element: Element
    moved: Values
    output: str
    expected: Any
    found: Any
    deviation: float
    scale: float

    @property
    def relative(self) -> float:
        return self.deviation / self.scale if self.scale else self.deviation


def run_plan(
    transform: Transform,
    function: Function,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    tolerance: float = TOLERANCE,
    inverse: Function | None = None,
) -> list[Finding]:
    """Return a finding for each declared property. A function that is none ends the plan with one finding."""
    probe, rng = Probe(transform, function), np.random.default_rng(seed)
    try:
        findings = [_test_function(probe, rng), *_test_sensitivity(probe, draws, rng)]
        for symmetry in transform.symmetries:
            findings += [
                _test_symmetry(probe, symmetry, part, draws, tolerance, rng) for part in parts_of(symmetry)
            ]
        findings += test_locality(probe, draws, tolerance, rng)
        findings += test_limits(probe, draws, rng)
        findings += test_information(probe, draws, tolerance, rng, inverse)
    except BadFunction as error:
        return [
            Finding(about="function", claim="is a function", verdict=PropertyVerdict.FAILS, told=str(error))
        ]
    return findings


def compare(probe: Probe, values: Values, element: Element, typical: float = 0.0) -> SymmetryTrial:
    """Return the comparison of f(g x) with rho(g) f(x), for the output that is farthest off."""
    moved = act(element, behaviours(probe.transform.inputs), values)
    before, found = probe(values), probe(moved)
    turned = behaviours(probe.transform.outputs)
    cell = next((values[v.name] for v in probe.transform.inputs if v.kind.value == "lattice"), None)
    time = next(
        (values[v.name] for v in probe.transform.inputs if v.kind.value == "time" and not v.axes), None
    )
    trials = []
    for name in before:
        expected = _rho(element, turned[name], before[name], name, cell, time)
        scale = max(size(before[name]), size(found[name]), typical)
        trials.append(
            SymmetryTrial(
                values, element, moved, name, expected, found[name], deviation(found[name], expected), scale
            )
        )
    return max(trials, key=lambda trial: trial.relative)


def _rho(element: Element, one: dict[str, Any], value: Any, name: str, cell: Any, time: Any) -> Any:  # noqa: ANN401, PLR0917 - arrays of any type
    from tools.representation.kernels import act_on

    return np.asarray(act_on(element, one, value, name=name, cell=cell, time=time))


def _test_function(probe: Probe, rng: np.random.Generator) -> Finding:
    values = draw_inputs(probe.transform, rng, draw_sizes(probe.transform, rng))
    probe.check_repeats(values)
    told = "the same input gives the same output, and is left as it was"
    return Finding(about="function", claim="is a function", verdict=PropertyVerdict.HOLDS, told=told, draws=2)


def _test_sensitivity(probe: Probe, draws: int, rng: np.random.Generator) -> Iterator[Finding]:
    """A constant passes every test of invariance, so each input is drawn afresh alone."""
    sizes = draw_sizes(probe.transform, rng)
    moved: dict[str, set[str]] = {one.name: set() for one in probe.transform.outputs}
    for _ in range(draws):
        base, other = (draw_inputs(probe.transform, rng, sizes) for _ in range(2))
        before = probe(base)
        for name in base:
            after = probe({**base, name: other[name]})
            for output, value in after.items():
                scale = max(size(value), size(before[output]))
                if deviation(value, before[output]) > CONSTANT * scale and scale:
                    moved[output].add(name)
    inputs = [one.name for one in probe.transform.inputs]
    for output, answers in moved.items():
        still = [name for name in inputs if name not in answers]
        if not answers:
            verdict, told = (
                PropertyVerdict.FAILS,
                f"{output} is constant: it passes every invariance and says nothing",
            )
        else:
            verdict = PropertyVerdict.HOLDS
            told = f"{output} answers to {', '.join(n for n in inputs if n in answers)}"
            told += f"; not to {', '.join(still)}" if still else ""
        yield Finding(about="sensitivity", claim=f"{output} varies", verdict=verdict, told=told, draws=draws)


def _test_symmetry(  # noqa: PLR0917 - what a comparison needs
    probe: Probe, symmetry: Symmetry, part: str, draws: int, tolerance: float, rng: np.random.Generator
) -> Finding:
    claim = f"{symmetry.relation} under {symmetry.text}{f': {part}' if part else ''}"
    trials = []
    for _ in range(draws):
        sizes = draw_sizes(probe.transform, rng)
        values = draw_inputs(probe.transform, rng, sizes)
        trials.append(compare(probe, values, draw_element(symmetry, part, probe.transform, sizes, rng)))
    typical = float(np.median([trial.scale for trial in trials]))
    worst = max(trials, key=lambda trial: trial.deviation / (max(trial.scale, typical) or 1.0))
    relative = worst.deviation / (max(worst.scale, typical) or 1.0)
    unit = next(one.unit for one in probe.transform.outputs if one.name == worst.output)
    if relative <= tolerance:
        told = (
            f"no counterexample in {draws} draws; {worst.output} is off by {relative:.1e} of its size at most"
        )
        return Finding(
            about="symmetry", claim=claim, verdict=PropertyVerdict.HOLDS, told=told, draws=draws,
            worst=worst.deviation, relative=relative, unit=unit,
        )  # fmt: skip
    small = shrink(
        probe,
        worst.values,
        worst.element,
        lambda v, e: compare(probe, v, e, typical).relative > 10 * tolerance,
    )
    trial = compare(probe, *small, typical)
    return failed(probe, trial, claim, draws, relative, worst.deviation)


def failed(  # noqa: PLR0917 - what a comparison needs
    probe: Probe, trial: SymmetryTrial, claim: str, draws: int, relative: float, deviation_of_worst: float
) -> Finding:
    """Return the finding of a counterexample."""
    output = next(one for one in probe.transform.outputs if one.name == trial.output)
    if trial.found.shape != trial.expected.shape:
        shapes = list(trial.found.shape), list(trial.expected.shape)
        gap = f"{trial.output} has the shape {shapes[0]}, and {shapes[1]} was expected"
    else:
        unit = "" if output.unit == "1" else f" {output.unit}"
        gap = f"{trial.output} differs by {trial.deviation:.3g} of {trial.scale:.3g}{unit}"
    units = {one.name: one.unit for one in probe.transform.inputs}
    expected, found = record_pair(output, trial.expected, trial.found)
    return Finding(
        about="symmetry",
        claim=claim,
        verdict=PropertyVerdict.FAILS,
        told=f"under {describe(trial.element)} {gap}",
        draws=draws,
        worst=deviation_of_worst if np.isfinite(deviation_of_worst) else None,
        relative=relative if np.isfinite(relative) else None,
        unit=output.unit,
        counterexample=Counterexample(
            inputs=[record(name, units[name], value) for name, value in trial.values.items()],
            change=describe(trial.element),
            changed=[record(name, units[name], np.asarray(value)) for name, value in trial.moved.items()],
            expected=expected,
            found=found,
        ),
    )


def describe(element: Element) -> str:
    """Return an element in words: `a proper rotation`, `the cell [[1, 1, 0], …]`."""
    words = []
    if "matrix" in element:
        matrix = np.round(element["matrix"], 3)
        kind = "an improper rotation" if np.linalg.det(matrix) < 0 else "a rotation"
        words.append(f"{kind} {(matrix + 0.0).tolist()}")
    for name, told in WORDS.items():
        if name in element:
            words.append(
                f"{told} {np.round(np.asarray(element[name], dtype=float), 3).tolist()}".replace(
                    ".0,", ","
                ).replace(".0]", "]")
            )
    for name, told in (("factors", "factors"), ("offsets", "added constants")):
        if name in element:
            words.append(f"{told} {', '.join(f'{n} {v:.3g}' for n, v in element[name].items() if v != 1)}")
    if "phases" in element:
        words.append(f"phases {np.round(element['phases'], 3).tolist()}")
    if element.get("reverse"):
        words.append("time reversal")
    return " and ".join(words) or "no change"


__all__ = ["DRAWS", "TOLERANCE", "Function", "SymmetryTrial", "Transform", "compare", "describe", "run_plan"]
