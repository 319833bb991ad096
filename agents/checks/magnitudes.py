"""Which numbers of a text are of which quantity, and whether they lie where their quantities do."""

import math
import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from agents.checks.measures import FROM_TO, PLAIN, Dimension, Magnitude, dimension_of, find_measures
from agents.checks.outcome import judge, unit_of
from agents.checks.phrases import same_thing
from agents.checks.quantities import (
    KnownQuantity,
    QuantityMention,
    find_quantities,
    named_elsewhere,
    quantity_of,
)
from agents.checks.ranges import called_in, out_of_range
from agents.checks.text import ProposalText, sentences
from agents.schema import Check

_OF_NUMBER: Final = re.compile(
    r"\s*(?:,? ?(?:of|is|=|≈|near|about|around|equals|reaches|stays near|exceeds|was|are|above|below|to"
    r"|rises to|falls to|up to)\s+){1,3}$"
)
_WHERE: Final = re.compile(r"\b(?:above|below|near|around|to)\b")
_AFTER_VALUE: Final = re.compile(
    r"\s*(?:[,;:.()\[\]!?–—/±]|$|(?:at|in|for|and|or|when|if|as|with|on|near|is|was|were|are|has|had|will|would|should|can|per|to"
    r"|from|under|over|between|by|but|while|which|that|than|of|because|since|so|after|before|above|below|along|across|within"
    r"|during|through|refut\w+|falsif\w+|contradict\w+|rul\w+|disprov\w+|only|already|instead|carries|shows?)\b)"
)
"""What may follow the value of a quantity, which is no adjective then."""
_CHANGED: Final = re.compile(
    r"\b(?:chang\w+|shift\w*|gain\w*|ris(?:e|es|ing)|fall\w*|drop\w*|loss\w*|differ\w*|increas\w+|decreas\w+|improv\w+|grow\w*"
    r"|reduc\w+|variation|spread|error|uncertaint\w+)\b",
    re.IGNORECASE,
)
_APART: Final = re.compile(
    r"\b(?:for|at|in|with|over|during|within|by|spectr\w+|measurements?|scans?|data|images?|maps?)\b"
)
_TURN = r"(?:minim(?:um|a)|maxim(?:um|a)|peaks?|dips?|kinks?|cusps?|jumps?|onset|upturn|anomaly|crossover)"
_PLACE_OF: Final = re.compile(
    rf"\b{_TURN}\s+(?:of|in)\s+(?:(?:the|an?|its|their)\s+)?(?:\w+\s+){{0,2}}$", re.IGNORECASE
)
"""What of a quantity lies at a value of another one: "the minimum of the resistivity shifts to 12 K"."""
_PLACE_AFTER: Final = re.compile(rf"\s+{_TURN}\b", re.IGNORECASE)
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


class Attached(NamedTuple):
    """A number and the quantity that it is of."""

    name: str
    known: KnownQuantity
    measure: Magnitude
    difference: bool


def attached(text: ProposalText) -> list[Attached]:
    """Return the numbers whose quantity is in the table: changes, thresholds, "a gap of 2 eV"."""
    found: list[Attached] = []
    for changes in text.changes.values():
        for change in changes:
            called = called_in(text, change)
            mention = quantity_of(called) or named_elsewhere(called, text.whole)
            if mention:
                found += [
                    Attached(mention.name, mention.known, one, False)
                    for one in (change.first, change.last)
                    if mention.known.fits(one) or not _is_placed(change.phrase)
                ]
    for part in text.parts.values():
        for sentence in sentences(part):
            found += _in_sentence(sentence)
    found += _in_limits(text)
    for claim in text.claims:
        found += _of_claim(claim.cause, claim.cause_unit) + _of_claim(claim.response, claim.response_unit)
    return found


def _in_sentence(sentence: str) -> Iterator[Attached]:
    mentions, ranges = find_quantities(sentence), [one.span() for one in FROM_TO.finditer(sentence)]
    for measure in find_measures(sentence):
        if any(start <= measure.start < end for start, end in ranges):
            continue  # a change, which is read by its verb
        if not _AFTER_VALUE.match(sentence[measure.end :]):
            continue  # "the speed of 10 µm grains"
        near = [one for one in mentions if one.end <= measure.start]
        joint = sentence[near[-1].end : measure.start] if near else ""
        if (
            near
            and not near[-1].known.fits(measure)
            and (_WHERE.search(joint) or _stands_in(sentence, near[-1]))
        ):
            continue  # "the density above 500 km"
        if near and _OF_NUMBER.match(joint):
            before = sentence[: near[-1].start][-30:]
            rising = re.search(r"\b(?:rises|falls|grows|shift|by)\b[^,;]*$", joint)
            yield Attached(near[-1].name, near[-1].known, measure, bool(_CHANGED.search(before) or rising))


def _in_limits(text: ProposalText) -> Iterator[Attached]:
    """Yield the thresholds of the falsifier."""
    for limit in text.limits:
        clause = re.split(
            r"[,;:.]|(?<!\w)\d\S*\s+\S+\s+\w+|(?<!\w)\d\S*|\b(?:if|when|while|and|or)\b", limit.before
        )[-1]
        mentions = find_quantities(clause)
        if not mentions or _APART.search(clause[mentions[-1].end :]):
            continue
        one = mentions[-1]
        if one.known.fits(limit.measure) or not _stands_in(clause, one):
            yield Attached(one.name, one.known, limit.measure, bool(_CHANGED.search(clause)))


def _is_placed(phrase: str) -> bool:
    """Tell whether a phrase is no quantity but where it turns: "the minimum of the resistivity"."""
    return any(_stands_in(phrase, mention) for mention in find_quantities(phrase))


def _stands_in(text: str, mention: QuantityMention) -> bool:
    """Tell whether a quantity that a text names belongs to the name of such a place."""
    return bool(_PLACE_OF.search(text[: mention.start]) or _PLACE_AFTER.match(text, mention.end))


def _of_claim(phrase: str, unit: str | None) -> list[Attached]:
    mention = quantity_of(phrase)
    dimension = dimension_of(unit) if unit else None
    if mention is None or dimension is None or unit is None or _is_placed(phrase):
        return []
    return [Attached(mention.name, mention.known, Magnitude(math.nan, unit, dimension, math.nan, 0, 0), True)]


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
    right = sorted(
        {
            f"{one.name} of {one.measure.value:g} {unit_of(one.measure)}".rstrip()
            for one in told
            if one.known.fits(one.measure)
        }
    )
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
