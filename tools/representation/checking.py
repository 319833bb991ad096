"""Whether a specification fits together: names, shapes, units, symmetries, information, formulas, loss."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from tools.errors import ToolError
from tools.representation.formulas import check_equations, check_limits
from tools.representation.kinds import (
    BEHAVIOURS,
    GRID,
    IMPROPER,
    ROTATIONS,
    TRANSLATIONS,
    WITH_NAME,
    Group,
    Information,
    VariableKind,
)
from tools.representation.results import Fault, Told, Wrong
from tools.representation.schema import Fact, Transform, Variable
from tools.representation.symmetries import check_symmetries, turns
from tools.representation.units import dimension, written


def check(transform: Transform, places: Mapping[str, tuple[int, int]] | None = None) -> list[Fault]:
    """Return every contradiction; none: it is well typed. `places` come from `read_text`."""
    rules: tuple[tuple[Wrong, Callable[[Transform], Told]], ...] = (
        (Wrong.NAME, check_names),
        (Wrong.SHAPE, check_shapes),
        (Wrong.UNIT, check_units),
    )
    faults = [fault for wrong, rule in rules for fault in _told(wrong, rule(transform), places)]
    if faults:
        return faults  # what follows would repeat them
    later: tuple[tuple[Wrong, Callable[[Transform], Told]], ...] = (
        (Wrong.SYMMETRY, check_symmetries),
        (Wrong.LOCALITY, _locality),
        (Wrong.INFORMATION, check_information),
        (Wrong.EQUATION, check_equations),
        (Wrong.LIMIT, check_limits),
        (Wrong.LOSS, _loss),
    )
    return [fault for wrong, rule in later for fault in _told(wrong, rule(transform), places)]


def _told(wrong: Wrong, told: Told, places: Mapping[str, tuple[int, int]] | None) -> Iterator[Fault]:
    for key, where, message in told:
        line, column = (places or {}).get(key, (None, None))
        yield Fault(wrong=wrong, where=where, message=message, line=line, column=column)


def _locality(transform: Transform) -> Told:
    local = transform.local
    if local is None:
        return
    try:
        found = dimension(local.unit)
    except ToolError as error:
        yield "local", "local", str(error)
        return
    if found != dimension("m"):
        yield "local", "local", f"a cutoff is a length, and {local.unit} is {written(found)}"
    if local.value <= 0:
        yield "local", "local", "a cutoff is greater than zero"
    if not any(one.kind is VariableKind.POSITION for one in transform.inputs):
        yield "local", "local", "it needs an input of type position"


def _loss(transform: Transform) -> Told:
    outputs = {one.name: one for one in transform.outputs}
    units: dict[str, dict[str, float]] = {}
    for number, term in enumerate(transform.loss):
        key, where = f"loss {number}", f"loss {term.text}"
        if term.weight <= 0:
            yield key, where, "a weight is greater than zero"
        if term.measure == "violation":
            if term.of is not None or not transform.symmetries:
                yield (
                    key,
                    where,
                    "write violation alone" if term.of else "no symmetry is declared that can be violated",
                )
        elif term.of not in outputs:
            yield key, where, f"{term.of or 'nothing'} is no output: write {term.measure}(OUTPUT)"
        else:
            power = 2 if term.measure == "mse" else 1
            units[term.text] = {n: p * power for n, p in dimension(outputs[term.of].unit).items()}
            first = next(iter(units))
            if units[term.text] != units[first]:
                told = f"{written(units[term.text])} cannot be added to {first}, {written(units[first])}"
                yield key, where, told


def check_information(transform: Transform) -> Told:
    """Tell whether what is kept and lost fits the inputs, the symmetries, and each other."""
    for part, facts in (("preserves", transform.preserves), ("loses", transform.loses)):
        for number, fact in enumerate(facts):
            fault = _fact_fault(fact, transform) or (
                _contradiction(fact, transform) if part == "preserves" else None
            )
            if fault:
                yield f"{part} {number}", f"{part} {fact.text}", fault
    for number, fact in enumerate(transform.loses):
        kept = [one.information for one in transform.preserves]
        if fact in transform.preserves or Information.EVERYTHING in kept:
            yield f"loses {number}", f"loses {fact.text}", "it is said to be preserved too"
        if fact.information in (Information.EVERYTHING, Information.DISTINCTNESS):
            yield f"loses {number}", f"loses {fact.text}", "name what is lost, such as handedness"


def _fact_fault(fact: Fact, transform: Transform) -> str | None:  # noqa: PLR0911 - one case each
    named = {one.name: one for one in transform.inputs}
    if (fact.information in WITH_NAME) != (fact.of is not None):
        return f"write {fact.information.value}{'(name)' if fact.information in WITH_NAME else ''}"
    if fact.information is Information.ORDER:
        return None if fact.of in transform.axes else f"{fact.of} is no axis"
    if fact.of is not None and fact.of not in named:
        return f"{fact.of} is no input"
    if fact.information is Information.COMPOSITION and named[fact.of or ""].kind is not VariableKind.SPECIES:
        return f"{fact.of} is no species"
    if fact.information is Information.PHASE and not BEHAVIOURS[named[fact.of or ""].kind].complex:
        return f"{fact.of} has no phase"
    spatial = (Information.HANDEDNESS, Information.ORIENTATION)
    if fact.information in spatial and not any(BEHAVIOURS[one.kind].rank for one in transform.inputs):
        return "no input is a vector"
    placed = (Information.ORIGIN, Information.GEOMETRY)
    if fact.information in placed and not any(one.kind is VariableKind.POSITION for one in transform.inputs):
        return "it needs an input of type position"
    if fact.information is Information.VOLUME and not any(
        o.kind is VariableKind.LATTICE for o in transform.inputs
    ):
        return "it needs an input of type lattice"
    return None


def _contradiction(fact: Fact, transform: Transform) -> str | None:
    """A value that a declared invariance makes equal cannot tell apart."""
    unturned = [
        one for one in transform.symmetries if not any(turns(variable, one) for variable in transform.outputs)
    ]
    blinding: dict[Information, tuple[Group, ...]] = {
        Information.HANDEDNESS: IMPROPER,
        Information.ORIENTATION: ROTATIONS,
        Information.ORIGIN: TRANSLATIONS,
        Information.PHASE: (Group.GAUGE,),
    }
    for one in unturned:
        if one.group in blinding.get(fact.information, ()):
            return f"{one.relation} under {one.text} means that it is lost"
        if fact.information is Information.ORDER and one.group is Group.PERMUTATION and fact.of in one.of:
            return f"{one.relation} under {one.text} means that it is lost"
        if fact.information is Information.SIGN and one.group is Group.SIGN and one.of == [fact.of]:
            return f"{one.relation} under {one.text} means that it is lost"
        if fact.information is Information.SCALE and set(one.exponents) == {fact.of}:
            return f"{one.relation} under {one.text} means that it is lost"
        if fact.information is Information.EVERYTHING:
            return f"{one.relation} under {one.text} means that something is lost"
    return None


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
