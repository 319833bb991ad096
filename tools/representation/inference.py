"""The type of a formula: its axes, how it turns, and its dimension, from those of what it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf, isfinite, isnan, nan
from typing import Final

from tools.representation.errors import NotWellTyped
from tools.representation.expressions import CONSTANTS, INFINITY, CallNode, NameNode, NumberNode, Tree
from tools.representation.kinds import BEHAVIOURS, VariableKind
from tools.representation.schema import Variable
from tools.representation.units import dimension, written

DIGITS: Final = 8  # of the power of a dimension
MIXED: Final = 0
"""A sign that is not fixed: a scalar and a pseudoscalar were added."""
PLAIN_ARGUMENT: Final = ("exp", "log", "sin", "cos", "tanh")
ODD: Final = ("sin", "tanh", "negative")
RANKS: Final = {0: "a scalar", 1: "a vector", 2: "a tensor"}


@dataclass(frozen=True)
class Type:
    """`axes` without the `rank` spatial ones; `parity` and `time` are +1, -1 or MIXED; `dims` None fits any.

    `origin` says by how much of a shift of the origin the value moves: 0, 1, inf where it depends on it
    otherwise, and nan where that cannot be told from the formula.
    """

    axes: tuple[str, ...] = ()
    rank: int = 0
    parity: int = 1
    time: int = 1
    origin: float = 0.0
    dims: Mapping[str, float] | None = None
    complex: bool = False

    @property
    def words(self) -> str:
        kind = RANKS.get(self.rank, "a number")
        return kind.replace("a ", "a pseudo", 1) if self.parity == -1 else kind


def type_of_variable(variable: Variable) -> Type:
    """Raises BadUnit."""
    behaviour = BEHAVIOURS[variable.kind]
    return Type(
        axes=tuple(variable.axes[: len(variable.axes) - behaviour.rank]),
        rank=behaviour.rank,
        parity=behaviour.parity,
        time=behaviour.time,
        origin=float(behaviour.moves),
        dims=dimension(variable.unit),
        complex=behaviour.complex,
    )


def infer(tree: Tree, known: Mapping[str, Type]) -> Type:  # noqa: PLR0911 - one case each
    """Return the type of a formula over `known` names. Raises NotWellTyped or BadUnit, with the reason."""
    if isinstance(tree, NumberNode):
        free = tree.value == 0 and tree.unit == "1"
        return Type(dims=None if free else dimension(tree.unit))
    if isinstance(tree, NameNode):
        return _name(tree, known)
    types = [infer(argument, known) for argument in tree.arguments]
    match tree.function:
        case "+" | "-":
            return _add(types[0], types[1], tree.function)
        case "*" | "/":
            return _multiply(types[0], types[1], tree.function)
        case "^":
            return _power(types[0], types[1], tree.arguments[1])
        case "sum" | "mean" | "max" | "min" | "pairs":
            return _reduce(tree, types[0])
        case "roll":
            _has_axes(tree.axes, types[0])
            return types[0]
        case "dot" | "cross" | "outer" | "expectation":
            return _join(tree.function, types[0], types[1])
        case "trace" | "det" | "eigenvalues":
            return _matrix(tree.function, types[0])
        case _:
            return _elementwise(tree.function, types[0])


def _name(tree: NameNode, known: Mapping[str, Type]) -> Type:
    if tree.name not in known:
        if tree.name in CONSTANTS:
            return Type(dims=dimension(CONSTANTS[tree.name][1]))
        if tree.name == INFINITY:
            return Type(dims=None)
        raise NotWellTyped(f"{tree.name} is neither an input nor defined above")
    found = known[tree.name]
    if not tree.axes:
        return found
    if len(tree.axes) != len(found.axes):
        raise NotWellTyped(
            f"{tree.name} has {len(found.axes)} axes beside those of space, not {len(tree.axes)}"
        )
    return replace(found, axes=tree.axes)


def _scale(dims: Mapping[str, float] | None, power: float) -> dict[str, float]:
    """Powers are rounded, so that thirds of them add up to whole ones."""
    return {name: round(value * power, DIGITS) for name, value in (dims or {}).items()}


def _product(one: Mapping[str, float] | None, other: Mapping[str, float] | None) -> dict[str, float]:
    names = {**(one or {}), **(other or {})}
    total = {name: round((one or {}).get(name, 0.0) + (other or {}).get(name, 0.0), DIGITS) for name in names}
    return {name: power for name, power in total.items() if power}


def _union(one: Type, other: Type) -> tuple[str, ...]:
    for found in (one, other):
        _refuse_twins(found)
    return tuple(dict.fromkeys((*one.axes, *other.axes)))


def _refuse_twins(found: Type) -> None:
    twins = [axis for axis in found.axes if found.axes.count(axis) > 1]
    if twins:
        raise NotWellTyped(f"both axes are called {twins[0]}: give each an index, such as A[i,j]")


def _add(one: Type, other: Type, sign: str) -> Type:
    if one.dims is None or other.dims is None:
        dims = one.dims if other.dims is None else other.dims
    elif dict(one.dims) != dict(other.dims):
        verb = "added to" if sign == "+" else "subtracted from"
        raise NotWellTyped(f"{written(dict(other.dims))} cannot be {verb} {written(dict(one.dims))}")
    else:
        dims = one.dims
    if one.rank != other.rank:
        raise NotWellTyped(f"{one.words} and {other.words} cannot be added")
    return Type(
        axes=_union(one, other),
        rank=one.rank,
        parity=one.parity if one.parity == other.parity else MIXED,
        time=one.time if one.time == other.time else MIXED,
        origin=one.origin + other.origin if sign == "+" else one.origin - other.origin,
        dims=dims,
        complex=one.complex or other.complex,
    )


def _multiply(one: Type, other: Type, sign: str) -> Type:
    if sign == "/" and other.rank:
        raise NotWellTyped(f"nothing can be divided by {other.words}")
    if one.rank and other.rank:
        raise NotWellTyped(f"{one.words} times {other.words}: write dot, cross or outer")
    return Type(
        axes=_union(one, other),
        rank=one.rank + other.rank,
        parity=one.parity * other.parity,
        time=one.time * other.time,
        origin=nan if one.origin or other.origin else 0.0,
        dims=_product(one.dims, _scale(other.dims, 1 if sign == "*" else -1)),
        complex=one.complex or other.complex,
    )


def _power(base: Type, exponent: Type, tree: Tree) -> Type:
    if base.rank or exponent.rank:
        raise NotWellTyped(f"{base.words} has no power: write dot(x, x)")
    if exponent.dims:
        raise NotWellTyped(f"an exponent is a plain number, not {written(dict(exponent.dims))}")
    power = _literal(tree)
    if base.dims and power is None:
        raise NotWellTyped(f"{written(dict(base.dims))} is raised to a power that is no fixed number")
    even, whole = power is not None and power % 2 == 0, power is not None and float(power).is_integer()
    sign = 1 if even else None if whole else MIXED
    return replace(
        base,
        axes=_union(base, exponent),
        dims=_scale(base.dims, power) if power is not None else {},
        parity=base.parity if sign is None or base.parity == 1 else sign,
        time=base.time if sign is None or base.time == 1 else sign,
        origin=nan if base.origin else 0.0,
    )


def _literal(tree: Tree) -> float | None:
    if isinstance(tree, NumberNode):
        return tree.value
    if isinstance(tree, CallNode) and tree.function in ("negative", "/"):
        values = [_literal(argument) for argument in tree.arguments]
        if None not in values:
            numbers = [value for value in values if value is not None]
            return -numbers[0] if tree.function == "negative" else numbers[0] / (numbers[1] or nan)
    return None


def _has_axes(axes: tuple[str, ...], found: Type) -> None:
    missing = [axis for axis in axes if axis not in found.axes]
    if missing:
        raise NotWellTyped(
            f"there is no axis {missing[0]} to run over; there are {', '.join(found.axes) or 'none'}"
        )


def _reduce(tree: CallNode, found: Type) -> Type:
    _has_axes(tree.axes, found)
    _refuse_twins(found)
    if tree.function in ("max", "min") and found.rank:
        raise NotWellTyped(f"{found.words} has no {tree.function}")
    over = tree.axes or found.axes
    left = tuple(axis for axis in found.axes if axis not in over)
    moved = found.origin if tree.function in ("mean", "max", "min") or not found.origin else nan
    return replace(found, axes=left, origin=moved)


def _join(function: str, one: Type, other: Type) -> Type:
    if function == "expectation":
        if len(one.axes) != 2 or other.axes[:1] != one.axes[:1]:  # noqa: PLR2004 - axes, or a pair
            raise NotWellTyped("expectation(H, psi) takes a matrix [M,M] and amplitudes [M]")
        dims = _product(one.dims, _scale(other.dims, 2))
        return Type(time=one.time, parity=one.parity, dims=dims)
    allowed = {"dot": ((1, 1), (1, 2), (2, 1), (2, 2)), "cross": ((1, 1),), "outer": ((1, 1),)}[function]
    if (one.rank, other.rank) not in allowed:
        raise NotWellTyped(f"{function} of {one.words} and {other.words} is not defined")
    rank = {"dot": one.rank + other.rank - 2, "cross": 1, "outer": 2}[function]
    plain = _multiply(replace(one, rank=0), replace(other, rank=0), "*")
    moved = inf if one.origin and other.origin and isfinite(one.origin + other.origin) else plain.origin
    return replace(plain, rank=rank, parity=plain.parity * (-1 if function == "cross" else 1), origin=moved)


def _matrix(function: str, found: Type) -> Type:
    if function == "eigenvalues":
        if len(found.axes) != 2 or found.rank:  # noqa: PLR2004 - axes, or a pair
            raise NotWellTyped(f"eigenvalues are of a matrix between sites, not of {found.words}")
        return replace(found, axes=found.axes[:1], complex=False)
    cell = found.rank == 1 and len(found.axes) == 1 and found.axes[0].isdigit()
    if found.rank != 2 and not (function == "det" and cell):  # noqa: PLR2004 - axes, or a pair
        raise NotWellTyped(f"{function} is of a tensor, not of {found.words}")
    if function == "trace":
        return replace(found, rank=0)
    return Type(
        axes=() if cell else found.axes,
        parity=-found.parity if cell else found.parity,
        time=found.time,
        dims=_scale(found.dims, 3),
    )


def _elementwise(function: str, found: Type) -> Type:
    if function == "norm":
        if not found.rank:
            raise NotWellTyped("norm is of a vector: write abs for a number")
        return replace(found, rank=0, parity=1, time=1, origin=_bent(found.origin))
    if found.rank and function != "negative":
        raise NotWellTyped(f"{function} of {found.words} is not defined: write norm or dot")
    if function in PLAIN_ARGUMENT and found.dims:
        raise NotWellTyped(f"the argument of {function} is {written(dict(found.dims))}, not a plain number")
    even = function in ("cos", "abs")
    return replace(
        found,
        parity=found.parity if function in ODD or found.parity == 1 else 1 if even else MIXED,
        time=found.time if function in ODD or found.time == 1 else 1 if even else MIXED,
        origin=(-found.origin if function == "negative" else nan) if found.origin else 0.0,
        dims=_scale(found.dims, 0.5) if function == "sqrt" else found.dims,
        complex=found.complex and function == "negative",
    )


def _bent(origin: float) -> float:
    """What a function that is not linear makes of it."""
    return inf if origin and isfinite(origin) else origin


def misses_origin(found: Type, *, moves: bool) -> bool:
    """Tell whether it surely moves with the origin in another way than is declared."""
    return not isnan(found.origin) and found.origin != float(moves)


__all__ = ["MIXED", "Type", "VariableKind", "infer", "misses_origin", "type_of_variable"]
