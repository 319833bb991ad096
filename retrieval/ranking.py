"""The order of passages: two searches made one, and the best of these looked at again.

Reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009, doi:10.1145/1571941.1572114. The nearest
part of a text rather than all of it: as in late interaction, Khattab and Zaharia, SIGIR 2020,
doi:10.1145/3397271.3401075, with sentences in place of tokens. `python -m bench.retrieval` measures both.
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from retrieval.passage import Passage
from retrieval.sentences import split_sentences
from retrieval.stems import stem_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RANK_CONSTANT = 60  # of reciprocal rank fusion, as in its paper
COVERAGE = 0.3  # what holding all of a query's words is worth, beside a cosine


class Embedder(Protocol):
    """Texts to rows of unit length. `name` must change with the model: vectors are kept under it."""

    @property
    def name(self) -> str: ...

    def encode(self, texts: Sequence[str], /) -> "NDArray[np.float32]": ...


class Hit(NamedTuple):
    """A passage, and a score that orders it among the others of its search and says nothing beyond that."""

    passage: Passage
    score: float


class PassageVectors(NamedTuple):
    """A passage with its vectors, one a row: of the whole, then of each sentence."""

    passage: Passage
    vectors: "NDArray[np.float32]"


def fuse(rankings: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return scores by key, best first."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, key in enumerate(ranking, 1):
            scores[key] = scores.get(key, 0) + 1 / (RANK_CONSTANT + rank)
    return dict(sorted(scores.items(), key=lambda item: -item[1]))


def rerank(query: str, passages: Sequence[Passage], embedder: Embedder, limit: int) -> list[Hit]:
    """Return the best of some passages from anywhere, best first. Embeds all, at some 10 a second."""
    if not passages:
        return []
    vectors = embed_parts(embedder, [passage.text for passage in passages])
    candidates = [PassageVectors(passage, rows) for passage, rows in zip(passages, vectors, strict=True)]
    return order(query, embedder.encode([query])[0], candidates, limit)


def embed_parts(embedder: Embedder, texts: Sequence[str]) -> "list[NDArray[np.float32]]":
    """Return for each text the vectors of all of it and of its sentences, as a candidate has them."""
    import numpy as np

    parts = [[text, *_sentences(text)] for text in texts]
    rows = embedder.encode([part for group in parts for part in group])
    return np.split(rows, np.cumsum([len(group) for group in parts])[:-1])


def _sentences(text: str) -> list[str]:
    """Return the sentences; None where the text is but one: its vector is there already."""
    found = [text[start:end] for start, end, _ in split_sentences(text)]
    return found if len(found) > 1 else []


def order(
    query: str, vector: "NDArray[np.float32]", candidates: Sequence[PassageVectors], limit: int
) -> list[Hit]:
    """Sort by likeness of the whole and of the nearest sentence, and by the query's words held."""
    coverage = _cover(query, [candidate.passage.text for candidate in candidates])
    hits = []
    for candidate, share in zip(candidates, coverage, strict=True):
        likeness = candidate.vectors @ vector
        nearest = max(likeness[1:], default=likeness[0])
        hits.append(Hit(candidate.passage, float((likeness[0] + nearest) / 2 + COVERAGE * share)))
    return sorted(hits, key=lambda hit: -hit.score)[:limit]


def _cover(query: str, texts: Sequence[str]) -> list[float]:
    """Return 0 to 1 a text. A word counts more, the fewer of these texts hold it."""
    asked = set(stem_words(query))
    held = [asked & set(stem_words(text)) for text in texts]
    frequency = Counter(word for words in held for word in words)
    weight = {word: math.log(1 + (len(texts) + 1) / (frequency[word] + 0.5)) for word in asked}
    total = sum(weight.values()) or 1.0
    return [sum(weight[word] for word in words) / total for words in held]
