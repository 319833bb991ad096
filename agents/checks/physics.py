"""Contradictions that can be told without knowing the system: units, magnitudes, numbers against words, laws.

Each function returns what it examined and what is wrong, or None where it can tell nothing.
"""

import math
import re
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from itertools import combinations
from typing import Final, Literal, NamedTuple

from agents.checks.measures import FROM_TO, PLAIN, Change, Dimension, Measure, dimension_of
from agents.checks.quantities import Known, find_quantities, named_elsewhere, quantity_of
from agents.checks.ranges import called_in, foreign_units, out_of_range
from agents.checks.text import Text, content_stems, sentences
from agents.data_files import read_data
from agents.schema import Check
from tools.strict import Strict

LIGHT: Final = 299_792_458.0
FARTHEST: Final = 1e3
"""Ratio of two values of one quantity in one text, beyond its own ranges, that is not plausible."""
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
_DENIED: Final = re.compile(
    r"\b(?:cannot|never|nor|without|unable|(?:can|do|does|may|must|will|would|could) not)\b|n't\b"
)
_CHANGED: Final = re.compile(
    r"\b(?:chang\w+|shift\w*|gain\w*|ris(?:e|es|ing)|fall\w*|drop\w*|loss\w*|differ\w*|increas\w+|decreas\w+|improv\w+|grow\w*"
    r"|reduc\w+|variation|spread|error|uncertaint\w+)\b",
    re.IGNORECASE,
)
_APART: Final = re.compile(
    r"\b(?:for|at|in|with|over|during|within|by|spectr\w+|measurements?|scans?|data|images?|maps?)\b"
)
_FACTORS: Final = {
    "halv": 2.0,
    "doubl": 2.0,
    "tripl": 3.0,
    "quadrupl": 4.0,
    "tenfold": 10.0,
    "hundredfold": 100.0,
    "twofold": 2.0,
    "threefold": 3.0,
    "fourfold": 4.0,
    "fivefold": 5.0,
    "thousandfold": 1000.0,
}
_FACTOR: Final = re.compile(
    r"\bby a factor of (?:about |some |roughly )?(\d+(?:\.\d+)?)|\b(" + "|".join(_FACTORS) + r")\w*",
    re.IGNORECASE,
)
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
    known: Known
    measure: Measure
    difference: bool


class Rule(Strict):
    """What a law forbids, as words."""

    kind: Literal["symmetry", "conservation"]
    law: str
    source: str
    of: str
    says: str
    unless: str

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
        """Return what it says, of what, and unless, compiled."""
        return re.compile(self.says), re.compile(self.of), re.compile(self.unless)


class Rules(Strict):
    sources: dict[str, str]
    rules: list[Rule]


@cache
def forbidden() -> Rules:
    return Rules.model_validate(read_data("forbidden.yaml"))


def attached(text: Text) -> list[Attached]:
    """Return the numbers whose quantity is in the table: changes, thresholds, "a gap of 2 eV"."""
    found: list[Attached] = []
    for changes in text.changes.values():
        for change in changes:
            called = called_in(text, change)
            mention = quantity_of(called) or named_elsewhere(called, text.whole)
            if mention:
                found += [
                    Attached(mention.name, mention.known, one, False) for one in (change.first, change.last)
                ]
    for name, part in text.parts.items():
        for sentence in sentences(part):
            found += _in_sentence(sentence)
        if name == "falsifier":
            for limit in text.limits:
                clause = re.split(
                    r"[,;:.]|(?<!\w)\d\S*\s+\S+\s+\w+|(?<!\w)\d\S*|\b(?:if|when|while|and|or)\b", limit.before
                )[-1]
                mentions = find_quantities(clause)
                if mentions and not _APART.search(clause[mentions[-1].end :]):
                    mention = mentions[-1]
                    found.append(
                        Attached(mention.name, mention.known, limit.measure, bool(_CHANGED.search(clause)))
                    )
    for claim in text.claims:
        found += _of_claim(claim.cause, claim.cause_unit) + _of_claim(claim.response, claim.response_unit)
    return found


def units_fit(text: Text) -> Check | None:
    """Whether numbers have units of the quantities they are of, and one quantity keeps its unit."""
    told = [one for one in attached(text) if one.measure.dimension != PLAIN]
    wrong = (
        [f"{one.name} in {one.measure.unit}" for one in told if not one.known.fits(one.measure)]
        + list(_mixed(text))
        + list(_foreign_limits(text))
        + list(foreign_units(text))
        + list(_response_in_other_units(text))
    )
    fitting = sorted({f"{one.name} in {one.measure.unit}" for one in told if one.known.fits(one.measure)})
    return _judge("units fit", wrong, fitting)


def magnitudes_plausible(text: Text) -> Check | None:
    """Whether numbers lie where their quantities do, and one text keeps to one order of magnitude."""
    told = [
        one for one in attached(text) if not math.isnan(one.measure.value)
    ]  # a claim's unit has no number
    wrong = [
        f"{one.name} of {one.measure.value:g} {_unit(one.measure)}, which lies outside {one.known.limits}"
        for one in told
        if not one.difference and not one.known.holds(one.measure)
    ]
    wrong += list(out_of_range(text))
    wrong += _too_fast(text) + _too_cold(text) + _too_much(text) + list(_far_apart(text))
    right = sorted({f"{one.name} of {one.measure.value:g} {_unit(one.measure)}" for one in told})
    return _judge("magnitudes plausible", wrong, right)


