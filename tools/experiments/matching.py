"""Which instrument could test a claim: a shortlist by names, units and meaning, and the rule's own choice."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from tools.experiments.errors import BadClaim
from tools.experiments.language import NUMBER, UNIT, read_number
from tools.experiments.lexicon import InstrumentLexicon, build, hinted, stem_list, stem_set
from tools.experiments.planning import check_held, find_parameter
from tools.experiments.schema import ClaimLine, InstrumentMatch, Shortlist, TypedClaim, ValueWithUnit
from tools.experiments.scoring import (
    FEATURES,
    CandidatePair,
    ClaimWords,
    find_candidates,
    score_fields,
    score_sentence,
)
from tools.experiments.units import convert, convert_figure
from tools.experiments.values import cut_range
from tools.experiments.wording import find_held
from tools.instruments.contract import Choice, Instrument, Parameter, Setting

Embed = Callable[[Sequence[str]], Any]
"""Texts to unit vectors, one a row (n, d): handed in by whoever has an embedder."""

LONGEST: Final = 8
"""Matches of a shortlist."""
MOST_EACH: Final = 3
"""Of one instrument."""
ENOUGH: Final = 0.52
"""Score from which the rule itself chooses, where cause and response are fields."""
LIKELY: Final = 0.5
"""Probability from which it does so for a sentence."""
FAMILIAR: Final = 0.2
"""Probability of "none of them" below which several pairs share what speaks for one thing."""
SHARED: Final = 0.45
"""Probability from which the rule chooses then."""
UNNAMED: Final = 0.8
"""Probability from which it does so for a pair whose cause the sentence does not name."""
NAMES_CAUSE: Final = FEATURES.index("cause_anywhere")
UNKNOWN: Final = 0.2
"""What a score loses where the instrument knows nothing of what the claim holds fixed."""
IGNORED: Final = 0.4
"""What it loses where a sentence holds something fixed that the instrument does not have: at a fixed
temperature the speed of sound does not depend on pressure, at a fixed density it does."""
UNREACHED: Final = 0.1
"""What it loses where the claim's range or a value that it holds fixed lies outside the instrument's."""


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
    near = find_meaning(claim, lexicon, embed) if embed else {}
    candidates = find_candidates(read_words(claim, typed=typed), lexicon, near)
    if typed:
        scores = [score_fields(one) for one in candidates]
        enough = ENOUGH
    else:
        scores = score_sentence(candidates, "words and meaning" if embed else "words")
        enough = SHARED if 1 - sum(scores) < FAMILIAR else LIKELY
    matches = _best_of_each(candidates, scores)
    best = _settled(matches[: 4 * LONGEST], {one.name: one for one in instruments}, claim, typed=typed)
    if best and not typed and not _names_cause(best[0], candidates):
        enough = UNNAMED
    if best and (best[0].score >= enough or claim.instrument):
        return Shortlist(matches=best, choice=best[0])
    return Shortlist(
        matches=best,
        choice=None,
        needs=f"an instrument for {_short(claim.system)} that varies {_short(claim.cause)} "
        f"and measures {_short(claim.response)}",
    )


def _best_of_each(candidates: Sequence[CandidatePair], scores: Sequence[float]) -> list[InstrumentMatch]:
    """Return matches, best first, with at most three of one instrument."""
    found: list[InstrumentMatch] = []
    seen: Counter[str] = Counter()
    for match in sorted(map(_match, candidates, scores), key=_rank):
        seen[match.instrument] += 1
        if seen[match.instrument] <= MOST_EACH:
            found.append(match)
    return found


def _match(one: CandidatePair, score: float) -> InstrumentMatch:
    return InstrumentMatch(
        instrument=one.entry.instrument.name,
        cause=one.cause.name,
        response=one.response.name,
        score=round(score, 4),
        reason=f"cause {one.cause.of.label}, response {one.response.of.label}, score {score:.2f}",
    )


def _names_cause(match: InstrumentMatch, candidates: Sequence[CandidatePair]) -> bool:
    """Tell whether the sentence names the cause of the pair that fits it best."""
    pair = match.instrument, match.cause, match.response
    return any(
        one.features[NAMES_CAUSE] > 0
        for one in candidates
        if (one.entry.instrument.name, one.cause.name, one.response.name) == pair
    )


def _rank(match: InstrumentMatch) -> tuple[float, str, str, str]:
    return -match.score, match.instrument, match.cause, match.response


def _settled(
    matches: Sequence[InstrumentMatch], tools: Mapping[str, Instrument], claim: TypedClaim, *, typed: bool
) -> list[InstrumentMatch]:
    """Return the best with the settings that the claim names; one that knows more of them stands higher.

    Raises BadClaim where the units of what is held do not fit the best of them.
    """
    said = [] if typed else find_held(claim.statement or "")
    found: list[InstrumentMatch] = []
    refused: BadClaim | None = None
    for match in matches:
        instrument = tools[match.instrument]
        try:
            settings = read_settings(instrument, match.cause, claim)
        except BadClaim as error:
            refused = refused or (None if found else error)
            continue
        reached = _is_reached(instrument, match.cause, claim, settings)
        kept = _keep(instrument, claim, said) * (1 - UNREACHED * (not reached))
        score = round(match.score * kept, 4)
        found.append(match.model_copy(update={"settings": settings, "score": score}))
    if refused and (not found or found[0].score < ENOUGH):
        raise refused
    return sorted(found, key=_rank)[:LONGEST]


def _keep(instrument: Instrument, claim: TypedClaim, said: Sequence[str]) -> float:
    """Return what a score keeps where the instrument does not know all that the claim holds fixed.

    `said`: what the sentence says to be held, beside the claim's own fields.
    """
    fixed = claim.fixed
    known = sum(bool(_fix(instrument, name, held)) for name, held in fixed.items())
    share = known / len(fixed) if fixed else 1.0
    ignored = any(not _knows(instrument, name) for name in said)
    return (1 - UNKNOWN * (1 - share)) * (1 - IGNORED * ignored)


def _knows(instrument: Instrument, name: str) -> bool:
    """Tell whether one of the instrument's parameters or choices is called so."""
    stems = stem_set(name)
    choices = (word for one in instrument.choices for word in (one.name.replace("_", " "), one.label))
    names = (word for one in instrument.parameters for word in (one.label, *one.words))
    return any(stems & stem_set(word) for word in (*names, *choices))


