"""What whoever gives marks may see of evidence: numbers, truths and single words, never foreign sentences.

A passage, a title or a tool's message may hold an order to the reader. It cannot reach a mark or a match that
is given without reading it.
"""

import json
import re
from collections.abc import Sequence
from typing import get_args

from agents.schema import Evidence
from tools.defects.schema import HostLabel, KindLabel

_WORD = re.compile(r"[\w.,:;@/·*^°%²³⁻¹+−-]{1,24}")
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LABELS = frozenset((*get_args(HostLabel), *get_args(KindLabel)))
_SEARCHES = ("literature_search ", "physh_search ")  # what they find is text, and no result
MOST_ITEMS = 8  # of one list


def digest(evidence: Sequence[Evidence]) -> list[str]:
    """One line an item that holds a result or failed to; searches are left out."""
    return [_line(item) for item in evidence if not item.source.startswith(_SEARCHES)]


def _line(item: Evidence) -> str:
    result = _as_json(item.content) if item.answered else "the tool gave no result"
    return f"{item.source}, asked {_as_json(item.inputs)}: {result}"


def _as_json(value: object) -> str:
    return json.dumps(_bare(value), ensure_ascii=False)


def _bare(value: object) -> object:
    """Without anything that could be a sentence."""
    if isinstance(value, dict):
        kept = {key: _bare(item) for key, item in value.items() if _FIELD.fullmatch(key)}
        return {key: item for key, item in kept.items() if item is not None}
    if isinstance(value, list | tuple):
        return [item for item in map(_bare, value[:MOST_ITEMS]) if item is not None]
    if isinstance(value, str):
        return value if _is_plain(value) else None
    return value


def _is_plain(text: object) -> bool:
    return isinstance(text, str) and (text in _LABELS or bool(_WORD.fullmatch(text)))
