"""Chains transforms: what the first gives the second takes. Symmetries of the whole, and its losses."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from tools.representation.checking import check
from tools.representation.errors import NotWellTyped
from tools.representation.kinds import Group, Information
from tools.representation.schema import Fact, Symmetry, Transform, Variable
from tools.representation.symmetries import turns
from tools.representation.units import dimension, factor

CARRIED = (Information.EVERYTHING, Information.DISTINCTNESS)


def chain(transforms: Sequence[Transform]) -> Transform:
    """Return the transform of the chain, without equations. Raises NotWellTyped for a link that does not fit.

    A symmetry of the first holds for the chain where nothing of what the second takes besides is turned
    by it, and the second answers in kind: it needs no symmetry where the first is invariant, and the same one
    where outputs turn. What one link loses the chain has lost; it preserves what the first preserves
    where the second keeps its inputs apart.
    """
    whole = transforms[0]
    for _, second in pairwise(transforms):
        whole = _join(whole, second)
    faults = check(whole)
    if faults:
        raise NotWellTyped(f"the chain does not fit together: {faults[0]}")
    return whole


def _join(first: Transform, second: Transform) -> Transform:
    given = {one.name: one for one in first.outputs}
    taken = [one for one in second.inputs if one.name in given]
    beside = [one for one in second.inputs if one.name not in given]
    if not taken:
        names = ", ".join(given)
        raise NotWellTyped(f"{second.name} takes nothing that {first.name} gives ({names})")
    for one in taken:
        _match(given[one.name], one, first, second)
    twice = [one.name for one in beside if first.variable(one.name) not in (None, one)]
    if twice:
        raise NotWellTyped(f"{twice[0]} means one thing in {first.name} and another in {second.name}")
    inputs = [*first.inputs, *(one for one in beside if first.variable(one.name) is None)]
    return Transform(
        name=f"{first.name}_then_{second.name}"[:40].rstrip("_"),
        inputs=inputs,
        outputs=second.outputs,
        symmetries=[held for one in first.symmetries if (held := _carry(one, first, second, beside))],
        local=first.local,
        preserves=_preserved(first, second),
        loses=_lost(first, second, {one.name for one in inputs}),
        loss=second.loss if not any(term.measure == "violation" for term in second.loss) else [],
    )


def _match(given: Variable, taken: Variable, first: Transform, second: Transform) -> None:
    link = f"{given.name} from {first.name} to {second.name}"
    if given.kind is not taken.kind:
        raise NotWellTyped(f"{link}: a {given.kind.value} is given and a {taken.kind.value} is taken")
    if len(given.axes) != len(taken.axes) or any(
        a != b for a, b in zip(given.axes, taken.axes, strict=True) if a.isdigit() and b.isdigit()
    ):
        raise NotWellTyped(f"{link}: [{','.join(given.axes)}] is given and [{','.join(taken.axes)}] is taken")
    if dimension(given.unit) != dimension(taken.unit):
        raise NotWellTyped(f"{link}: {given.unit} cannot be given in {taken.unit}")


def _carry(one: Symmetry, first: Transform, second: Transform, beside: list[Variable]) -> Symmetry | None:
    """Return the symmetry as the chain has it; None where it is not known to hold."""
    if one.group in (Group.SCALING, Group.SHIFT, Group.SIGN, Group.DIMENSIONS):
        turning = [v for v in first.outputs if turns(v, one)]
        return None if turning or any(turns(v, one) for v in beside) else one
    links = {v.name for v in second.inputs}
    turned = [v for v in first.outputs if v.name in links and turns(v, one)] + [
        v for v in beside if turns(v, one)
    ]
    if not turned:
        return (
            one.model_copy(update={"relation": "invariant"})
            if not any(turns(v, one) for v in second.outputs)
            else None
        )
    return next(
        (other for other in second.symmetries if (other.group, other.of) == (one.group, one.of)), None
    )


def _preserved(first: Transform, second: Transform) -> list[Fact]:
    """What the first keeps is kept by a second that keeps all its inputs apart."""
    kept = {fact.information for fact in second.preserves}
    if not kept & set(CARRIED):
        return []
    return [f for f in first.preserves if f.information not in CARRIED or f.information in kept]


def _lost(first: Transform, second: Transform, inputs: set[str]) -> list[Fact]:
    """What the first loses; of the second's losses those of the chain's own inputs, or of space."""
    later = [f for f in second.loses if f not in first.loses and (f.of is None or f.of in inputs)]
    return [*first.loses, *later]


def chain_functions(
    transforms: Sequence[Transform], functions: Sequence[Callable[..., Any]]
) -> Callable[..., dict[str, Any]]:
    """Return the function of a chain: each takes by name what it needs, in its own units."""

    def function(**values: Any) -> dict[str, Any]:  # noqa: ANN401 - arrays of any type
        held = dict(values)
        units = {one.name: one.unit for one in transforms[0].inputs}
        found: dict[str, Any] = {}
        for transform, one in zip(transforms, functions, strict=True):
            units = {**{v.name: v.unit for v in transform.inputs}, **units}
            given = {
                v.name: held[v.name] * (factor(units[v.name]) / factor(v.unit))
                if units[v.name] != v.unit
                else held[v.name]
                for v in transform.inputs
            }
            answer = one(**given)
            found = answer if isinstance(answer, dict) else {transform.outputs[0].name: answer}
            held |= found
            units |= {v.name: v.unit for v in transform.outputs}
        return found

    return function