def numbers_as_said(text: Text) -> Check | None:
    """Whether "raises", "halves" and "tenfold" agree with the numbers beside them."""
    wrong, right = [], []
    for part in text.parts.values():
        for sentence in sentences(part):
            for change in _changes_of(sentence, text):
                ends = f"from {change.first.value:g} to {change.last.value:g} {_unit(change.last)}"
                told = f"{change.verb or change.phrase} {ends}"
                problem = _against_verb(change) or _against_factor(change, sentence)
                if problem:
                    wrong.append(f"{told}{problem}")
                elif change.said:
                    right.append(told)
    return _judge("numbers agree with words", wrong, right)


def laws_kept(text: Text) -> list[Check]:
    """What symmetry and conservation forbid; nothing is said of a text that breaks no rule."""
    broken: dict[str, list[str]] = {}
    for part in text.parts.values():
        said = sentences(part)
        for before, sentence in zip(["", *said], said, strict=False):
            for rule in forbidden().rules:
                near = sentence if rule.of == "." else f"{before} {sentence}"
                here, around = sentence.lower(), near.lower()
                says, of, unless = rule.patterns
                match = says.search(here)
                if match is None or _DENIED.search(match.group()) or not of.search(around):
                    continue
                if not unless.search(_rest(here, rule)):
                    broken.setdefault(rule.kind, []).append(
                        f"{rule.law} ({forbidden().sources[rule.source]})"
                    )
    return [
        Check(name=f"{kind} kept", mark=0.0, how=f"against: {'; '.join(dict.fromkeys(laws))}", of="physics")
        for kind, laws in sorted(broken.items())
    ]


def _rest(sentence: str, rule: Rule) -> str:
    """Return a sentence without the words that a rule knows it by: exceptions stand in the rest."""
    without = re.sub(rule.says, " ", sentence)
    return without if rule.of == "." else re.sub(rule.of, " ", without)


def _in_sentence(sentence: str) -> Iterator[Attached]:
    from agents.checks.measures import find_measures

    mentions, ranges = find_quantities(sentence), [one.span() for one in FROM_TO.finditer(sentence)]
    for measure in find_measures(sentence):
        if any(start <= measure.start < end for start, end in ranges):
            continue  # a change, which is read by its verb
        if not _AFTER_VALUE.match(sentence[measure.end :]):
            continue  # "the speed of 10 µm grains"
        near = [one for one in mentions if one.end <= measure.start]
        joint = sentence[near[-1].end : measure.start] if near else ""
        if near and _WHERE.search(joint) and not near[-1].known.fits(measure):
            continue  # "the density above 500 km"
        if near and _OF_NUMBER.match(joint):
            before = sentence[: near[-1].start][-30:]
            rising = re.search(r"\b(?:rises|falls|grows|shift|by)\b[^,;]*$", joint)
            yield Attached(near[-1].name, near[-1].known, measure, bool(_CHANGED.search(before) or rising))


def _of_claim(phrase: str, unit: str | None) -> list[Attached]:
    mention = quantity_of(phrase)
    dimension = dimension_of(unit) if unit else None
    if mention is None or dimension is None or unit is None:
        return []
    return [Attached(mention.name, mention.known, Measure(math.nan, unit, dimension, math.nan, 0, 0), True)]


def _mixed(text: Text) -> Iterator[str]:
    """Yield changes whose two ends, or two changes of one thing whose numbers, have other dimensions."""
    changes = [change for part in text.changes.values() for change in part]
    for change in changes:
        if _clash(change.first, change.last):
            yield f"from {change.first.unit} to {change.last.unit}"
    for one, other in combinations(changes, 2):
        if _clash(one.last, other.last) and _same_thing(one.phrase, other.phrase):
            yield f"{other.phrase.strip()} in {one.last.unit} and in {other.last.unit}"


def _foreign_limits(text: Text) -> Iterator[str]:
    """Yield thresholds in a unit that nothing else in the text has."""
    others = [
        one
        for name in ("statement", "mechanism", "prediction")
        for one in text.measures[name]
        if one.dimension != PLAIN
    ]
    first = text.limits[0].measure if text.limits else None
    if first and others and first.dimension != PLAIN and all(_clash(first, one) for one in others):
        yield f"falsified by a number in {first.unit}, which nothing predicted has"


def _response_in_other_units(text: Text) -> Iterator[str]:
    """Yield a threshold for the claimed response in a unit of another kind than what is predicted of it."""
    response = content_stems(text.stated.response) if text.stated else frozenset[str]()
    if not response:
        return
    predicted = [one for one in text.changes["prediction"] if response <= content_stems(one.phrase)]
    for limit in text.limits:
        clause = re.split(r"[,;:.]|\d\S*|\b(?:if|when|while|and|or|at|for|in|with|over|by)\b", limit.before)[
            -1
        ]
        if response <= content_stems(clause):
            for change in predicted:
                if _clash(change.last, limit.measure):
                    unit = limit.measure.unit
                    yield f"{change.phrase.strip()} predicted in {change.last.unit} and refuted in {unit}"


