"""Where sentences begin and end, in the prose of papers."""

import re
from typing import NamedTuple

ABBREVIATIONS = (
    "al|approx|ca|cf|ch|dr|e\\.g|ed|eds|eq|eqs|et|etc|fig|figs|i\\.e|lett|no|nos|p|phys|pp|prof|ref|refs|rev"
    "|resp|sec|sect|st|suppl|tab|viz|vol|vs"
)
SENTENCE_END = re.compile(r"(?:[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9\d$\\])|\n\s*\n\s*)")
NO_END = re.compile(rf"(?:\b(?:{ABBREVIATIONS})|\b[A-Z])\.[\"'”’)\]]*\s+$", re.IGNORECASE)
LONGEST_ABBREVIATION = 20  # characters before a full stop that are looked at
WORD = re.compile(r"\S+")


class SentenceSpan(NamedTuple):
    """Characters from `start` up to, and without, `end`; and how many words they are."""

    start: int
    end: int
    words: int


def split_sentences(text: str) -> list[SentenceSpan]:
    """Return the sentences without the white space around them."""
    spans, start = [], 0
    for found in SENTENCE_END.finditer(text):
        before = max(start, found.start() - LONGEST_ABBREVIATION)
        if "\n\n" not in found.group() and NO_END.search(text, before, found.end()):
            continue
        spans.append(_trim(text, start, found.end()))
        start = found.end()
    spans.append(_trim(text, start, len(text)))
    return [span for span in spans if span.words]


def _trim(text: str, start: int, end: int) -> SentenceSpan:
    words = WORD.findall(text, start, end)
    if not words:
        return SentenceSpan(start, start, 0)
    part = text[start:end]
    return SentenceSpan(end - len(part.lstrip()), start + len(part.rstrip()), len(words))
