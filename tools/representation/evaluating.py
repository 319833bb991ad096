"""Evaluates the equations of a transform on arrays, in base units of the SI, by walking their trees."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.representation.errors import BadFunction
from tools.representation.expressions import (
    CONSTANTS,
    INFINITY,
    CallNode,
    NameNode,
    NumberNode,
    Tree,
    read_expression,
)
from tools.representation.kinds import BEHAVIOURS
from tools.representation.schema import Transform, Variable
from tools.representation.units import factor

Array = NDArray[Any]
Function = Callable[..., Any]
_PLAIN: Final[dict[str, Callable[[Array], Array]]] = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "tanh": np.tanh,
    "abs": np.abs, "negative": np.negative,
}  # fmt: skip
_FAR: Final = 1e300


@dataclass(frozen=True)
class NamedArray:
    """An array whose first axes have names and whose last `rank` axes are those of space."""

    data: Array
    axes: tuple[str, ...] = ()
    rank: int = 0

    def spread(self, axes: tuple[str, ...]) -> Array:
        """Return the array with these named axes in their order, of length 1 where it lacks one."""
        order = [self.axes.index(axis) for axis in axes if axis in self.axes]
        space = list(range(len(self.axes), self.data.ndim))
        data = self.data.transpose([*order, *space])
        index = [slice(None) if axis in self.axes else None for axis in axes]
        return np.asarray(data[(*index, ...)])


def function_of(transform: Transform) -> Function | None:
    """Return the outputs as a function of the inputs by its equations; None where an output has none."""
    trees = {one.name: read_expression(one.expression) for one in transform.equations}
    if not all(output.name in trees for output in transform.outputs):
        return None

    def function(**values: Array) -> dict[str, Array]:
        known = {one.name: _value(one, values[one.name]) for one in transform.inputs}
        with np.errstate(all="ignore"):
            for name, tree in trees.items():
                known[name] = evaluate(tree, known)
        return {one.name: _written(one, known[one.name]) for one in transform.outputs}

    return function


def _value(variable: Variable, data: Array) -> NamedArray:
    rank = BEHAVIOURS[variable.kind].rank
    return NamedArray(
        np.asarray(data) * factor(variable.unit), tuple(variable.axes[: len(variable.axes) - rank]), rank
    )


def _written(variable: Variable, value: NamedArray) -> Array:
    """In the declared unit, its axes in the declared order; an index stands for the axis in its place."""
    wanted = tuple(variable.axes[: len(variable.axes) - value.rank])
    data = value.spread(wanted) if set(wanted) == set(value.axes) else value.data
    return data / factor(variable.unit)


def evaluate(tree: Tree, known: Mapping[str, NamedArray]) -> NamedArray:
    """Return the value of a formula that is well typed."""
    if isinstance(tree, NumberNode):
        return NamedArray(np.asarray(tree.value * factor(tree.unit)))
    if isinstance(tree, NameNode):
        if tree.name in known:
            held = known[tree.name]
            return NamedArray(held.data, tree.axes or held.axes, held.rank)
        number, unit = (_FAR, "1") if tree.name == INFINITY else CONSTANTS[tree.name]
        return NamedArray(np.asarray(number * factor(unit)))
    values = [evaluate(argument, known) for argument in tree.arguments]
    first = values[0]
    if tree.function in _PLAIN:
        return NamedArray(_PLAIN[tree.function](first.data), first.axes, first.rank)
    if len(values) == 2:  # noqa: PLR2004 - axes, or a pair
        return _pairwise(tree.function, first, values[1])
    return _single(tree, first)


def _pairwise(function: str, one: NamedArray, other: NamedArray) -> NamedArray:
    if function == "expectation":
        return NamedArray(np.real(np.einsum("i,ij,j->", other.data.conj(), one.data, other.data)))
    axes = tuple(dict.fromkeys((*one.axes, *other.axes)))
    left, right = one.spread(axes), other.spread(axes)
    match function:
        case "dot":
            letters = {(1, 1): "...i,...i->...", (1, 2): "...i,...ij->...j", (2, 1): "...ij,...j->...i"}
            form = letters.get((one.rank, other.rank), "...ij,...jk->...ik")
            return NamedArray(np.einsum(form, left, right), axes, one.rank + other.rank - 2)
        case "cross":
            return NamedArray(np.cross(left, right), axes, 1)
        case "outer":
            return NamedArray(np.einsum("...i,...j->...ij", left, right), axes, 2)
    rank = max(one.rank, other.rank)
    left, right = (
        np.reshape(side, (*np.shape(side), *([1] * (rank - value.rank))))
        for side, value in ((left, one), (right, other))
    )
    operation = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power}[function]
    return NamedArray(operation(left, right), axes, rank)


def _single(tree: CallNode, value: NamedArray) -> NamedArray:  # noqa: PLR0911 - one case each
    match tree.function:
        case "norm":
            size = np.sqrt((np.abs(value.data) ** 2).sum(axis=tuple(range(-value.rank, 0))))
            return NamedArray(size, value.axes)
        case "trace":
            return NamedArray(np.trace(value.data, axis1=-2, axis2=-1), value.axes)
        case "det":
            cell = value.rank == 1
            return NamedArray(np.linalg.det(value.data), () if cell else value.axes)
        case "eigenvalues":
            return NamedArray(np.linalg.eigvalsh(value.data), value.axes[:1])
        case "roll":
            return NamedArray(
                np.roll(value.data, 1, axis=value.axes.index(tree.axes[0])), value.axes, value.rank
            )
        case "pairs":
            return _pairs(tree.axes, value)
    over = tree.axes or value.axes
    places = tuple(value.axes.index(axis) for axis in over)
    reduce: Callable[..., Any] = getattr(np, tree.function)
    left = tuple(axis for axis in value.axes if axis not in over)
    return NamedArray(reduce(value.data, axis=places), left, value.rank)


def _pairs(axes: tuple[str, ...], value: NamedArray) -> NamedArray:
    """The sum over i < j; what stands on the diagonal is never looked at."""
    left = tuple(axis for axis in value.axes if axis not in axes)
    data = value.spread((*axes, *left))
    if data.shape[0] != data.shape[1]:
        raise BadFunction(f"pairs over axes of lengths {data.shape[0]} and {data.shape[1]}")
    rows, columns = np.triu_indices(data.shape[0], 1)
    return NamedArray(data[rows, columns].sum(axis=0), left, value.rank)
