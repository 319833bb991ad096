"""Cuts a text into passages of whole sentences that overlap, each at its place."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from retrieval.sentences import WORD, SentenceSpan, split_sentences

LONGEST = 160  # words; an embedding sees 256 tokens, some 170 words of physics
OVERLAP = 30  # words of the passage before that the next may begin with
FEWEST = 4  # words; less says nothing that can be cited


class Chunk(NamedTuple):
    key: str
    text: str
    start: int
    end: int
    page: int | None


def passage_key(text: str) -> str:
    """The name of a passage: the same text has the same one, wherever it stands."""
    return "c" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:10]


def cut(text: str, pages: tuple[int, ...] = ()) -> list[Chunk]:
    """Passages in order. `pages` are the positions at which pages begin; a text without any has no pages."""
    chunks = []
    for start, end in _gather(list(_pieces(text))):
        part = text[start:end]
        page = bisect_right(pages, start) if pages else None
        chunks.append(Chunk(passage_key(part), part, start, end, page))
    return chunks


def _pieces(text: str) -> Iterator[SentenceSpan]:
    """Sentences; one that is longer than a passage is cut between words."""
    for sentence in split_sentences(text):
        if sentence.words <= LONGEST:
            yield sentence
            continue
        words = list(WORD.finditer(text, sentence.start, sentence.end))
        for i in range(0, len(words), LONGEST):
            part = words[i : i + LONGEST]
            yield SentenceSpan(part[0].start(), part[-1].end(), len(part))


def _gather(pieces: list[SentenceSpan]) -> Iterator[tuple[int, int]]:
    first = 0
    while first < len(pieces):
        last, words = first, pieces[first].words
        while last + 1 < len(pieces) and words + pieces[last + 1].words <= LONGEST:
            last += 1
            words += pieces[last].words
        if words >= FEWEST or len(pieces) == 1:
            yield pieces[first].start, pieces[last].end
        if last + 1 == len(pieces):
            return
        first = _step_back(pieces, first, last)


def _step_back(pieces: list[SentenceSpan], first: int, last: int) -> int:
    """Where the next passage begins: at the last sentences of this one, as far as the overlap allows."""
    begin, words = last + 1, 0
    while begin - 1 > first and words + pieces[begin - 1].words <= OVERLAP:
        begin -= 1
        words += pieces[begin].words
    fits = words + pieces[last + 1].words <= LONGEST  # else the next would be nothing but the overlap
    return begin if fits else last + 1
