"""Which instrument could test a claim: a scored shortlist by names and units, and the rule's own choice."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tools.experiments.language import NUMBER, UNIT, read_number
from tools.experiments.lexicon import Entry, Lexicon, Quantity, build, hinted, stem_list, stem_set
from tools.experiments.schema import ClaimLine, Figure, Match, Shortlist, TypedClaim
from tools.experiments.units import BadClaim, agree, convert, convert_figure
from tools.instruments.contract import Choice, Instrument, Parameter, Setting

Embed = Callable[[Sequence[str]], Any]
"""Texts to unit vectors, one a row (n, d): handed in by whoever has an embedder."""

LONGEST: Final = 8
"""Matches of a shortlist."""
NAMED: Final = 0.25
"""How well cause and response must be named, each."""
ENOUGH: Final = 0.44
"""Score from which the rule itself chooses."""
WRONG_UNIT: Final = 0.6
"""What remains of a name whose unit has another dimension."""


SIDE: Final = 0.35
"""Weight of the words beside the relation; the rest of a sentence has the remainder."""
UNKNOWN: Final = 0.2
"""What a score loses where the instrument knows nothing of what the claim holds fixed."""


@dataclass(frozen=True)
class Wanted:
    """What a claim says, as matching reads it."""

    claim: TypedClaim
    cause: frozenset[str]
    response: frozenset[str]
    whole: frozenset[str]
    text: str
    typed: bool
    """Whether cause and response were given as fields, and not read from a sentence."""


def shortlist(
    claim: TypedClaim,
    instruments: Sequence[Instrument],
    *,
    typed: bool = True,
    embed: Embed | None = None,
) -> Shortlist:
    """Return what could test the claim, best first, and the rule's choice or what it would take.

    `typed`: cause and response are quantities, not parts of a sentence. Raises BadClaim for an instrument
    asked for by a name that there is not.
    """
    if claim.instrument is not None:
        instruments = [one for one in instruments if one.name == claim.instrument]
        if not instruments:
            raise BadClaim(f"no instrument is called {claim.instrument!r}: `hypofind instruments` lists them")
    lexicon = build(tuple(instruments))
    wanted = _read(claim, typed=typed)
    near = _nearness(wanted, lexicon, embed) if embed else {}
    matches = [
        match
        for entry in lexicon.entries
        for match in _match(entry, wanted, lexicon, near.get(entry.instrument.name, 0.0))
    ]
    best = _settled(sorted(matches, key=_rank)[: 4 * LONGEST], {one.name: one for one in instruments}, wanted)
    if best and (best[0].score >= ENOUGH or claim.instrument):
        return Shortlist(matches=best, choice=best[0])
    return Shortlist(
        matches=best,
        choice=None,
        needs=f"an instrument for {_short(claim.system)} that varies {_short(claim.cause)} "
        f"and measures {_short(claim.response)}",
    )


def _rank(match: Match) -> tuple[float, str, str, str]:
    return -match.score, match.instrument, match.cause, match.response


def _settled(matches: Sequence[Match], tools: Mapping[str, Instrument], wanted: Wanted) -> list[Match]:
    """Return the best with the settings that the claim names; one that knows more of them stands higher.

    Raises BadClaim where the units of what is held fit none of them.
    """
    found, refused = [], None
    for match in matches:
        instrument = tools[match.instrument]
        try:
            settings = read_settings(instrument, match.cause, wanted.claim, wanted.text)
        except BadClaim as error:
            refused = refused or error
            continue
        fixed = wanted.claim.fixed
        known = sum(bool(_fix(instrument, name, held)) for name, held in fixed.items())
        share = known / len(fixed) if fixed else 1.0
        score = round(match.score * (1 - UNKNOWN * (1 - share)), 4)
        found.append(match.model_copy(update={"settings": settings, "score": score}))
    if refused and not found:
        raise refused
    return sorted(found, key=_rank)[:LONGEST]


def is_typed(line: ClaimLine) -> bool:
    return line.cause is not None and line.response is not None


def _read(claim: TypedClaim, *, typed: bool) -> Wanted:
    said = " ".join((claim.system, claim.cause, claim.response, claim.statement or ""))
    held = " ".join(f"{name} {value}" for name, value in claim.fixed.items() if isinstance(value, str))
    return Wanted(
        claim,
        hinted(claim.cause),
        hinted(claim.response),
        hinted(f"{said} {held}"),
        f"{claim.system}. {claim.statement or ''}. {held}",
        typed,
    )


def _match(entry: Entry, wanted: Wanted, lexicon: Lexicon, near: float) -> list[Match]:
    causes = [
        (q, _name_score(q, wanted, wanted.cause, wanted.claim.cause_unit, lexicon)) for q in entry.causes
    ]
    responses = [
        (q, _name_score(q, wanted, wanted.response, wanted.claim.response_unit, lexicon))
        for q in entry.responses
    ]
    causes, responses = ([(q, s) for q, s in some if s >= NAMED / 2] for some in (causes, responses))
    if not causes or not responses:
        return []
    system = max(lexicon.named(entry.systems, wanted.whole), near)
    like = lexicon.alike(entry, wanted.whole)
    found = []
    for cause, c in causes:
        for response, r in responses:
            if cause.name == response.name:
                continue
            score = (0.25 * (c + r) + 0.1 * system + 0.4 * like) * min(1.0, min(c, r) / NAMED)
            reason = (
                f"cause {cause.of.label} ({c:.2f}), response {response.of.label} ({r:.2f}), "
                f"system {system:.2f}, words {like:.2f}"
            )
            found.append(
                Match(
                    instrument=entry.instrument.name,
                    cause=cause.name,
                    response=response.name,
                    score=round(min(score, 1.0), 4),
                    reason=reason,
                )
            )
    found.sort(key=lambda match: -match.score)
    return found[:3]


def _name_score(
    quantity: Quantity, wanted: Wanted, side: frozenset[str], unit: str | None, lexicon: Lexicon
) -> float:
    """Return how well the claim's side names the quantity; of a sentence, the whole counts for half."""
    score = lexicon.named(quantity.phrases, side)
    if not wanted.typed:
        score = SIDE * score + (1 - SIDE) * lexicon.named(quantity.phrases, wanted.whole)
    if unit and not agree(unit, quantity.of.unit):
        score *= WRONG_UNIT
    return score


