"""The order of passages: two searches made one.

Reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009, doi:10.1145/1571941.1572114.
"""

from collections.abc import Sequence
from typing import NamedTuple

from retrieval.passage import Passage

RANK_CONSTANT = 60  # of reciprocal rank fusion, as in its paper


class Hit(NamedTuple):
    """A passage, and a score that orders it among the others of its search and says nothing beyond that."""

    passage: Passage
    score: float


def fuse(rankings: Sequence[Sequence[str]]) -> dict[str, float]:
    """Scores by key, best first."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, key in enumerate(ranking, 1):
            scores[key] = scores.get(key, 0) + 1 / (RANK_CONSTANT + rank)
    return dict(sorted(scores.items(), key=lambda item: -item[1]))