def _clash(one: Measure, other: Measure) -> bool:
    if PLAIN in (one.dimension, other.dimension):
        return False
    return one.dimension != other.dimension and not _equivalent(one.dimension, other.dimension)


@cache
def _equivalent(one: Dimension, other: Dimension) -> bool:
    """Tell whether physicists give one quantity in both: energies in eV, K, Hz, 1/cm, nm, J/mol."""
    units = ("eV", "K", "Hz", "1/cm", "nm", "J/mol", "kg")
    spectral = {dimension_of(unit) for unit in units}
    return one in spectral and other in spectral and dimension_of("eV") in (one, other)


def _same_thing(one: str, other: str) -> bool:
    """Tell whether two phrases name one thing: the same head and no other table quantity."""
    first, second = quantity_of(one), quantity_of(other)
    if first and second:
        return first.known is second.known and bool(content_stems(one) & content_stems(other))
    shared = content_stems(one) & content_stems(other)
    return bool(shared) and len(shared) >= 0.5 * min(len(content_stems(one)), len(content_stems(other)))


def _too_fast(text: Text) -> list[str]:
    speed = dimension_of("m/s")
    return [
        f"{one.value:g} {one.unit}, which is faster than light"
        for part, name in ((part, name) for name, part in text.parts.items())
        for one in text.measures[name]
        if one.dimension == speed
        and abs(one.si) > 1.001 * LIGHT
        and not _PHASE.search(part[: one.start][-40:])
    ]


def _too_cold(text: Text) -> list[str]:
    kelvin = dimension_of("K")
    return [
        f"{one.value:g} {one.unit}, which is below absolute zero"
        for name in text.parts
        for one in text.measures[name]
        if one.dimension == kelvin and "°" in one.unit and one.si < 0
    ]


def _too_much(text: Text) -> list[str]:
    """Return shares of a whole, or of a saturation value, above one."""
    return [
        f"{one.value:g} {_unit(one)} of its whole".replace("  ", " ")
        for name, part in text.parts.items()
        for one in text.measures[name]
        if one.dimension == PLAIN and one.si > 1 and _WHOLE.match(part[one.end :])
    ]


def _far_apart(text: Text) -> Iterator[str]:
    """Yield values of one quantity in prediction or falsifier that lie far from those of the other parts."""
    found: list[tuple[str, str, Measure]] = [
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
        if where != there and one.dimension == two.dimension and _same_thing(phrase, other):
            ratio = max(one.si / two.si, two.si / one.si)
            if ratio > FARTHEST * _span(found, where, one.dimension) * _span(found, there, one.dimension):
                here = f"{one.value:g} {one.unit} in the {where}"
                yield f"{phrase.strip()} of {here}, {two.value:g} {two.unit} in the {there}"
                return


def _span(found: Sequence[tuple[str, str, Measure]], where: str, dimension: Dimension) -> float:
    sizes = [one.si for place, _, one in found if place == where and one.dimension == dimension]
    return max(sizes) / min(sizes)


def _changes_of(sentence: str, text: Text) -> list[Change]:
    del text
    from agents.checks.measures import find_changes

    return find_changes(sentence)


def _against_verb(change: Change) -> str:
    if not change.said or change.first.si < 0 or change.last.si < 0:
        return ""
    return "" if change.said == change.sign else ", which is the other way"


def _against_factor(change: Change, sentence: str) -> str:
    """Say where "tenfold" or "halves" stands right before numbers that say otherwise."""
    first, last = abs(change.first.value), abs(change.last.value)
    if change.first.unit != change.last.unit or not first or not last:
        return ""
    clause = re.split(r"[;:.]", sentence[: change.start])[-1][-60:]
    matches = list(_FACTOR.finditer(clause))
    if not matches or re.search(r"\b(?:and|while|when|if)\b", clause[matches[-1].end() :]):
        return ""
    said = matches[-1]
    factor = float(said[1]) if said[1] else _FACTORS[said[2].lower()]
    grown = last / first
    if said[2] and said[2].lower() == "halv":
        grown = 1 / grown
    elif said[2] and said[2].lower() in ("doubl", "tripl", "quadrupl"):
        pass
    else:
        grown = max(grown, 1 / grown)
    return "" if factor / 1.7 < grown < factor * 1.7 else f", which is no factor of {factor:g}"


def _judge(name: str, wrong: Sequence[str], right: Sequence[str]) -> Check | None:
    if wrong:
        return Check(name=name, mark=0.0, how=f"wrong: {'; '.join(dict.fromkeys(wrong))}", of="physics")
    if right:
        return Check(
            name=name, mark=1.0, how=f"as they should be: {'; '.join(dict.fromkeys(right[:4]))}", of="physics"
        )
    return None


def _unit(measure: Measure) -> str:
    return "" if measure.unit == "1" else measure.unit
