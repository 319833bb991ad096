"""Whether two concepts are the same thing by name, as "Bifurcation analysis" and "Bifurcations" are."""

from functools import lru_cache

from retrieval.stems import stem_words

GENERIC = (
    "analysis application approach approximation behavior calculation dynamics "
    "effect equation experimental fluctuation formalism function interaction measurement mechanism method "
    "model modeling numerical phenomenon physics problem process property research science simulation state "
    "statistics structure system technique theoretical theory tool"
)


@lru_cache(maxsize=1)
def _generic() -> frozenset[str]:
    return frozenset(stem_words(GENERIC))


@lru_cache(maxsize=20_000)
def _own_stems(label: str) -> frozenset[str]:
    """Without the words that many concepts have, unless there is no other."""
    stems = frozenset(stem_words(label))
    return stems - _generic() or stems


def is_same_by_name(first: str, second: str) -> bool:
    """All telling words of one are words of the other."""
    one, other = _own_stems(first), _own_stems(second)
    return bool(one and other) and (one <= other or other <= one)