def read_settings(instrument: Instrument, cause: str, claim: TypedClaim, text: str) -> dict[str, Setting]:
    """Return the choices and values of other parameters that the claim names, in declared units."""
    found: dict[str, Setting] = {}
    for choice in instrument.choices:
        value = _choose(choice, text)
        if value is not None:
            found[choice.name] = value
    for parameter in instrument.parameters:
        number = _value_in(parameter, text) if parameter.name != cause else None
        if number is not None:
            found[parameter.name] = number
    for name, held in claim.fixed.items():
        found |= _fix(instrument, name, held)
    return {name: value for name, value in found.items() if name != cause}


def _fix(instrument: Instrument, name: str, held: Figure | str) -> dict[str, Setting]:
    """Return what a field of `fixed` sets; nothing where the instrument has no such quantity."""
    for choice in instrument.choices:
        if isinstance(held, str) and _called(name, choice.name, choice.label):
            value = held if held in choice.values else _choose(choice, held)
            return {} if value is None else {choice.name: value}
    stems = stem_set(name)
    for parameter in instrument.parameters:
        names = (parameter.label, parameter.name.replace("_", " "), *parameter.words)
        if isinstance(held, Figure) and (
            name == parameter.symbol or any(stem_set(n) == stems for n in names)
        ):
            number = held.value if held.unit == "1" else convert_figure(held, parameter.unit)
            return {parameter.name: number}
    return {}


def _called(name: str, *names: str) -> bool:
    return any(stem_set(name) == stem_set(one.replace("_", " ")) for one in names) or name in names


def _choose(choice: Choice, text: str) -> str | None:
    """Return the value whose longest name the text holds."""
    stems = f" {' '.join(stem_list(text))} "
    best: tuple[int, str | None] = (0, None)
    for value in choice.values:
        for name in (value.replace("_", " "), *choice.words.get(value, ())):
            phrase = " ".join(stem_list(name))
            if phrase and f" {phrase} " in stems and len(phrase) > best[0]:
                best = (len(phrase), value)
    return best[1]


def _value_in(parameter: Parameter, text: str) -> float | None:
    """Return the value that the text gives a parameter ("at a field of 2 T", "with 6 neighbours")."""
    names = sorted({parameter.label, *parameter.words}, key=len, reverse=True)
    name = "|".join(re.escape(one) for one in names)
    symbol = re.escape(parameter.symbol)
    given = rf"\b(?:{name})s?\s*(?:=|of|is|at|:|equal to)?|(?<!\w){symbol}\s*="
    after = rf"(?:{given})\s*({NUMBER})\s*({UNIT})"
    for pattern in (after, rf"({NUMBER})()\s+(?:{name})s?\b"):
        match = re.search(pattern, text, re.IGNORECASE if pattern is not after else 0)
        if match:
            value = _in_unit(match.group(1), match.group(2), parameter)
            if value is not None and parameter.low <= value <= parameter.high:
                return value
    return None


def _in_unit(number: str, unit: str, parameter: Parameter) -> float | None:
    try:
        return convert(read_number(number), unit, parameter.unit) if unit else read_number(number)
    except (BadClaim, ValueError):
        return read_number(number) if parameter.unit == "1" else None


def _nearness(wanted: Wanted, lexicon: Lexicon, embed: Embed) -> dict[str, float]:
    """Return by instrument how near the claim's meaning is, from 0 to 1."""
    texts = [f"{entry.instrument.title}. {entry.instrument.purpose}" for entry in lexicon.entries]
    vectors = embed([wanted.claim.statement or wanted.text, *texts])
    cosines = vectors[1:] @ vectors[0]
    return {
        entry.instrument.name: float(min(max((cosine - 0.3) / 0.5, 0.0), 1.0))
        for entry, cosine in zip(lexicon.entries, cosines, strict=True)
    }


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"  # noqa: PLR2004 - a line
