"""Whether equations and limits fit the variables: names, recursion, axes, types, units, symmetries."""

from typing import Final

from tools.errors import ToolError
from tools.representation.expressions import (
    CONSTANTS,
    FUNCTIONS,
    INFINITY,
    OVER_AXES,
    CallNode,
    NameNode,
    Tree,
    names_in,
    read_expression,
)
from tools.representation.inference import MIXED, Type, infer, misses_origin, type_of_variable
from tools.representation.kinds import BEHAVIOURS, IMPROPER, TRANSLATIONS, Group, VariableKind
from tools.representation.results import Told
from tools.representation.schema import Transform, Variable
from tools.representation.units import written

COUNT: Final = "N_"
"""A limit may speak of a number of things that no input sets, N_defects; it is said to be untested."""


def check_equations(transform: Transform) -> Told:
    known = {one.name: type_of_variable(one) for one in transform.inputs}
    outputs = {one.name: one for one in transform.outputs}
    later = [one.name for one in transform.equations]
    for number, one in enumerate(transform.equations):
        key, where = f"equations {number}", f"equation {one.name}"
        later.remove(one.name)
        try:
            tree = read_expression(one.expression)
            _refuse_recursion(one.name, tree, later)
            if one.name in known or one.name in {*CONSTANTS, *FUNCTIONS, *OVER_AXES, INFINITY}:
                raise _Unfit(f"{one.name} is taken already")
            found = infer(tree, known)
            if one.name in outputs:
                _compare(found, outputs[one.name], transform, _aliases(tree, transform))
        except ToolError as error:
            yield key, where, str(error)
            return  # what follows rests on it
        known[one.name] = found if one.name not in outputs else type_of_variable(outputs[one.name])
    if transform.equations:
        for name in outputs:
            if name not in known:
                yield "equations 0", "equation", f"no equation gives {name}"


class _Unfit(ToolError):
    """An equation that does not fit."""


def _refuse_recursion(name: str, tree: Tree, later: list[str]) -> None:
    used = names_in(tree)
    if name in used:
        raise _Unfit(f"{name} is defined by itself")
    ahead = sorted(used & set(later))
    if ahead:
        raise _Unfit(f"{ahead[0]} is defined further down: an equation speaks of what stands above it")


def _aliases(tree: Tree, transform: Transform) -> dict[str, str]:
    """Return for each index of an equation the axis that it runs along. Raises ToolError for two of them."""
    if isinstance(tree, NameNode):
        variable = transform.variable(tree.name)
        rest = variable.axes[: len(tree.axes)] if variable else []
        return dict(zip(tree.axes, rest, strict=False))
    found: dict[str, str] = {}
    for argument in tree.arguments if isinstance(tree, CallNode) else ():
        for index, axis in _aliases(argument, transform).items():
            if found.setdefault(index, axis) != axis:
                raise _Unfit(f"the index {index} runs along {found[index]} and along {axis}")
    return found


def _compare(found: Type, output: Variable, transform: Transform, aliases: dict[str, str]) -> None:
    wanted = type_of_variable(output)
    if found.rank != wanted.rank:
        raise _Unfit(f"the right side is {found.words}, and {output.name} is {wanted.words}")
    if found.dims is not None and dict(found.dims) != dict(wanted.dims or {}):
        right, left = written(dict(found.dims)), written(dict(wanted.dims or {}))
        raise _Unfit(f"the right side is {right}, and {output.name} is {left}")
    axes = [aliases.get(axis, axis) for axis in found.axes]
    if sorted(axes) != sorted(wanted.axes):
        have, want = (", ".join(some) or "none" for some in (axes, wanted.axes))
        raise _Unfit(f"the right side has the axes {have}, and {output.name} has {want}")
    if found.complex and not wanted.complex:
        raise _Unfit(f"the right side is complex, and {output.name} is not")
    mirrored = any(one.group in IMPROPER for one in transform.symmetries)
    if found.parity != wanted.parity and (mirrored or (found.rank and found.parity != MIXED)):
        told = (
            "neither changes its sign nor keeps it under inversion"
            if found.parity == MIXED
            else f"is {found.words}"
        )
        raise _Unfit(f"the right side {told}, and {output.name} is declared as {output.kind.value}")
    groups = {one.group for one in transform.symmetries}
    if Group.TIME_REVERSAL in groups and found.time != wanted.time:
        told = "has no sign" if found.time == MIXED else f"has the sign {found.time:+d}"
        raise _Unfit(f"under time reversal the right side {told}, and {output.name} has {wanted.time:+d}")
    moves = BEHAVIOURS[output.kind].moves
    if groups & set(TRANSLATIONS) and misses_origin(found, moves=moves):
        raise _Unfit(f"the right side {'does not move' if moves else 'changes'} with the origin")


def check_limits(transform: Transform) -> Told:
    known = {one.name: type_of_variable(one) for one in transform.inputs}
    outputs = {one.name: one for one in transform.outputs}
    for number, one in enumerate(transform.limits):
        key, where = f"limits {number}", f"limit of {one.output}"
        if one.output not in outputs:
            yield key, where, f"{one.output} is no output"
            continue
        variable = transform.variable(one.variable)
        if (variable is None or variable.name not in known) and not one.variable.startswith(COUNT):
            yield key, where, f"{one.variable} is no input"
            continue
        if variable is not None and variable.kind in (
            VariableKind.SPECIES,
            VariableKind.GRAPH,
            VariableKind.ISING,
        ):
            yield key, where, f"{one.variable} is a {variable.kind.value} and goes to no limit"
            continue
        at_type = type_of_variable(variable) if variable else Type(dims={})
        for text, wanted, name in (
            (one.target, type_of_variable(outputs[one.output]), one.output),
            (one.at, at_type, one.variable),
        ):
            fault = _limit_fault(text, wanted, name, known)
            if fault:
                yield key, where, fault


def _limit_fault(text: str, wanted: Type, name: str, known: dict[str, Type]) -> str | None:
    plain = text.strip().lstrip("-").strip()
    if plain == INFINITY:
        return None
    try:
        found = infer(read_expression(text), known)
    except ToolError as error:
        return str(error)
    if found.dims is not None and dict(found.dims) != dict(wanted.dims or {}):
        return f"{text} is {written(dict(found.dims))}, and {name} is {written(dict(wanted.dims or {}))}"
    if found.dims is not None and found.rank != wanted.rank:
        return f"{text} is {found.words}, and {name} is {wanted.words}"
    return None
