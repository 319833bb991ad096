"""What whoever gives marks may see of evidence: numbers, truths and single words, never foreign sentences.

A passage, a title or a tool's message may hold an order to the reader. It cannot reach a mark or a match that
is given without reading it.
"""

import json
import re
from collections.abc import Sequence

from agents.orders import withhold
from agents.schema import Evidence

_WORD = re.compile(r"[\w.,:;@/·*^°%²³⁻¹+−-]{1,24}")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SEARCHES = ("literature_search ", "physh_search ")  # what they find is text, and no result
MOST_ITEMS = 8  # of one list
LONGEST_ASKED = 250  # characters


def digest(evidence: Sequence[Evidence]) -> list[str]:
    """One line an item that holds a result or failed to; searches are left out.

    What was asked is shown as the author's or reviewer's model wrote it, but for what speaks to a reader.
    """
    return [_line(item) for item in evidence if not item.source.startswith(_SEARCHES)]


def _line(item: Evidence) -> str:
    result = (
        json.dumps(_bare(item.content), ensure_ascii=False) if item.answered else "the tool gave no result"
    )
    asked = withhold(json.dumps(item.inputs, ensure_ascii=False))[:LONGEST_ASKED]
    return f"{item.source}, asked {asked}: {result}"


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
