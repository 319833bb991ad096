"""Measured properties: a name from a list, the number beside it in a unit that fits, and whose it is."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from pydantic import Field, TypeAdapter

from tools.reading.quantities import Amount, find_amounts, same_dimension
from tools.reading.schema import DraftValue
from tools.reading.tagger import load
from tools.reading.words import Sentence, kind, split_sentences, tokenise
from tools.strict import Strict

UNSURE: Final = frozenset("H B C N O F P S K V Y I W U D In As At He No Be Re RE Ln".split())  # noqa: SIM905
"""Symbols of elements that mostly mean something else: units, quantities, words."""
FARTHEST: Final = 160  # characters between a property's name and its number
_TEMPERATURE: Final = re.compile(r"\b(?:at|near|below|above|up to|around)\s+(?:about\s+)?$")
_ROOM: Final = re.compile(r"\b(?:room|ambient) temperature\b|\bRT\b")
_CLAUSE: Final = re.compile(r";|\bwhile\b|\bwhereas\b|\bbut\b")


class Property(Strict):
    """A property of materials, by the names that papers use."""

    name: str
    words: tuple[str, ...] = ()
    unit: str
    low: float | None = None
    high: float | None = None
    concept: str | None = Field(default=None, description="label of a PhySH concept")

    @property
    def pattern(self) -> re.Pattern[str]:
        return _pattern(self.name, self.words)


@cache
def _pattern(name: str, words: tuple[str, ...]) -> re.Pattern[str]:
    exact = [re.escape(word[1:]) for word in words if word.startswith("=")]
    loose = [re.escape(word) for word in (name, *words) if not word.startswith("=")]
    parts = [f"(?i:{'|'.join(sorted(loose, key=len, reverse=True))})", *exact]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(parts)})(?!\w)")


@cache
def properties() -> tuple[Property, ...]:
    """Return the shipped list."""
    import yaml

    text = files("tools.reading").joinpath("data", "properties.yaml").read_text(encoding="utf-8")
    return TypeAdapter(tuple[Property, ...]).validate_python(yaml.safe_load(text))


class NamedMaterial(NamedTuple):
    """A material that was named last, and where."""

    text: str
    start: int


class PropertyMention(NamedTuple):
    """A property named in a sentence, and where."""

    of: Property
    start: int
    end: int


def read_measurements(text: str) -> Iterator[list[DraftValue]]:
    """Yield a record for each number that belongs to a named property."""
    last: NamedMaterial | None = None
    for sentence in split_sentences(text):
        amounts = list(find_amounts(sentence.text))
        mentions = _mentions(sentence.text) if amounts else []
        named = _materials(sentence) if mentions or last is None else []
        for mention, amount in _pair(mentions, amounts, sentence.text):
            inside = [
                one for one in named if _same_clause(sentence.text, one.start - sentence.start, amount.start)
            ]
            yield list(
                _drafts(mention, amount, sentence, amounts, _nearest(inside or named, sentence, amount), last)
            )
        last = named[-1] if named else last


def _mentions(text: str) -> list[PropertyMention]:
    """Names of properties, the longest where they overlap."""
    found = [
        PropertyMention(one, m.start(), m.end()) for one in properties() for m in one.pattern.finditer(text)
    ]
    kept: list[PropertyMention] = []
    for mention in sorted(found, key=lambda one: one.start - one.end):
        if all(mention.end <= other.start or mention.start >= other.end for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda one: one.start)


def _pair(
    mentions: Sequence[PropertyMention], amounts: Sequence[Amount], text: str
) -> Iterator[tuple[PropertyMention, Amount]]:
    """Each amount with the nearest property whose unit it has; the name comes rather before it."""
    for amount in amounts:
        fitting = [
            (gap, mention) for mention in mentions
            if _fits(mention.of, amount, text) and (gap := _gap(mention, amount, text)) <= FARTHEST
        ]  # fmt: skip
        if fitting:
            yield min(fitting, key=lambda pair: pair[0])[1], amount


def _fits(prop: Property, amount: Amount, text: str) -> bool:
    if prop.unit == "1":
        return not amount.unit and text[amount.end : amount.end + 1] not in ("%", "°", "-")
    if prop.unit == "K" and amount.unit in ("K", "°C", "◦C", "ºC", "mK"):
        return not _TEMPERATURE.search(text[: amount.start]) or prop.name == "operating temperature"
    return bool(amount.unit) and same_dimension(amount.unit, prop.unit)


def _gap(mention: PropertyMention, amount: Amount, text: str) -> int:
    if amount.start >= mention.end:
        between = text[mention.end : amount.start]
        return len(between) + 60 * len(_CLAUSE.findall(between))
    return 2 * max(mention.start - amount.end, 0) + 200 * len(
        _CLAUSE.findall(text[amount.end : mention.start])
    )


def _materials(sentence: Sentence) -> list[NamedMaterial]:
    """What the tagger takes for materials, and the compounds that it misses; without any, elements."""
    spans = [(one.start, one.end) for one in load("materials").tag(sentence.text)]
    spans += [
        (one.start, one.end) for one in tokenise(sentence.text)
        if kind(one.text) == "formula" and not any(a < one.end and one.start < b for a, b in spans)
    ]  # fmt: skip
    spans = spans or [
        (one.start, one.end) for one in tokenise(sentence.text)
        if kind(one.text) == "name" or (kind(one.text) == "element" and one.text not in UNSURE)
    ]  # fmt: skip
    return [NamedMaterial(sentence.text[start:end], sentence.start + start) for start, end in sorted(spans)]


def _same_clause(text: str, one: int, other: int) -> bool:
    return not _CLAUSE.search(text[min(one, other) : max(one, other)])


def _nearest(named: Sequence[NamedMaterial], sentence: Sentence, amount: Amount) -> NamedMaterial | None:
    """The material before the number that is nearest, else the first behind it."""
    place = sentence.start + amount.start
    before = [one for one in named if one.start <= place]
    return before[-1] if before else named[0] if named else None


def _drafts(  # noqa: PLR0917 - all that a record is made of
    mention: PropertyMention,
    amount: Amount,
    sentence: Sentence,
    amounts: Sequence[Amount],
    named: NamedMaterial | None,
    last: NamedMaterial | None,
) -> Iterator[DraftValue]:
    whose = named or last
    if whose:
        yield DraftValue(
            path="material",
            value=whose.text,
            quote=whose.text,
            start=whose.start,
            inferred=named is None,
            note=None if named else "named in an earlier sentence",
        )
    word = sentence.text[mention.start : mention.end]
    same = word.casefold() == mention.of.name.casefold()
    yield DraftValue(
        path="property",
        value=mention.of.name,
        quote=word,
        start=sentence.start + mention.start,
        inferred=not same,
        note=None if same else f"{word} is read as {mention.of.name}",
    )
    quote, start = sentence.text[amount.start : amount.end].strip(), sentence.start + amount.start
    yield DraftValue(
        path="value", value=amount.value, unit=amount.unit or None, quote=quote, start=start,
        inferred=amount.is_range, impossible=_impossible(mention.of, amount),
        note="the middle of a range" if amount.is_range else None,
    )  # fmt: skip
    if amount.unit:
        yield DraftValue(path="unit", value=amount.unit, quote=quote, start=start)
    if amount.error is not None:
        yield DraftValue(
            path="uncertainty", value=amount.error, unit=amount.unit or None, quote=quote, start=start,
            inferred="±" not in quote, note="half of a range" if amount.is_range else None,
        )  # fmt: skip
    yield from _temperature(sentence, amounts, amount)


def _impossible(prop: Property, amount: Amount) -> str | None:
    from tools.reading.quantities import to_unit

    value = to_unit(amount.value, amount.unit, prop.unit)
    if prop.low is not None and value < prop.low:
        return f"impossible for {prop.name}: below {prop.low:g} {prop.unit}"
    if prop.high is not None and value > prop.high:
        return f"impossible for {prop.name}: above {prop.high:g} {prop.unit}"
    return None


def _temperature(sentence: Sentence, amounts: Sequence[Amount], own: Amount) -> Iterator[DraftValue]:
    """At which temperature: "at 300 K" in the sentence, or room temperature (298 K, inferred)."""
    for one in amounts:
        if (
            one is not own
            and one.unit in ("K", "°C", "◦C", "ºC", "mK")
            and _TEMPERATURE.search(sentence.text[: one.start])
        ):
            quote = sentence.text[one.start : one.end].strip()
            yield DraftValue(
                path="temperature",
                value=one.value,
                unit=one.unit,
                quote=quote,
                start=sentence.start + one.start,
            )
            return
    room = _ROOM.search(sentence.text)
    if room:
        yield DraftValue(
            path="temperature",
            value=298.0,
            unit="K",
            quote=room.group(),
            start=sentence.start + room.start(),
            inferred=True,
            note="room temperature is taken as 298 K",
        )
