"""The words of a text as a search compares them."""

import re
import threading
from functools import lru_cache
from typing import Any

WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
PART = re.compile(r"[^\W_]+")
COMMON = (
    "a an and are as at be been but by can could do does for from had has have how if in into is it its may "
    "not of on or our should such than that the their them then there these they this those to was we were "
    "what when where which while who why will with would"
)
STOPWORDS = frozenset(COMMON.split())
_ONE_AT_A_TIME = threading.Lock()  # the stemmer keeps its word in itself


def stem_words(text: str) -> list[str]:
    """Return stems in lower case. A compound gives its parts too: "spin-orbit" is found by "orbit"."""
    tokens: list[str] = []
    for word in WORD.findall(text.lower()):
        if word.isalnum():
            parts = [word]
        else:
            parts = PART.findall(word)
            tokens.append(word)
        tokens += [_stem(part) for part in parts if part not in STOPWORDS]
    return tokens


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    with _ONE_AT_A_TIME:
        return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Any:  # noqa: ANN401 - the package ships no types
    import snowballstemmer

    return snowballstemmer.stemmer("english")
