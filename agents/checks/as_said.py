"""Whether words such as "raises", "halves" and "tenfold" agree with the numbers beside them."""

import re
from typing import Final

from agents.checks.measures import MagnitudeChange, find_changes
from agents.checks.outcome import judge, unit_of
from agents.checks.text import ProposalText, sentences
from agents.schema import Check

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


def numbers_as_said(text: ProposalText) -> Check | None:
    """Whether "raises", "halves" and "tenfold" agree with the numbers beside them."""
    wrong, right = [], []
    for part in text.parts.values():
        for sentence in sentences(part):
            for change in find_changes(sentence):
                ends = f"from {change.first.value:g} to {change.last.value:g} {unit_of(change.last)}"
                told = f"{change.verb or change.phrase} {ends}"
                problem = _against_verb(change) or _against_factor(change, sentence)
                if problem:
                    wrong.append(f"{told}{problem}")
                elif change.said:
                    right.append(told)
    return judge("numbers agree with words", wrong, right)


def _against_verb(change: MagnitudeChange) -> str:
    if not change.said or change.first.si < 0 or change.last.si < 0:
        return ""
    return "" if change.said == change.sign else ", which is the other way"


def _against_factor(change: MagnitudeChange, sentence: str) -> str:
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
