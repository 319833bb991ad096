"""What whoever gives marks may see of evidence: numbers, truths and single words, never foreign sentences.

A passage, a title or a tool's message may hold an order to the reader. It cannot reach a mark or a match that
is given without reading it.
"""

import json
import re
from collections.abc import Sequence

from agents.offers import find_spec
from agents.orders import withhold
from agents.schema import Evidence
from tools import AnyTool

_WORD = re.compile(r"[\w.,:;@/·*^°%²³⁻¹+−-]{1,24}")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_ITEMS = 8  # of one list
LONGEST_ASKED, LONGEST_RESULT = 250, 250  # characters
NO_RESULT = "the tool gave no result"


def digest(evidence: Sequence[Evidence]) -> list[str]:
    """One line an item that holds a result or failed to; searches are left out.

    What was asked is shown as the author's or reviewer's model wrote it, but for what speaks to a reader.
    """
    told = ((item, find_spec(item.source)) for item in evidence)
    return [_line(item, spec) for item, spec in told if spec is None or spec.for_judges]


def _line(item: Evidence, spec: AnyTool | None) -> str:
    """The tool's own words where it has some, else JSON without anything that could be a sentence."""
    own = _own_words(item, spec) if spec and item.answered else None
    if own:
        asked, result = (withhold(text) for text in own)
        return f"{item.source}, asked {_cut(asked, LONGEST_ASKED)}: {_cut(result, LONGEST_RESULT)}"
    asked = withhold(json.dumps(item.inputs, ensure_ascii=False))[:LONGEST_ASKED]
    result = json.dumps(_bare(item.content), ensure_ascii=False) if item.answered else NO_RESULT
    return f"{item.source}, asked {asked}: {result}"


def _cut(text: str, most: int) -> str:
    """Between words: half a number is another number."""
    return text if len(text) <= most else f"{text[:most].rpartition(' ')[0]} …"


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
