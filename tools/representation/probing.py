"""Calls a function that is not trusted: it may raise, be random, or change its input."""

import copy
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.representation import results
from tools.representation.drawing import Values
from tools.representation.errors import BadFunction
from tools.representation.schema import Transform, Variable

LONGEST: Final = 200  # characters of a foreign message
MOST_SHOWN: Final = 200  # numbers of a counterexample
MOST_VALUES: Final = 5_000_000  # of one output


class Probe:
    """A function of a transform's inputs, with what it must give: arrays of its outputs, by name."""

    def __init__(self, transform: Transform, function: Callable[..., Any]) -> None:
        self.transform, self._function, self.calls = transform, function, 0

    def __call__(self, values: Values) -> Values:
        """Raises BadFunction."""
        given = copy.deepcopy(values)
        self.calls += 1
        try:
            found = self._function(**given)
        except Exception as error:
            said = " ".join(str(error).split())[:LONGEST]
            raise BadFunction(f"it raises {type(error).__name__} ({said}) at {_sizes(values)}") from error
        changed = [name for name, value in values.items() if not np.array_equal(value, given[name])]
        if changed:
            raise BadFunction(f"it changes its input {changed[0]}: copy before writing")
        return self._read(found, values)

    def check_repeats(self, values: Values) -> None:
        """Raise BadFunction where two calls with one input differ."""
        one, other = self(values), self(values)
        for name in one:
            if one[name].shape != other[name].shape or not np.array_equal(
                one[name], other[name], equal_nan=True
            ):
                raise BadFunction(f"it is no function: two calls with the same input give another {name}")

    def _read(self, found: object, values: Values) -> Values:
        outputs = self.transform.outputs
        if not isinstance(found, Mapping):
            if len(outputs) > 1:
                raise BadFunction(f"it gives no dictionary with {', '.join(one.name for one in outputs)}")
            found = {outputs[0].name: found}
        missing = [one.name for one in outputs if one.name not in found]
        if missing:
            raise BadFunction(f"it gives no {missing[0]}")
        sizes = {
            a: n
            for one in self.transform.inputs
            for a, n in zip(one.axes, np.shape(values[one.name]), strict=True)
        }
        return {one.name: _array(one, found[one.name], sizes) for one in outputs}


def _array(one: Variable, value: object, sizes: Mapping[str, int]) -> NDArray[Any]:
    try:
        array = np.asarray(value)
        array = array.astype(complex if np.iscomplexobj(array) else float)
    except (TypeError, ValueError) as error:
        raise BadFunction(f"{one.name} is a {type(value).__name__} and no array of numbers") from error
    if array.size > MOST_VALUES:
        raise BadFunction(f"{one.name} has {array.size} values: at most {MOST_VALUES} are compared")
    wanted = [int(axis) if axis.isdigit() else sizes.get(axis) for axis in one.axes]
    if array.ndim != len(wanted) or any(
        w is not None and w != n for w, n in zip(wanted, array.shape, strict=True)
    ):
        form = f"[{','.join(one.axes)}]" if one.axes else "a single number"
        raise BadFunction(f"{one.name} has the shape {list(array.shape)}, and {form} is declared")
    return array


def _sizes(values: Values) -> str:
    return ", ".join(f"{name}{list(np.shape(value))}" for name, value in values.items())


def deviation(found: NDArray[Any], expected: NDArray[Any]) -> float:
    """Return the largest difference; infinite where shapes differ or a number is not finite."""
    if found.shape != expected.shape or not (np.isfinite(found).all() and np.isfinite(expected).all()):
        return np.inf
    return float(np.abs(found - expected).max(initial=0.0))


def size(array: NDArray[Any]) -> float:
    finite = np.abs(array[np.isfinite(array)])
    return float(finite.max(initial=0.0))


def record_pair(
    one: Variable, expected: NDArray[Any], found: NDArray[Any]
) -> tuple[results.Array, results.Array]:
    """Return two outputs that should agree; of long ones a stretch around the largest difference."""
    pair = (expected, found)
    if max(expected.size, found.size) > MOST_SHOWN:
        apart = np.abs(found - expected).ravel() if found.shape == expected.shape else np.zeros(1)
        start = max(0, int(np.nan_to_num(apart).argmax()) - MOST_SHOWN // 2)
        pair = (expected.ravel()[start : start + MOST_SHOWN], found.ravel()[start : start + MOST_SHOWN])
    return record(one.name, one.unit, pair[0]), record(one.name, one.unit, pair[1])


def record(name: str, unit: str, array: NDArray[Any]) -> results.Array:
    """Return an array as it stands in a result, rounded."""
    flat = np.nan_to_num(np.ravel(array), posinf=1e300, neginf=-1e300)
    real, imaginary = ([float(f"{x:.{results.DIGITS}g}") for x in part] for part in (flat.real, flat.imag))
    return results.Array(
        name=name,
        unit=unit,
        shape=list(array.shape),
        values=real,
        imaginary=imaginary if np.iscomplexobj(array) else None,
    )
