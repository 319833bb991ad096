"""How far a text shares words, spelling or initials with names."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from physh import words
from physh.route.acronyms import Acronyms

Scores = NDArray[np.float32]

EMPTY = frozenset(
    re.findall(
        r"\w+",
        """a an and any are as at be by can could did do does each for from had has have how if in into is it
        its less made make makes many may more most much not of off on one or other our out over same should
        so some such than that the their them then there these they this those through to under up very was
        what when where which while who whom why will with without would you your""",
    )
)
COMMON = 6.0  # inverse document frequency at which a shared word counts half
NAME_LENGTH = 8  # words; a longer text is a sentence, whose spelling as a whole says nothing


class Lexicon:
    """Scores for each name, 0 to 1."""

    def __init__(self, names: Sequence[str]) -> None:
        self._folded = [words.fold(name) for name in names]
        self._acronyms = Acronyms(names)
        bags = [frozenset(stems(name)) for name in self._folded]
        frequency = Counter(stem for bag in bags for stem in bag)
        self._weights = {stem: math.log(1 + len(names) / n) for stem, n in frequency.items()}
        self._postings = _postings(bags)
        self._totals = np.array([sum(self._weights[s] for s in bag) or 1.0 for bag in bags], dtype=np.float32)

    def shared_words(self, text: str) -> Scores:
        """Return the share of a name's words that the text has, rare ones counting more."""
        found = np.zeros(len(self._folded), dtype=np.float32)
        for stem in set(stems(words.fold(text))) & self._postings.keys():
            found[self._postings[stem]] += self._weights[stem]
        scores: Scores = found / self._totals * found / (found + COMMON)
        return scores

    def spelling(self, text: str) -> Scores:
        from rapidfuzz import fuzz, process

        if len(text.split()) > NAME_LENGTH:
            return np.zeros(len(self._folded), dtype=np.float32)
        likeness = process.cdist([words.fold(text)], self._folded, scorer=fuzz.ratio, dtype=np.float32)
        scores: Scores = likeness[0] / 100
        return scores

    def initials(self, text: str) -> Scores:
        return self._acronyms.scores(text)


def stems(folded: str) -> list[str]:
    """Return the words that carry meaning, singular."""
    found = [word for word in re.findall(r"[^\W_]+", folded) if word not in EMPTY]
    return [_singular(word) for word in found]


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):  # noqa: PLR2004 - "series" is the shortest that matters
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] not in "su" else word  # noqa: PLR2004 - not "gas"


def _postings(bags: Sequence[frozenset[str]]) -> dict[str, NDArray[np.intp]]:
    postings: dict[str, list[int]] = defaultdict(list)
    for place, bag in enumerate(bags):
        for stem in bag:
            postings[stem].append(place)
    return {stem: np.array(places, dtype=np.intp) for stem, places in postings.items()}
