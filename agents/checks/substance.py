"""How much a text says: quantities, numbers, a prediction, a mechanism with content of its own.

Nothing here knows whether it is right (`units`, `magnitudes`, `directions`) and no label earns a mark.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Final

from rapidfuzz import fuzz

from agents.checks.aids import Aids
from agents.checks.echo import SAME_TEXT, copied, differ
from agents.checks.falsifying import falsifier_decides
from agents.checks.measures import PLAIN
from agents.checks.outcome import clip, listed, weigh, weigh_parts
from agents.checks.quantities import find_quantities, quantity_of
from agents.checks.text import ProposalText, content_stems, main_clause
from agents.data_files import wording
from agents.schema import Check

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


def answers_the_question(text: ProposalText, aids: Aids) -> Check | None:
    """How near in meaning the text is to each half of the question."""
    if aids.embed is None or not text.question.strip():
        return None
    halves = split_question(text.question)
    vectors = aids.embed([*halves, f"{text.statement} {text.prediction}", text.statement])
    cosines = [float(max(vectors[i] @ vectors[-2], vectors[i] @ vectors[-1])) for i in range(len(halves))]
    marks = [clip((cosine - NEAR) / (NEAREST - NEAR)) for cosine in cosines]
    how = "; ".join(f"“{half[:60]}” {cosine:.2f}" for half, cosine in zip(halves, cosines, strict=True))
    return weigh("answers the question", sum(marks) / len(marks), f"nearness in meaning to {how}")


def split_question(question: str) -> list[str]:
    """Return the halves of a question that asks two things; else the question."""
    parts = re.split(
        r"(?<=[?])\s+|,\s*and\s+(?=(?:how|what|why|which|where|when|can|could|does|do|is|are|would|should)\b)|;\s*",
        question.strip(),
    )
    halves = [part for part in parts if len(part.split()) >= 3]  # noqa: PLR2004 - fewer ask nothing by themselves
    return halves[:3] or [question]


def names_quantities(text: ProposalText, aids: Aids) -> Check:
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
    how = f"quantities: {listed(sorted(named))}; units: {listed(sorted(units))}"
    return weigh("scalar quantities", mark, f"{how}; no scalars: {listed(bad)}" if bad else how)


def is_no_scalar(phrase: str) -> bool:
    """Tell whether a phrase's head is something that cannot rise or fall, such as a band structure."""
    if quantity_of(phrase):
        return False
    head = re.split(r"\s(?:of|in|at|for|under|between|with|on)\s|[,(]", phrase.strip().lower())[0].strip()
    return any(head == word or head.endswith(f" {word}") for word in wording()["no_scalars"])


def predicts(text: ProposalText, aids: Aids) -> Check:
    """Whether the prediction gives numbers and a direction, and speaks of the response that is claimed."""
    del aids
    changes, measures = text.changes["prediction"], text.measures["prediction"]
    with_unit = [one for one in measures if one.dimension != PLAIN or one.is_share]
    parts = {
        "numbers": min(1.0, len(measures) / 3),
        "units": min(1.0, len(with_unit) / 2),
        "from one value to another": 1.0 if changes else 0.5 if len(measures) > 1 else 0.0,
        "the claimed response": _speaks_of_response(text),
        "more than the statement": float(differ(text.prediction, text.statement)),
    }
    return weigh_parts("prediction", parts)


def mechanism_adds(text: ProposalText, aids: Aids) -> Check:
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
    return weigh("mechanism", mark, f"adds {added:.0f} nats to the statement, {words} causal joints")


def says_something(text: ProposalText, aids: Aids) -> Check | None:
    """How specific the words are: rare in abstracts, and few that could stand in any text."""
    words = max(1, len(text.whole.split()))
    vague = [match.group().lower() for match in _vague().finditer(text.whole)]
    empty = clip(1 - (100 * len(vague) / words) / 8)
    if aids.rarity is None:
        return weigh("specific words", empty, f"vague: {listed(sorted(set(vague))[:8])}")
    rarity = [min(rare, MOST_RARE) for rare in aids.rarity(text.whole).values()]
    mean = sum(rarity) / len(rarity) if rarity else 0.0
    mark = 0.5 * empty + 0.5 * clip((mean - COMMON) / (RARE - COMMON))
    return weigh("specific words", mark, f"{mean:.1f} nats a word; vague: {listed(sorted(set(vague))[:8])}")


def framework_used(text: ProposalText, aids: Aids) -> Check | None:
    """Whether concepts and methods that go with the framework occur; its own label earns nothing."""
    if not aids.related:
        return None
    stems = content_stems(text.whole)
    used = [label for label in aids.related if (own := content_stems(label)) and own <= stems]
    return weigh(
        "framework used", min(1.0, len(used) / 2), f"of what goes with {aids.framework}: {listed(used[:6])}"
    )


def repeats_no_question(text: ProposalText, aids: Aids) -> Check | None:
    """Absent where the statement is the author's own."""
    del aids
    if not text.question or fuzz.partial_ratio(text.question.lower(), text.statement.lower()) < SAME_TEXT:
        return None
    return weigh("own statement", 0.0, "the statement says the question again")


def own_words(text: ProposalText, aids: Aids) -> Check | None:
    """Absent where nothing of the instructions comes back in the text."""
    del aids
    runs = copied(text.whole)
    if not runs:
        return None
    return weigh("own words", 0.0, f"copies our instructions: “{runs[0]}”")


def _speaks_of_response(text: ProposalText) -> float:
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


@cache
def _vague() -> re.Pattern[str]:
    entries = (re.escape(entry).replace(r"\*", r"\w*") for entry in wording()["vague"])
    return re.compile(rf"\b(?:{'|'.join(sorted(entries, key=len, reverse=True))})\b", re.IGNORECASE)


SUBSTANCE: Final[tuple[Callable[[ProposalText, Aids], Check | None], ...]] = (
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
