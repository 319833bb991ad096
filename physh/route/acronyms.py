"""QFT and "Quantum field theory": which names an acronym may stand for, and which it may come from."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from physh import words

ENOUGH = 0.36  # from which a reading counts
LIKELY = 0.7  # the same for the long form, where nothing says that one is meant
SURE = 0.8  # the same in a sentence, where most readings are chance
INNER, AFTER_PREFIX = 0.3, 0.8  # weight of a letter that does not begin a word
SKIP = 0.5  # cost of a word without a letter
NAME_LENGTH = 6  # words of a text that may be the long form of an acronym
SHORTEST_IN_TEXT = 3  # letters; in a sentence, two letters fit too much
PREFIXES = (  # inside a long word, they begin a new one: MagnetoHydroDynamics
    *(
        "magneto",
        "hydro",
        "electro",
        "photo",
        "thermo",
        "spectro",
        "ferro",
        "piezo",
        "nano",
        "micro",
        "radio",
    ),
    *("infra", "ultra", "inter", "multi", "super", "semi", "anti", "auto", "non", "bio", "geo"),
)
FORMULA = re.compile(r"(?=.*[a-z0-9])(?:[A-Z][a-z]?[0-9]*)+")  # GaN and CO2, but not QFT
LITTLE = frozenset(("and", "of", "the", "in", "for", "to", "a", "on", "by"))

Letters = list[tuple[str, float]]


class Acronyms:
    """Scores for each name, 0 to 1."""

    def __init__(self, names: Sequence[str]) -> None:
        self._size = len(names)
        self._words = [_words(name) for name in names]
        self._by_first: dict[str, list[int]] = {}
        for place, parts in enumerate(self._words):
            self._by_first.setdefault(parts[0][0] if parts else "", []).append(place)
        self._sets = [frozenset("".join(parts)) for parts in self._words]
        self._own = [(i, short, share) for i, name in enumerate(names) for short, share in _acronyms_in(name)]
        self._tokens = frozenset(token for parts in self._words for token in parts)

    def scores(self, text: str) -> NDArray[np.float32]:
        found = np.zeros(self._size, dtype=np.float32)
        for place, score in (*self._long_forms(text), *self._short_forms(text)):
            found[place] = max(found[place], score)
        return found

    def _long_forms(self, text: str) -> Iterator[tuple[int, float]]:
        """Return names that an acronym of the text may stand for and that hold its other words."""
        tokens = text.split()
        sentence = len(tokens) > NAME_LENGTH
        for i, token in enumerate(tokens):
            short = letters(token)
            if short is None or (sentence and self._means_itself(short)):
                continue
            others = [] if sentence else _words(" ".join(tokens[:i] + tokens[i + 1 :]))
            rest = {word[:5] for word in others if word not in LITTLE}
            for place in self._candidates(short, rest):
                yield from self._read(place, short, rest, SURE if sentence else ENOUGH)

    def _means_itself(self, short: str) -> bool:
        """Return whether an acronym means itself: in a sentence, DNA is DNA and no initials."""
        return short in self._tokens or len(short) < SHORTEST_IN_TEXT

    def _candidates(self, short: str, rest: set[str]) -> list[int]:
        needed = frozenset(short)
        pool = range(self._size) if rest else self._by_first.get(short[0], ())
        return [place for place in pool if needed <= self._sets[place]]

    def _read(self, place: int, short: str, rest: set[str], enough: float) -> Iterator[tuple[int, float]]:
        parts = self._words[place]
        shared = {part[:5] for part in parts} & rest
        score = align(short, [part for part in parts if part[:5] not in shared])
        if score > enough:
            yield place, score * (1 + len(shared)) / (1 + len(rest))

    def _short_forms(self, text: str) -> Iterator[tuple[int, float]]:
        """Return names with an acronym that the whole text may be the long form of."""
        parts = _words(text)
        if 1 < len(parts) <= NAME_LENGTH:
            for place, short, share in self._own:
                score = align(short, parts)
                if score > LIKELY:
                    yield place, score * share


def letters(token: str) -> str | None:
    """Return an acronym's letters in lower case, without the s of a plural; None for any other word."""
    token = token.strip(".,;:?!()\"'")
    plural = len(token) > 2 and token[-1] == "s" and token[-2].isupper()  # noqa: PLR2004 - LEDs
    token = token[:-1] if plural else token
    if FORMULA.fullmatch(token):
        return None
    capitals = sum(letter.isupper() for letter in token)
    short = re.sub(r"[^a-z]", "", token.casefold())
    return short if capitals > 1 and 1 < len(short) <= 10 else None  # noqa: PLR2004 - no acronym is longer


def align(short: str, parts: Sequence[str]) -> float:
    """Return how well the letters are the words' initials in order; 1: one letter a word, none skipped."""
    if not parts or parts[0][0] != short[0]:
        return 0.0
    best = [0.0] + [-9.0] * len(short)  # best[k]: k letters read so far
    for part in parts:
        skipped = [score - (0.0 if part in LITTLE else SKIP) for score in best]
        best = [max(pair) for pair in zip(skipped, _within(short, _weighted(part), best), strict=True)]
    return (max(0.0, best[-1]) / len(short)) ** 2


def _within(short: str, part: Letters, before: list[float]) -> list[float]:
    """Return the best readings that take the word's first letter, and perhaps later ones of it."""
    reached = [-9.0] * len(before)
    for k, letter in enumerate(short):
        if letter == part[0][0]:
            reached[k + 1] = before[k] + 1
    for inner, weight in part[1:]:
        for k in range(len(short) - 1, -1, -1):
            if short[k] == inner:
                reached[k + 1] = max(reached[k + 1], reached[k] + weight)
    return reached


def _weighted(part: str) -> Letters:
    joints = {len(prefix) for prefix in PREFIXES if part.startswith(prefix)}
    joints |= {j + len(prefix) for j in joints for prefix in PREFIXES if part.startswith(prefix, j)}
    return [(letter, AFTER_PREFIX if i in joints else INNER if i else 1.0) for i, letter in enumerate(part)]


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", words.fold(name.replace("&", " ")))


def _acronyms_in(name: str) -> Iterator[tuple[str, float]]:
    """Return the acronyms that a name contains, each with its share of the name."""
    for token in name.split():
        short = letters(token)
        if short and token.rstrip("s").isupper():
            yield short, len(token) / len(name)
