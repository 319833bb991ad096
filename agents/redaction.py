"""Redacts evidence for whoever gives marks: numbers, truths and single words, never foreign sentences.

A passage, a title or a tool's message may hold an order to the reader. It cannot reach a mark or a match that
is given without reading it.
"""

import json
import re
from collections.abc import Sequence

from agents.offers import find_spec
from agents.prompt_injection import withhold
from agents.schema import Evidence
from tools import AnyTool

_WORD = re.compile(r"[\w.,:;@/·*^°%²³⁻¹+−-]{1,24}")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")
_DIGIT = re.compile(r"\d")
MOST_ITEMS = 8  # of one list
LONGEST_PART = 900  # characters of what was asked, and of what came of it: whole parts up to there
NO_RESULT = "the tool gave no result"


def redact(evidence: Sequence[Evidence]) -> list[str]:
    """Return one line an item that holds a result or failed to, the most telling first, without searches.

    A tool's own line with numbers tells most, then any result with numbers, then the others; what failed is
    last. What was asked is shown as the author's or reviewer's model wrote it, but for what speaks to a
    reader.
    """
    told = ((item, find_spec(item.source)) for item in evidence)
    lines = [_line(item, spec) for item, spec in told if spec is None or spec.for_judges]
    return [line for _, line in sorted(lines, key=lambda ranked: ranked[0])]


def fit_lines(lines: Sequence[str], room: int) -> list[str]:
    """Return the lines that fit into so many characters, each whole, and how many are left out."""
    shown = list[str]()
    for line in lines:
        if len(line) <= room:
            shown.append(line)
            room -= len(line)
    left_out = len(lines) - len(shown)
    return [*shown, f"Left out for want of room: {left_out} results."] if left_out else shown


def _line(item: Evidence, spec: AnyTool | None) -> tuple[int, str]:
    """Return how little it tells, and the tool's own words where it has some, else JSON without sentences."""
    own = _own_words(item, spec) if spec and item.answered else None
    if own:
        asked, result = (withhold(text) for text in own)
        line = f"{item.source}, asked {_whole_parts(asked)}: {_whole_parts(result)}"
        return (0 if _DIGIT.search(result) else 2), line
    asked = _whole_parts(withhold(json.dumps(item.inputs, ensure_ascii=False)), ", ")
    if not item.answered:
        return 3, f"{item.source}, asked {asked}: {NO_RESULT}"
    result = json.dumps(_bare(item.content), ensure_ascii=False)
    return (1 if _DIGIT.search(result) else 2), f"{item.source}, asked {asked}: {_whole_parts(result, ', ')}"


def _whole_parts(text: str, mark: str = "; ") -> str:
    """Return a text cut between its parts, never inside one, and how many are left out."""
    if len(text) <= LONGEST_PART:
        return text
    parts = text.split(mark)
    while len(mark.join(parts)) > LONGEST_PART and len(parts) > 1:
        parts.pop()
    left_out = len(text.split(mark)) - len(parts)
    if len(parts[0]) > LONGEST_PART:
        return f"(a text of {len(text):,} characters)"
    return f"{mark.join(parts)}{mark}and {left_out} more"


def _own_words(item: Evidence, spec: AnyTool) -> tuple[str, str] | None:
    """What was asked and what came of it, in a line each. None: it has no line for this result."""
    try:
        line = spec.digest(spec.result.model_validate(item.content))
        return ("; ".join(spec.tell(spec.arguments.model_validate(item.inputs))), line) if line else None
    except Exception:  # noqa: BLE001 - another version's result, or a foreign tool's fault, which ends no run
        return None


def _bare(value: object) -> object:
    """Without anything that could be a sentence."""
    if isinstance(value, dict):
        kept = {key: _bare(item) for key, item in value.items() if _FIELD.fullmatch(key)}
        return {key: item for key, item in kept.items() if item is not None}
    if isinstance(value, list | tuple):
        return [item for item in map(_bare, value[:MOST_ITEMS]) if item is not None]
    if isinstance(value, str):
        return value if _WORD.fullmatch(value) else None
    return value
