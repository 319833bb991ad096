"""Short marks beside the sentences of a hypothesis that contradict a textbook or a law of conservation."""

from typing import Final, Literal

from agents.schema import Check, Hypothesis

Part = Literal["statement", "mechanism", "prediction"]
PARTS: Final[tuple[Part, ...]] = ("statement", "mechanism", "prediction")
SAYS: Final = {
    "as textbooks say": "textbooks say otherwise",
    "symmetry kept": "against a symmetry",
    "conservation kept": "against a conservation law",
}
"""What the mark says, by the check that failed: the table of checks has the source."""


def mark_contradictions(hypothesis: Hypothesis, part: Part) -> str:
    """Return a part of the text with a mark behind each sentence that contradicts what is known.

    Where the sentence is not known, as in older runs, the mark stands behind the statement.
    """
    texts = [getattr(hypothesis.proposal, name) for name in PARTS]
    text: str = getattr(hypothesis.proposal, part)
    for check in filter(_contradicts, hypothesis.checks):
        mark = f"(⚠ {_tell(check)})"
        here = sorted((one for one in check.sentences if one in text), key=len)
        if here:
            text = text.replace(here[0], f"{here[0]} {mark}", 1)
        elif part == "statement" and not any(one in other for one in check.sentences for other in texts):
            text = f"{text} {mark}"
    return text


def list_contradictions(hypothesis: Hypothesis) -> list[str]:
    """Return each of them in a few words, without its source."""
    return [_tell(check) for check in hypothesis.checks if _contradicts(check)]


def _contradicts(check: Check) -> bool:
    return check.name in SAYS and check.mark < 1


def _tell(check: Check) -> str:
    first = check.how.removeprefix("against: ").partition(" (")[0]
    return f"{SAYS[check.name]}: {first}"
