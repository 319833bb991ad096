"""Whether declared symmetries say something of the variables, and which values they change."""

from tools.representation.kinds import (
    BEHAVIOURS,
    IMPROPER,
    MEANINGS,
    ON_AXES,
    ON_NAMES,
    PERIODIC,
    ROTATIONS,
    SPATIAL,
    TRANSLATIONS,
    Group,
    VariableKind,
)
from tools.representation.results import Told
from tools.representation.schema import Symmetry, Transform, Variable
from tools.representation.units import dimension


def turns(one: Variable, symmetry: Symmetry) -> bool:  # noqa: C901, PLR0911 - one case each
    """Tell whether an element of the group can change a value of this type."""
    behaviour, group = BEHAVIOURS[one.kind], symmetry.group
    if group in ROTATIONS and (behaviour.rank or (group in IMPROPER and behaviour.parity < 0)):
        return True
    if group in TRANSLATIONS or group is Group.IMAGES:
        return behaviour.moves
    if group in ON_AXES:
        return bool(symmetry.of) and symmetry.of[0] in one.axes
    if group in ON_NAMES:
        return one.name in symmetry.of
    match group:
        case Group.LATTICE:
            return one.kind is VariableKind.LATTICE
        case Group.SUPERCELL:
            return one.kind is VariableKind.LATTICE or one.extensive or behaviour.moves
        case Group.GAUGE:
            return behaviour.complex
        case Group.TIME_REVERSAL:
            return behaviour.time < 0 or behaviour.complex
        case Group.GALILEI:
            return behaviour.boosts
        case Group.SCALING:
            return bool(symmetry.exponents.get(one.name))
    return group is Group.DIMENSIONS and bool(dimension(one.unit))


def check_symmetries(transform: Transform) -> Told:
    names = {one.name for one in (*transform.inputs, *transform.outputs)}
    for number, one in enumerate(transform.symmetries):
        key, where = f"symmetries {number}", f"{one.relation} under {one.text}"
        fault = _group_fault(one, transform, names)
        if fault:
            yield key, where, fault
            continue
        if not any(turns(variable, one) for variable in transform.inputs):
            yield key, where, f"no input is changed by it ({MEANINGS[one.group][1]}), so it says nothing"
        turning = [variable for variable in transform.outputs if turns(variable, one)]
        if one.relation == "invariant" and turning and one.group is not Group.DIMENSIONS:
            kind = turning[0]
            yield (
                key,
                where,
                f"{kind.name} is a {kind.kind.value} and changes with it: write equivariant under",
            )
        if one in transform.symmetries[:number]:
            yield key, where, "it stands there twice"


def _group_fault(one: Symmetry, transform: Transform, names: set[str]) -> str | None:  # noqa: C901, PLR0911, PLR0912 - one case each
    spaces = {v.axes[-1] for v in transform.inputs if BEHAVIOURS[v.kind].rank}
    if one.exponents and one.group is not Group.SCALING:
        return "only scaling has powers"
    if one.group in SPATIAL:
        if len(one.of) != 1 or one.of[0] not in ("2", "3"):
            return f"write {one.group.value}(3), or {one.group.value}(2) in the plane"
        if spaces and one.of[0] not in spaces:
            return f"space has {spaces.pop()} dimensions here, not {one.of[0]}"
    elif one.group in ON_AXES:
        if len(one.of) != 1 or one.of[0] not in transform.axes:
            return f"it takes one named axis: {', '.join(transform.axes) or 'there is none'}"
    elif one.group in ON_NAMES or one.group is Group.SCALING:
        unknown = [name for name in (*one.of, *one.exponents) if name not in names]
        if unknown or not (one.of or one.exponents):
            return f"{unknown[0]} is no input or output" if unknown else f"write {MEANINGS[one.group][0]}"
    elif one.of and one.group is not Group.LATTICE:
        return f"write {MEANINGS[one.group][0]}"
    kinds = {variable.kind for variable in transform.inputs}
    if one.group in PERIODIC and VariableKind.LATTICE not in kinds:
        return "it needs an input of type lattice"
    if one.group in (Group.SUPERCELL, Group.IMAGES) and VariableKind.POSITION not in kinds:
        return "it needs an input of type position"
    if one.group is Group.GALILEI and VariableKind.MOMENTUM in kinds:
        return "a boost changes momenta by masses that it does not know: give velocities"
    if one.group in (*ROTATIONS, Group.CYCLIC, Group.REFLECTION):
        return _grid_fault(one, transform)
    return None


def _grid_fault(one: Symmetry, transform: Transform) -> str | None:
    """A field on a grid turns only by the grid's own steps."""
    fields = [variable for variable in transform.inputs if variable.kind is VariableKind.FIELD]
    if one.group in ROTATIONS and fields:
        return f"{fields[0].name} lies on a grid, which no rotation maps onto itself: use cyclic"
    return None
