"""Whether facts of what is kept and lost fit the inputs, the symmetries, and each other."""

from tools.representation.faults import Told
from tools.representation.kinds import (
    BEHAVIOURS,
    IMPROPER,
    ROTATIONS,
    TRANSLATIONS,
    WITH_NAME,
    Group,
    Information,
    Kind,
)
from tools.representation.schema import Fact, Transform
from tools.representation.symmetries import turns


def check_information(transform: Transform) -> Told:
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
    if fact.information is Information.COMPOSITION and named[fact.of or ""].kind is not Kind.SPECIES:
        return f"{fact.of} is no species"
    if fact.information is Information.PHASE and not BEHAVIOURS[named[fact.of or ""].kind].complex:
        return f"{fact.of} has no phase"
    spatial = (Information.HANDEDNESS, Information.ORIENTATION)
    if fact.information in spatial and not any(BEHAVIOURS[one.kind].rank for one in transform.inputs):
        return "no input is a vector"
    placed = (Information.ORIGIN, Information.GEOMETRY)
    if fact.information in placed and not any(one.kind is Kind.POSITION for one in transform.inputs):
        return "it needs an input of type position"
    if fact.information is Information.VOLUME and not any(o.kind is Kind.LATTICE for o in transform.inputs):
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
