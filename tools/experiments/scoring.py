"""How likely a pair of quantities is what a claim means.

For a sentence: a conditional logit (McFadden 1974) over all pairs of cause and response that its words reach,
and the alternative that none of them is meant. `bench.matching_weights` fits its weights to the sentences of
`bench/data/claims` that are there for tuning; they stand in `data/matching.yaml`. Where cause and response
are given as fields their names say nearly all, and a fixed mixture is enough.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import Final, Literal, cast

import yaml

from tools.experiments.lexicon import InstrumentLexicon, LexiconEntry, LexiconQuantity
from tools.experiments.units import agree
from tools.instruments.contract import InstrumentKind

FEATURES: Final = (
    "cause_beside",  # how well the words on the cause's side of the relation name it
    "cause_anywhere",  # how well the whole claim names the cause
    "response_beside",
    "response_anywhere",
    "weaker_name",  # the smaller of the two, as both must be meant
    "system",  # how well the claim names what the instrument stands for
    "alike",  # share of the claim's information that the instrument's words hold
    "covered",  # share of it that the names of the two quantities hold
    "subject",  # whether the response is what a law is written for; a simulation has only such responses
    "meaning",  # cosine between the claim and the instrument; 0 without an embedder
)
Reader = Literal["words", "words and meaning"]
"""Without or with an embedder."""
NAMED: Final = 0.25
"""How well cause and response must be named where they are fields, each."""
SIDE: Final = 0.35
"""Weight of the words beside the relation in `weaker_name`; the rest of a sentence has the remainder."""
WRONG_UNIT: Final = 0.6
"""What remains of a name whose unit has another dimension."""
FLOOR: Final = 0.3
SPAN: Final = 0.5
"""Of cosines between a claim and an instrument: where nearness begins, and over how much it grows."""
STRONG: Final = 0.45
"""System named or meant from which an instrument is looked at though the words miss its quantities."""


@dataclass(frozen=True)
class ClaimWords:
    """The stems of a claim: those of its two sides, and of all of it."""

    cause: frozenset[str]
    response: frozenset[str]
    whole: frozenset[str]
    cause_unit: str | None = None
    response_unit: str | None = None
    typed: bool = False
    """Whether cause and response were given as fields: then their names alone count."""


@dataclass(frozen=True)
class CandidatePair:
    """A pair of quantities of an instrument, and what speaks for it."""

    entry: LexiconEntry
    cause: LexiconQuantity
    response: LexiconQuantity
    features: tuple[float, ...]


@dataclass(frozen=True)
class NamedQuantity:
    """A quantity, and how well the claim names it beside the relation and anywhere."""

    quantity: LexiconQuantity
    beside: float
    anywhere: float


def find_candidates(
    words: ClaimWords, lexicon: InstrumentLexicon, meaning: Mapping[str, float]
) -> list[CandidatePair]:
    """Return every pair that the claim's words reach. `meaning`: cosines by instrument, or nothing."""
    found: list[CandidatePair] = []
    for entry in lexicon.entries:
        alike = lexicon.alike(entry, words.whole)
        near = meaning.get(entry.instrument.name, 0.0)
        if alike or near >= STRONG:
            found += _pairs(entry, words, lexicon, alike, near)
    return found


def _pairs(
    entry: LexiconEntry, words: ClaimWords, lexicon: InstrumentLexicon, alike: float, near: float
) -> list[CandidatePair]:
    system = lexicon.named(entry.systems, words.whole)
    strong = not words.typed and max(system, near) >= STRONG
    causes = _named(entry.causes, words.cause, words.cause_unit, words, lexicon)
    responses = _named(entry.responses, words.response, words.response_unit, words, lexicon)
    total = lexicon.weigh(words.whole) or 1.0
    law = entry.instrument.kind is InstrumentKind.FORMULA
    subject = entry.instrument.parameters[0].name if law else None
    found = []
    for cause in causes:
        for response in responses:
            reached = (cause.beside + cause.anywhere) * (response.beside + response.anywhere) > 0
            if cause.quantity.name == response.quantity.name or not (reached or strong):
                continue
            features = (
                cause.beside,
                cause.anywhere,
                response.beside,
                response.anywhere,
                min(SIDE * one.beside + (1 - SIDE) * one.anywhere for one in (cause, response)),
                system,
                alike,
                lexicon.weigh((cause.quantity.stems | response.quantity.stems) & words.whole) / total,
                float(not law or response.quantity.name == subject),
                near,
            )
            found.append(CandidatePair(entry, cause.quantity, response.quantity, features))
    return found


def _named(
    quantities: Sequence[LexiconQuantity],
    side: frozenset[str],
    unit: str | None,
    words: ClaimWords,
    lexicon: InstrumentLexicon,
) -> list[NamedQuantity]:
    found = []
    for one in quantities:
        beside = lexicon.named(one.phrases, side)
        anywhere = beside if words.typed else lexicon.named(one.phrases, words.whole)
        share = 1.0 if unit is None or agree(unit, one.of.unit) else WRONG_UNIT
        found.append(NamedQuantity(one, share * beside, share * anywhere))
    return found


def score_fields(one: CandidatePair) -> float:
    """Return from 0 to 1 how well a pair fits a claim whose cause and response are fields."""
    features = dict(zip(FEATURES, one.features, strict=True))
    cause, response = features["cause_beside"], features["response_beside"]
    system = max(features["system"], min(max((features["meaning"] - FLOOR) / SPAN, 0.0), 1.0))
    score = 0.25 * (cause + response) + 0.1 * system + 0.4 * features["alike"]
    return min(score * min(1.0, min(cause, response) / NAMED), 1.0)


def score_sentence(candidates: Sequence[CandidatePair], reader: Reader) -> list[float]:
    """Return how likely each candidate is the one that is meant; what is missing to 1 is for none of them."""
    weights = _weights()[reader]
    heights = [
        exp(sum(weights[name] * value for name, value in zip(FEATURES, one.features, strict=True)))
        for one in candidates
    ]
    total = sum(heights) + exp(weights["none"])
    return [height / total for height in heights]


@cache
def _weights() -> dict[Reader, dict[str, float]]:
    text = (files(__package__) / "data" / "matching.yaml").read_text("utf-8")
    return cast("dict[Reader, dict[str, float]]", yaml.safe_load(text))
