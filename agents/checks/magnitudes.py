"""Whether numbers lie where their quantities do, and one text keeps to one order of magnitude."""

import math
import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from agents.checks.attached import attached
from agents.checks.measures import PLAIN, Dimension, Magnitude, dimension_of
from agents.checks.outcome import judge, unit_of
from agents.checks.phrases import same_thing
from agents.checks.ranges import out_of_range
from agents.checks.text import ProposalText
from agents.schema import Check

LIGHT: Final = 299_792_458.0
FARTHEST: Final = 1e3
"""Ratio of two values of one quantity in one text, beyond its own ranges, that is not plausible."""
_WHOLE: Final = re.compile(
    r" ?(?:of|times) (?:its|their|the) (?:own )?(?:saturation|rest energy|rest mass|total energy"
    r"|initial energy|incoming energy"
    r"|incident (?:energy|power|light)|input (?:energy|power)|heat supplied|atoms|nodes|sites"
    r"|particles|population)\b"
)
_PHASE: Final = re.compile(r"phase|group|superluminal|apparent|recession|expansion", re.IGNORECASE)


def magnitudes_plausible(text: ProposalText) -> Check | None:
    """Whether numbers lie where their quantities do, and one text keeps to one order of magnitude."""
    told = [
        one for one in attached(text) if not math.isnan(one.measure.value)
    ]  # a claim's unit has no number
    wrong = [
        f"{one.name} of {one.measure.value:g} {unit_of(one.measure)}, which lies outside {one.known.limits}"
        for one in told
        if not one.difference and not one.known.holds(one.measure)
    ]
    wrong += list(out_of_range(text))
    wrong += _too_fast(text) + _too_cold(text) + _too_much(text) + list(_far_apart(text))
    right = sorted({f"{one.name} of {one.measure.value:g} {unit_of(one.measure)}" for one in told})
    return judge("magnitudes plausible", wrong, right)


def _too_fast(text: ProposalText) -> list[str]:
    speed = dimension_of("m/s")
    return [
        f"{one.value:g} {one.unit}, which is faster than light"
        for part, name in ((part, name) for name, part in text.parts.items())
        for one in text.measures[name]
        if one.dimension == speed
        and abs(one.si) > 1.001 * LIGHT
        and not _PHASE.search(part[: one.start][-40:])
    ]


def _too_cold(text: ProposalText) -> list[str]:
    kelvin = dimension_of("K")
    return [
        f"{one.value:g} {one.unit}, which is below absolute zero"
        for name in text.parts
        for one in text.measures[name]
        if one.dimension == kelvin and "°" in one.unit and one.si < 0
    ]


def _too_much(text: ProposalText) -> list[str]:
    """Return shares of a whole, or of a saturation value, above one."""
    return [
        f"{one.value:g} {unit_of(one)} of its whole".replace("  ", " ")
        for name, part in text.parts.items()
        for one in text.measures[name]
        if one.dimension == PLAIN and one.si > 1 and _WHOLE.match(part[one.end :])
    ]


def _far_apart(text: ProposalText) -> Iterator[str]:
    """Yield values of one quantity in prediction or falsifier that lie far from those of the other parts."""
    found: list[tuple[str, str, Magnitude]] = [
        (where, change.phrase, one)
        for where, changes in text.changes.items()
        for change in changes
        for one in (change.first, change.last)
        if one.si > 0 and one.dimension != PLAIN
    ]
    found += [
        ("falsifier", re.split(r"[,;:.]", limit.before)[-1], limit.measure)
        for limit in text.limits
        if limit.measure.si > 0 and limit.measure.dimension != PLAIN
    ]
    for (where, phrase, one), (there, other, two) in combinations(found, 2):
        if where != there and one.dimension == two.dimension and same_thing(phrase, other):
            ratio = max(one.si / two.si, two.si / one.si)
            if ratio > FARTHEST * _span(found, where, one.dimension) * _span(found, there, one.dimension):
                here = f"{one.value:g} {one.unit} in the {where}"
                yield f"{phrase.strip()} of {here}, {two.value:g} {two.unit} in the {there}"
                return


def _span(found: Sequence[tuple[str, str, Magnitude]], where: str, dimension: Dimension) -> float:
    sizes = [one.si for place, _, one in found if place == where and one.dimension == dimension]
    return max(sizes) / min(sizes)
