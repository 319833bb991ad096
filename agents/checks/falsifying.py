"""Whether the falsifier decides: a threshold, of what is predicted, and not met by the prediction itself."""

import re
from typing import Final

from agents.checks.aids import Aids
from agents.checks.echo import differ
from agents.checks.measures import PLAIN, Magnitude, MagnitudeChange, MagnitudeLimit
from agents.checks.outcome import weigh_parts
from agents.checks.phrases import alike
from agents.checks.quantities import quantity_of
from agents.checks.text import ProposalText, content_stems, main_clause
from agents.schema import Check

LEAST: Final = 0.1
"""Share of the predicted change from which a threshold decides. Below it an effect ten times weaker than the
predicted one passes, so that hardly any measurement could refute the claim."""
_CHANGE: Final = r"\b(?:chang|shift|gain|ris|increas|decreas|fall|drop|differ|loss|improv|reduc|grow)\w*\b"
_AMOUNT: Final = re.compile(
    rf"(?:{_CHANGE}|\b(?:rais|lower|lift|widen|narrow|enhanc|suppress)\w*\b)"
    r"(?: (?!(?:above|below|from|to|at|over|under|than|its|value)\b)[\w-]+){0,7} (?:by|of)"
    r"(?: (?:about|around|some|roughly|nearly|almost|approximately|only|up to|at least|at most))?\s*$",
    re.IGNORECASE,
)
"""Before a number that says how far something changes: "raises the gap by about"."""
DIGITS: Final = 9  # of a share: 0.4 of 4 is a tenth


def falsifier_decides(text: ProposalText, aids: Aids) -> Check:
    """Whether the falsifier has a threshold, speaks of what is predicted, and lies within its reach."""
    del aids
    limits = text.limits
    change = predicted_change(text)
    stems = content_stems(text.falsifier)
    about = content_stems(f"{main_clause(text.statement)} {text.prediction}")
    parts = {
        "a threshold": float(bool(limits)) or 0.5 * bool(text.measures["falsifier"]),
        "what is predicted": min(1.0, len(stems & about) / 3),
        "more than the prediction": float(bool(text.falsifier) and differ(text.falsifier, text.prediction)),
    }
    limit = deciding_limit(text)
    reach = _within_reach(limit, change) if limit and change else None
    if reach is not None:
        parts["within reach"] = reach
    share = _share_of_prediction(text, limit, change) if limit else None
    if share is None or share >= LEAST:
        return weigh_parts("falsifier", parts)
    check = weigh_parts("falsifier", parts | dict.fromkeys(("a threshold", "within reach"), share / LEAST))
    told = f"the threshold is {share:.1g} of what is predicted: an effect far weaker than that would pass"
    return check.model_copy(update={"how": f"{check.how}; {told}"})


def falsifier_against_prediction(text: ProposalText) -> Check | None:
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


def deciding_limit(text: ProposalText) -> MagnitudeLimit | None:
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


def predicted_change(text: ProposalText) -> MagnitudeChange | None:
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


def _within_reach(limit: MagnitudeLimit, change: MagnitudeChange) -> float | None:
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


def _share_of_prediction(
    text: ProposalText, limit: MagnitudeLimit, change: MagnitudeChange | None
) -> float | None:
    """Return the share of the predicted change that must be seen, or the claim is given up.

    None where the threshold is no such share: in another dimension, or beyond what is predicted.
    """
    measure, of_change = limit.measure, _of_change(re.split(r"[;:.]", limit.before)[-1])
    if change is None:
        amounts = [one for one in _amounts(text) if one.dimension == measure.dimension]
        sizes = [abs(one.si) for one in amounts if one.si and measure.dimension != PLAIN]
        return round(abs(measure.si) / min(sizes), DIGITS) if of_change and sizes else None
    size = change.last.si - change.first.si
    if measure.dimension != change.last.dimension or size == 0:
        return None
    if of_change:
        return round(abs(measure.si / size), DIGITS)
    asks_for_more = limit.below == (size > 0)
    return round(abs((measure.si - change.first.si) / size), DIGITS) if asks_for_more else None


def _amounts(text: ProposalText) -> list[Magnitude]:
    """Return the numbers of the prediction that say how far something changes; not where it stands."""
    said = text.prediction
    return [one for one in text.measures["prediction"] if _AMOUNT.search(said[: one.start])]


def _of_change(clause: str) -> bool:
    return re.search(_CHANGE, clause[-60:], re.IGNORECASE) is not None
