"""The words of a text as a search compares them."""

import re
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


def stem_words(text: str) -> list[str]:
    """Stems in lower case. A compound gives its parts too: "spin-orbit" is found by "orbit"."""
    tokens: list[str] = []
    for word in WORD.findall(text.lower()):
        parts = PART.findall(word)
        tokens += [_stem(part) for part in parts if part not in STOPWORDS]
        if len(parts) > 1:
            tokens.append(word)
    return tokens


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Any:  # noqa: ANN401 - the package ships no types
    import snowballstemmer

    return snowballstemmer.stemmer("english")
