"""Short marks beside the sentences of a hypothesis that contradict a textbook or a law of physics."""

from collections.abc import Iterator
from typing import Final, Literal

from agents.prompt_injection import WITHHELD
from agents.schema import Check, Hypothesis

Part = Literal["statement", "mechanism", "prediction"]
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
    text: str = getattr(hypothesis.proposal, part)
    marks: dict[int, dict[str, None]] = {}
    for told, sentence in _contradictions(hypothesis):
        if sentence is None and part != "statement":
            continue
        start = text.find(sentence or text)
        if start >= 0:
            marks.setdefault(start + len(sentence or text), {})[told] = None
    for end in sorted(marks, reverse=True):
        text = f"{text[:end]} (⚠ {'; '.join(marks[end])}){text[end:]}"
    return text


def list_contradictions(hypothesis: Hypothesis) -> list[str]:
    """Return each of them once, in a few words and without its source."""
    return list(dict.fromkeys(told for told, _ in _contradictions(hypothesis)))


def _contradictions(hypothesis: Hypothesis) -> Iterator[tuple[str, str | None]]:
    """Yield what goes against what is known, and its sentence where that is known."""
    for check in hypothesis.checks:
        if check.name not in SAYS or check.mark >= 1:
            continue
        for one in check.contradictions:
            yield f"{SAYS[check.name]}: {one.told}", one.sentence.removeprefix(WITHHELD).lstrip()
        if not check.contradictions:
            yield from ((f"{SAYS[check.name]}: {told}", None) for told in _read_entries(check))


def _read_entries(check: Check) -> Iterator[str]:
    """Yield what an older check names, without the source behind it."""
    for entry in check.how.removeprefix("against: ").split("); "):
        yield entry.partition(" (")[0]
