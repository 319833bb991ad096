"""Whether a specification fits together: names, shapes, units, symmetries, information, formulas, loss."""

from collections.abc import Callable, Iterator, Mapping

from tools.errors import ToolError
from tools.representation.declarations import check_names, check_shapes, check_units
from tools.representation.facts import check_information
from tools.representation.faults import Fault, Told, Wrong
from tools.representation.formulas import check_equations, check_limits
from tools.representation.kinds import Kind
from tools.representation.schema import Transform
from tools.representation.symmetries import check_symmetries
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
    if not any(one.kind is Kind.POSITION for one in transform.inputs):
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
