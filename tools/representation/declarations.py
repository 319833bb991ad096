"""Whether variables are declared rightly: their names, their shapes and their units."""

from collections.abc import Iterator
from typing import Final

from tools.errors import ToolError
from tools.representation.kinds import BEHAVIOURS, GRID, VariableKind
from tools.representation.results import Told
from tools.representation.schema import Transform, Variable
from tools.representation.units import dimension, written

SPACES: Final = (2, 3)


def _variables(transform: Transform) -> Iterator[tuple[str, str, Variable]]:
    for part, word, some in (("inputs", "in", transform.inputs), ("outputs", "out", transform.outputs)):
        for number, one in enumerate(some):
            yield f"{part} {number}", f"{word} {one.name}", one


def check_names(transform: Transform) -> Told:
    seen: set[str] = set()
    for key, where, one in _variables(transform):
        if one.name in seen:
            yield key, where, f"{one.name} is declared twice"
        if one.name in transform.axes:
            yield key, where, f"{one.name} is the name of an axis too"
        seen.add(one.name)


def check_shapes(transform: Transform) -> Told:
    for key, where, one in _variables(transform):
        behaviour = BEHAVIOURS[one.kind]
        space, rest = one.axes[len(one.axes) - behaviour.rank :], len(one.axes) - behaviour.rank
        if rest < 0 or any(not axis.isdigit() or int(axis) not in SPACES for axis in space):
            form = ",".join(["N"] * max(rest, 0) + ["3"] * behaviour.rank)
            yield (
                key,
                where,
                f"a {one.kind.value} ends with the axes of space, such as {one.kind.value}[{form}]",
            )
        elif behaviour.axes and rest not in behaviour.axes:
            counts = " or ".join(map(str, behaviour.axes)) + (
                " axes beside space" if behaviour.rank else " axes"
            )
            yield (
                key,
                where,
                f"a {one.kind.value} has {counts}, not {rest}",
            )
        elif behaviour.square and one.axes[0] != one.axes[1]:
            yield key, where, f"a {one.kind.value} is square: both axes have one name"
        elif one.kind is VariableKind.LATTICE and one.axes[0] != one.axes[1]:
            yield key, where, "a lattice has as many vectors as space has axes: lattice[3,3] or lattice[2,2]"
    spaces = {one.axes[-1] for _, _, one in _variables(transform) if BEHAVIOURS[one.kind].rank and one.axes}
    if len(spaces) > 1:
        yield "inputs 0", "in", f"vectors of {' and of '.join(sorted(spaces))} dimensions stand side by side"
    inputs = {axis for one in transform.inputs for axis in one.axes}
    for number, one in enumerate(transform.outputs):
        rank = BEHAVIOURS[one.kind].rank
        new = [a for a in one.axes[: len(one.axes) - rank] if not a.isdigit() and a not in inputs]
        if new and one.kind not in (*GRID, VariableKind.MATRIX):
            yield f"outputs {number}", f"out {one.name}", f"no input has the axis {new[0]}"


def check_units(transform: Transform) -> Told:
    for key, where, one in _variables(transform):
        try:
            found = dimension(one.unit)
        except ToolError as error:
            yield key, where, str(error)
            continue
        wanted = BEHAVIOURS[one.kind].unit
        if wanted is not None and found != dimension(wanted):
            meant = (
                "a plain number"
                if wanted == "1"
                else f"in a unit of {written(dimension(wanted))}, such as {wanted}"
            )
            yield key, where, f"a {one.kind.value} is {meant}, and {one.unit} is {written(found)}"
        if one.low is not None and one.high is not None and one.low > one.high:
            yield key, where, f"it goes from {one.low:g} down to {one.high:g}"