def _is_reached(
    instrument: Instrument, cause: str, claim: TypedClaim, settings: Mapping[str, Setting]
) -> bool:
    """Tell whether the claim's range and what it holds fixed lie where the instrument is valid."""
    varied = find_parameter(instrument, cause)
    try:
        if varied is not None:
            cut_range(claim, varied)
        check_held(instrument, {name: value for name, value in settings.items() if name != cause})
    except BadClaim:
        return False
    return True


def is_typed(line: ClaimLine) -> bool:
    return line.cause is not None and line.response is not None


def read_words(claim: TypedClaim, *, typed: bool) -> ClaimWords:
    """Return the stems of a claim's cause, response and of all that it says."""
    said = " ".join((claim.system, claim.cause, claim.response, claim.statement or "", _held(claim)))
    return ClaimWords(
        hinted(claim.cause),
        hinted(claim.response),
        hinted(said),
        claim.cause_unit,
        claim.response_unit,
        typed,
    )


def _held(claim: TypedClaim) -> str:
    return " ".join(f"{name} {value}" for name, value in claim.fixed.items() if isinstance(value, str))


def read_settings(instrument: Instrument, cause: str, claim: TypedClaim) -> dict[str, Setting]:
    """Return the choices and values of other parameters that the claim names, in declared units."""
    text = f"{claim.system}. {claim.statement or ''}. {_held(claim)}"
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


def _fix(instrument: Instrument, name: str, held: ValueWithUnit | str) -> dict[str, Setting]:
    """Return what a field of `fixed` sets; nothing where the instrument has no such quantity."""
    for choice in instrument.choices:
        if isinstance(held, str) and _called(name, choice.name, choice.label):
            value = held if held in choice.values else _choose(choice, held)
            return {} if value is None else {choice.name: value}
    stems = stem_set(name)
    for parameter in instrument.parameters:
        names = (parameter.label, parameter.name.replace("_", " "), *parameter.words)
        if isinstance(held, ValueWithUnit) and (
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
    names = sorted({parameter.label, parameter.name, *parameter.words}, key=len, reverse=True)
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


def find_meaning(claim: TypedClaim, lexicon: InstrumentLexicon, embed: Embed) -> dict[str, float]:
    """Return by instrument the cosine between its title and systems and what the claim says."""
    texts = tuple(describe_systems(entry.instrument) for entry in lexicon.entries)
    said = embed([claim.statement or f"{claim.system}: {claim.response} and {claim.cause}"])[0]
    cosines = _vectors(embed, texts) @ said
    return {
        entry.instrument.name: float(cosine) for entry, cosine in zip(lexicon.entries, cosines, strict=True)
    }


def describe_systems(instrument: Instrument) -> str:
    """Return what of an instrument is compared with a claim. The vectors of these texts ship."""
    return f"{instrument.title}. {', '.join(instrument.systems)}"


@lru_cache(maxsize=4)
def _vectors(embed: Embed, texts: tuple[str, ...]) -> Any:  # noqa: ANN401 - an array of numpy's
    return embed(texts)


def _short(text: str) -> str:
    text = text.rstrip(" .")
    return text if len(text) <= 80 else f"{text[:79]}…"  # noqa: PLR2004 - a line
