"""How much a text says: quantities, numbers, a threshold that decides, a mechanism with content of its own.

Nothing here knows whether it is right (`physics`, `directions`) and no label earns a mark.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from rapidfuzz import fuzz

from agents.checks.echo import copied
from agents.checks.measures import PLAIN, Change, Limit
from agents.checks.phrases import alike
from agents.checks.quantities import find_quantities, quantity_of
from agents.checks.text import Text, content_stems, main_clause, sentences
from agents.data_files import wording
from agents.schema import Check

Embed = Callable[[Sequence[str]], Any]
"""Texts to unit vectors, one a row."""
Rarity = Callable[[str], Mapping[str, float]]
"""A text's words, by stem, to how rare they are in the literature, in nats."""

SAME_TEXT: Final = 85
NEAR, NEAREST = 0.15, 0.55  # cosines between a question and an answer to it: none and all of the mark
COMMON, RARE = 3.2, 4.8  # nats, mean over a text's words: none and all of the mark
MOST_RARE = 8.0  # a word that hardly any abstract has tells no more than one that few have
FULL = 70.0  # nats that a mechanism adds to statement and question
QUANTITIES = 3
CAUSAL = re.compile(
    r"\b(?:because|so that|therefore|thus|hence|since|which|until|while|whereas|once|leads? to"
    r"|by which|as a result|then|as)\b|;",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Aids:
    """What checks may use beside the text. Without one of them its checks are left out."""

    embed: Embed | None = None
    rarity: Rarity | None = None
    framework: str = ""
    related: Sequence[str] = field(default=())
    """Concepts and methods that the literature uses with the framework's, without its own label."""


def answers_the_question(text: Text, aids: Aids) -> Check | None:
    """How near in meaning the text is to each half of the question."""
    if aids.embed is None or not text.question.strip():
        return None
    halves = split_question(text.question)
    vectors = aids.embed([*halves, f"{text.statement} {text.prediction}", text.statement])
    cosines = [float(max(vectors[i] @ vectors[-2], vectors[i] @ vectors[-1])) for i in range(len(halves))]
    marks = [_clip((cosine - NEAR) / (NEAREST - NEAR)) for cosine in cosines]
    how = "; ".join(f"“{half[:60]}” {cosine:.2f}" for half, cosine in zip(halves, cosines, strict=True))
    return _check("answers the question", sum(marks) / len(marks), f"nearness in meaning to {how}")


def split_question(question: str) -> list[str]:
    """Return the halves of a question that asks two things; else the question."""
    parts = re.split(
        r"(?<=[?])\s+|,\s*and\s+(?=(?:how|what|why|which|where|when|can|could|does|do|is|are|would|should)\b)|;\s*",
        question.strip(),
    )
    halves = [part for part in parts if len(part.split()) >= 3]  # noqa: PLR2004 - fewer ask nothing by themselves
    return halves[:3] or [question]


def names_quantities(text: Text, aids: Aids) -> Check:
    """Whether statement and prediction speak of scalar quantities, and cause and response are some."""
    del aids
    spoken = f"{text.statement} {text.prediction}"
    named = {mention.name for mention in find_quantities(spoken)}
    units = {
        one.unit
        for name in ("statement", "prediction")
        for one in text.measures[name]
        if one.dimension != PLAIN
    }
    heads = [phrase for one in text.dependences[:1] for phrase in (one.cause, one.response)]
    heads += [phrase for claim in text.claims for phrase in (claim.cause, claim.response)]
    bad = [phrase.strip() for phrase in heads if is_no_scalar(phrase)]
    mark = min(1.0, (len(named) + len(units)) / (2 * QUANTITIES)) - 0.25 * min(len(bad), 2)
    how = f"quantities: {_list(sorted(named))}; units: {_list(sorted(units))}"
    return _check("scalar quantities", mark, f"{how}; no scalars: {_list(bad)}" if bad else how)


def is_no_scalar(phrase: str) -> bool:
    """Tell whether a phrase's head is something that cannot rise or fall, such as a band structure."""
    if quantity_of(phrase):
        return False
    head = re.split(r"\s(?:of|in|at|for|under|between|with|on)\s|[,(]", phrase.strip().lower())[0].strip()
    return any(head == word or head.endswith(f" {word}") for word in wording()["no_scalars"])


def predicts(text: Text, aids: Aids) -> Check:
    """Whether the prediction gives numbers and a direction, and speaks of the response that is claimed."""
    del aids
    changes, measures = text.changes["prediction"], text.measures["prediction"]
    with_unit = [one for one in measures if one.dimension != PLAIN or one.is_share]
    parts = {
        "numbers": min(1.0, len(measures) / 3),
        "units": min(1.0, len(with_unit) / 2),
        "from one value to another": 1.0 if changes else 0.5 if len(measures) > 1 else 0.0,
        "the claimed response": _speaks_of_response(text),
        "more than the statement": float(_differ(text.prediction, text.statement)),
    }
    return _parts("prediction", parts)


def falsifier_decides(text: Text, aids: Aids) -> Check:
    """Whether the falsifier has a threshold, speaks of what is predicted, and lies within its reach."""
    del aids
    limits = text.limits
    change = predicted_change(text)
    stems = content_stems(text.falsifier)
    about = content_stems(f"{main_clause(text.statement)} {text.prediction}")
    parts = {
        "a threshold": float(bool(limits)) or 0.5 * bool(text.measures["falsifier"]),
        "what is predicted": min(1.0, len(stems & about) / 3),
        "more than the prediction": float(bool(text.falsifier) and _differ(text.falsifier, text.prediction)),
    }
    limit = deciding_limit(text)
    reach = _within_reach(limit, change) if limit and change else None
    if reach is not None:
        parts["within reach"] = reach
    return _parts("falsifier", parts)


def falsifier_against_prediction(text: Text) -> Check | None:
    """Whether what is predicted would itself refute the claim."""
    change = predicted_change(text)
    limit = deciding_limit(text)
    if limit is None or change is None:
        return None
    if limit.outside or limit.measure.dimension != change.last.dimension:
        return None
    clause = re.split(r"[;:.]", limit.before)[-1]
    if limit.measure.dimension == PLAIN and not (content_stems(clause) & content_stems(change.phrase)):
        return None
    if re.search(r"\bfactor|exponent|ratio|share of|times\b", clause[-40:]):
        return None
    told = f"{'below' if limit.below else 'above'} {limit.measure.value:g} {limit.measure.unit}".removesuffix(
        " 1"
    )
    if _of_change(clause):
        value, what = abs(change.last.si - change.first.si), "a change"
    else:
        value, what = change.last.si, "a value"
    scale = change.last.si / change.last.value if change.last.value else 1.0
    met = value < limit.measure.si if limit.below else value > limit.measure.si
    how = f"{what} of {value / scale:.3g} is predicted, and {told} would refute it"
    return Check(name="prediction survives its falsifier", mark=0.0 if met else 1.0, how=how, of="physics")


def deciding_limit(text: Text) -> Limit | None:
    """Return the threshold that the response is held against: not one that says where the cause stands.

    None where the falsifier only says how far two numbers may lie apart.
    """
    limits = [limit for limit in text.limits if not limit.tolerated]
    if text.stated is None or len(limits) == 1:
        return limits[0] if limits else None
    cause, response = content_stems(text.stated.cause), content_stems(text.stated.response)
    about = [content_stems(re.split(r"[;:.,]|\d", limit.before)[-1]) for limit in limits]
    held = [len(stems & cause) > len(stems & response) for stems in about]
    return next((limit for limit, is_cause in zip(limits, held, strict=True) if not is_cause), None)


def predicted_change(text: Text) -> Change | None:
    """Return the predicted change of the response: that of the falsifier's quantity, else the last."""
    changes = text.changes["prediction"]
    if not changes:
        return None
    if limit := deciding_limit(text):
        clause = re.split(r"[;:.]", limit.before)[-1]
        mention, stems = quantity_of(clause), content_stems(clause)
        for change in changes:
            other = quantity_of(change.phrase)
            if mention and other and mention.known is other.known:
                return change
        shared = [change for change in changes if content_stems(change.phrase) & stems]
        if shared:
            return shared[-1]
        same = [one for one in changes if one.last.dimension == limit.measure.dimension]
        stated = text.stated
        foreign = stated is not None and bool(same) and not alike(stated.response, same[0].phrase)
        return None if mention or len(same) != 1 or (foreign and not _of_change(clause)) else same[0]
    return changes[-1]


def mechanism_adds(text: Text, aids: Aids) -> Check:
    """How much the mechanism says that statement and question do not, rare words counting more."""
    words = sum(1 for _ in CAUSAL.finditer(text.mechanism))
    if aids.rarity is None:
        known = content_stems(f"{text.question} {text.statement}")
        fresh = content_stems(text.mechanism) - known
        added = 4.0 * len(fresh)
    else:
        told = aids.rarity(f"{text.question} {text.statement}")
        added = sum(
            max(0.0, min(rare, MOST_RARE) - COMMON)
            for stem, rare in aids.rarity(text.mechanism).items()
            if stem not in told
        )
        added *= 2
    mark = 0.8 * min(1.0, added / FULL) + 0.2 * min(1.0, words / 2)
    return _check("mechanism", mark, f"adds {added:.0f} nats to the statement, {words} causal joints")


def says_something(text: Text, aids: Aids) -> Check | None:
    """How specific the words are: rare in abstracts, and few that could stand in any text."""
    words = max(1, len(text.whole.split()))
    vague = [match.group().lower() for match in _vague().finditer(text.whole)]
    empty = _clip(1 - (100 * len(vague) / words) / 8)
    if aids.rarity is None:
        return _check("specific words", empty, f"vague: {_list(sorted(set(vague))[:8])}")
    rarity = [min(rare, MOST_RARE) for rare in aids.rarity(text.whole).values()]
    mean = sum(rarity) / len(rarity) if rarity else 0.0
    mark = 0.5 * empty + 0.5 * _clip((mean - COMMON) / (RARE - COMMON))
    return _check("specific words", mark, f"{mean:.1f} nats a word; vague: {_list(sorted(set(vague))[:8])}")


def framework_used(text: Text, aids: Aids) -> Check | None:
    """Whether concepts and methods that go with the framework occur; its own label earns nothing."""
    if not aids.related:
        return None
    stems = content_stems(text.whole)
    used = [label for label in aids.related if (own := content_stems(label)) and own <= stems]
    return _check(
        "framework used", min(1.0, len(used) / 2), f"of what goes with {aids.framework}: {_list(used[:6])}"
    )


def repeats_no_question(text: Text, aids: Aids) -> Check | None:
    """Absent where the statement is the author's own."""
    del aids
    if not text.question or fuzz.partial_ratio(text.question.lower(), text.statement.lower()) < SAME_TEXT:
        return None
    return _check("own statement", 0.0, "the statement says the question again")


def own_words(text: Text, aids: Aids) -> Check | None:
    """Absent where nothing of the instructions comes back in the text."""
    del aids
    runs = copied(text.whole)
    if not runs:
        return None
    return _check("own words", 0.0, f"copies our instructions: “{runs[0]}”")


SUBSTANCE: Final[tuple[Callable[[Text, Aids], Check | None], ...]] = (
    answers_the_question,
    names_quantities,
    predicts,
    falsifier_decides,
    mechanism_adds,
    says_something,
    framework_used,
    repeats_no_question,
    own_words,
)


def _speaks_of_response(text: Text) -> float:
    if not text.prediction:
        return 0.0
    claimed = {phrase for one in text.dependences[:1] for phrase in (one.response,)} | {
        claim.response for claim in text.claims
    }
    claimed = claimed or {main_clause(text.statement)}
    stems = content_stems(text.prediction)
    quantities = {id(mention.known) for mention in find_quantities(text.prediction)}
    for phrase in claimed:
        mention = quantity_of(phrase)
        own = content_stems(phrase)
        if (mention and id(mention.known) in quantities) or len(own & stems) >= max(1, len(own) // 2):
            return 1.0
    return 0.0


def _within_reach(limit: Limit, change: Change) -> float | None:
    """Return 1 where the threshold lies between nothing and some times what is predicted."""
    if limit.measure.dimension != change.last.dimension:
        return None
    size = abs(change.last.si - change.first.si)
    if size == 0:
        return None
    if _of_change(re.split(r"[;:.]", limit.before)[-1]):
        return float(0 < abs(limit.measure.si) <= 3 * size)
    low, high = sorted((change.first.si, change.last.si))
    return float(low - 2 * size <= limit.measure.si <= high + 2 * size)


def _of_change(clause: str) -> bool:
    return (
        re.search(
            r"\b(?:chang|shift|gain|ris|increas|decreas|fall|drop|differ|loss|improv|reduc|grow)\w*\b",
            clause[-60:],
            re.IGNORECASE,
        )
        is not None
    )


@cache
def _vague() -> re.Pattern[str]:
    entries = (re.escape(entry).replace(r"\*", r"\w*") for entry in wording()["vague"])
    return re.compile(rf"\b(?:{'|'.join(sorted(entries, key=len, reverse=True))})\b", re.IGNORECASE)


def _parts(name: str, parts: Mapping[str, float]) -> Check:
    lacking = [what for what, mark in parts.items() if mark < 1]
    met = [what for what, mark in parts.items() if mark == 1]
    return _check(
        name,
        sum(parts.values()) / len(parts),
        f"has {_list(met)}; lacks some of {_list(lacking)}" if lacking else f"has {_list(met)}",
    )


def _check(name: str, mark: float, how: str) -> Check:
    return Check(name=name, mark=round(_clip(mark), 3), how=how, of="substance")


def _differ(one: str, other: str) -> bool:
    return bool(one) and fuzz.token_sort_ratio(one.lower(), other.lower()) < SAME_TEXT


def _clip(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _list(items: Sequence[str]) -> str:
    return ", ".join(items) or "none"


__all__ = [
    "SUBSTANCE",
    "Aids",
    "falsifier_against_prediction",
    "is_no_scalar",
    "predicted_change",
    "sentences",
    "split_question",
]
