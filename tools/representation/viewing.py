"""What a person sees of a check: the verdict, a row a property, and the first counterexample."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from tools.representation.kinds import BEHAVIOURS, VariableKind
from tools.representation.results import Array, CheckResult, Counterexample, Finding, PropertyVerdict
from tools.representation.schema import Transform
from tools.structures.elements import NAMES
from tools.views import Block, Plot, Sentences, Series, Structure, Table, Vector

MOST_NUMBERS: Final = 400  # in a picture
UNNAMED: Final = "C"  # atoms without a species are drawn alike


def blocks(result: CheckResult) -> tuple[Block, ...]:
    """Return the sentences, tables and pictures of a result."""
    shown: list[Block] = [Sentences((result.summary,))]
    if result.faults:
        rows = tuple(
            (f"{one.line}:{one.column}" if one.line else "–", one.wrong.value, one.where, one.message)
            for one in result.faults
        )
        shown.append(Table(("Place", "Kind", "Where", "Fault"), rows, title="Faults"))
    if result.findings:
        tests = tuple((one.claim, one.verdict.value, one.told) for one in result.findings)
        shown.append(
            Table(("Property", "Verdict", "What was found"), tests, title=f"Tests of {result.against}")
        )
    first = next((one for one in result.findings if one.counterexample), None)
    return (*shown, *(picture(result.transform, first) if first else ()))


def picture(transform: Transform, finding: Finding) -> tuple[Block, ...]:
    """Return the input before and after, where it has places, and the outputs that should agree."""
    case = finding.counterexample
    if case is None or finding.verdict is not PropertyVerdict.FAILS:
        return ()
    shown: list[Block] = []
    for title, arrays in (
        ("The input of the counterexample", case.inputs),
        (f"After {case.change}", case.changed),
    ):
        structure = _structure(transform, arrays, title)
        shown += [structure] if structure else []
    return (*shown, _outputs(case, finding))


def _outputs(case: Counterexample, finding: Finding) -> Plot:
    unit = "" if case.expected.unit == "1" else f" ({case.expected.unit})"
    series = tuple(
        Series(
            name,
            tuple(map(float, range(len(array.values[:MOST_NUMBERS])))),
            tuple(array.values[:MOST_NUMBERS]),
            line=True,
        )
        for name, array in (("expected", case.expected), ("found", case.found))
    )
    return Plot(f"Counterexample: {finding.claim}", "component", f"{case.expected.name}{unit}", series)


def _structure(transform: Transform, arrays: Sequence[Array], title: str) -> Structure | None:
    """The places of a value, with arrows of vectors as edges."""
    kinds = {one.name: one.kind for one in transform.inputs}
    held = {kinds[one.name]: np.array(one.values).reshape(one.shape) for one in arrays}
    places = held.get(VariableKind.POSITION)
    if places is None or places.shape[-1] != 3:  # noqa: PLR2004 - axes, or a pair
        return None
    places = places.reshape(-1, 3)
    numbers = held.get(VariableKind.SPECIES)
    elements = tuple(NAMES[int(z) - 1] for z in numbers) if numbers is not None else (UNNAMED,) * len(places)
    arrows = tuple(
        (_point(place), _point(place + vector))
        for one in arrays
        if BEHAVIOURS[kinds[one.name]].rank == 1
        and kinds[one.name] not in (VariableKind.POSITION, VariableKind.LATTICE)
        for place, vector in zip(places, np.array(one.values).reshape(-1, 3), strict=False)
    )
    return Structure(
        title[:80],
        elements,
        tuple(map(_point, places)),
        edges=(*_edges(held.get(VariableKind.LATTICE)), *arrows),
    )


def _edges(lattice: np.ndarray | None) -> tuple[tuple[Vector, Vector], ...]:
    if lattice is None:
        return ()
    corners = [(i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1)]
    pairs = [
        (p, q)
        for p in corners
        for q in corners
        if sum(q) - sum(p) == 1 and all(b >= a for a, b in zip(p, q, strict=True))
    ]
    return tuple((_point(np.array(p) @ lattice), _point(np.array(q) @ lattice)) for p, q in pairs)


def _point(place: np.ndarray) -> Vector:
    x, y, z = (float(value) for value in place)
    return x, y, z
