"""Makes a counterexample small: fewer atoms, rounder numbers, a simpler element, as long as it stays one."""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from tools.representation.drawing import Element, Values
from tools.representation.errors import BadFunction
from tools.representation.kinds import BEHAVIOURS
from tools.representation.probing import Probe
from tools.representation.schema import Transform

MOST_CALLS: Final = 150
KEPT: Final = ("spin", "distribution", "wavefunction", "ising", "species", "count", "graph")
"""Types whose values mean nothing when they are rounded."""


def shrink(
    probe: Probe, values: Values, element: Element, fails: Callable[[Values, Element], bool]
) -> tuple[Values, Element]:
    """Return the smallest counterexample that was found from a first one."""
    end = probe.calls + MOST_CALLS
    found = (values, element)
    progress = True
    while progress and probe.calls < end:
        progress = False
        for candidate in _candidates(probe.transform, *found):
            if probe.calls >= end:
                break
            if _still(fails, candidate):
                found, progress = candidate, True
                break
    return found


def _still(fails: Callable[[Values, Element], bool], candidate: tuple[Values, Element]) -> bool:
    try:
        return fails(*candidate)
    except BadFunction:
        return False


def _candidates(transform: Transform, values: Values, element: Element) -> Iterator[tuple[Values, Element]]:
    yield from _fewer(transform, values, element)
    yield from ((values, simple) for simple in _simpler(element))
    yield from ((rounded, element) for rounded in _rounder(transform, values))


def _fewer(transform: Transform, values: Values, element: Element) -> Iterator[tuple[Values, Element]]:
    for axis in transform.axes:
        size = next(
            (
                v.shape[o.axes.index(axis)]
                for o in transform.inputs
                if axis in o.axes
                for v in [values[o.name]]
            ),
            0,
        )
        for place in range(size if size > 1 else 0):
            smaller = {}
            for one in transform.inputs:
                value = values[one.name]
                for number, name in enumerate(one.axes):
                    value = np.delete(value, place, axis=number) if name == axis else value
                smaller[one.name] = value
            yield smaller, _without(element, axis, place, size)


def _without(element: Element, axis: str, place: int, size: int) -> Element:
    less = dict(element)
    if "order" in element and element["axis"] == axis:
        order = element["order"][element["order"] != place]
        less["order"] = order - (order > place)
    for name in ("hops", "phases"):
        if name in element and len(element[name]) == size:
            less[name] = np.delete(element[name], place, axis=0)
    return less


def _simpler(element: Element) -> Iterator[Element]:
    if "matrix" in element:
        size = len(element["matrix"])
        improper = np.linalg.det(element["matrix"]) < 0
        quarter = np.eye(size)
        quarter[:2, :2] = [[0, -1], [1, 0]]
        mirror = np.diag([-1.0, *[1.0] * (size - 1)])
        yield from _unless_same(element, "matrix", mirror if improper else quarter)
    if "shift" in element:
        yield from _unless_same(element, "shift", np.eye(len(element["shift"]))[0])
    if "cell" in element:
        size = len(element["cell"])
        for i, j in ((0, 1), (0, size - 1)):
            simple = np.eye(size, dtype=int)
            simple[i, j] = 1
            if (element["cell"] != np.eye(size)).sum() > 1:
                yield {**element, "cell": simple}
    for name in ("hops", "phases", "boost"):
        if name in element:
            simple = np.zeros_like(element[name])
            simple[0] = 1
            yield from _unless_same(element, name, simple)
    if any(value not in (1.0, 2.0, -1.0, 0.5) for value in element.get("offsets", {}).values()):
        yield {**element, "offsets": dict.fromkeys(element["offsets"], 1.0)}


def _unless_same(element: Element, name: str, simple: object) -> Iterator[Element]:
    if not np.array_equal(element[name], simple):  # type: ignore[arg-type]  # arrays
        yield {**element, name: simple}


def _rounder(transform: Transform, values: Values) -> Iterator[Values]:
    for digits in (0, 1):
        for one in transform.inputs:
            value = values[one.name]
            if one.kind.value in KEPT or BEHAVIOURS[one.kind].complex:
                continue
            rounded = np.round(value, digits) + 0.0
            if not np.array_equal(rounded, value) and rounded.any():
                yield {**values, one.name: rounded}
