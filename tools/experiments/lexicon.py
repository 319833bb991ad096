"""What the instruments' quantities and systems are called, and how well a text names them."""

import math
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

from tools.experiments.wording import WORDS
from tools.instruments.contract import Instrument, Parameter, Response

STOP: Final = frozenset(WORDS["stop"])
_ONE_AT_A_TIME: Final = threading.Lock()
"""The stemmer keeps its word in itself."""
BRITISH: Final = (
    ("isation", "ization"),
    ("ising", "izing"),
    ("ised", "ized"),
    ("our", "or"),
    ("centre", "center"),
)
FAMILY: Final = 6
"""Letters that words of one family share, such as *infectious* and *infection*."""
MOST_BUILT: Final = 8
CERTAIN: Final = 6.0
"""Information in matched words, in nats, from which more adds little."""


@dataclass(frozen=True)
class StemmedName:
    """A name as its stems; `weight` is the information in them."""

    stems: frozenset[str]
    weight: float


@dataclass(frozen=True)
class LexiconQuantity:
    """A parameter or response of an instrument, with its names."""

    of: Parameter | Response
    phrases: tuple[StemmedName, ...]

    @property
    def name(self) -> str:
        return self.of.name

    @cached_property
    def stems(self) -> frozenset[str]:
        """Return the stems of all its names."""
        return frozenset[str]().union(*(phrase.stems for phrase in self.phrases))


@dataclass(frozen=True)
class LexiconEntry:
    """An instrument as matching sees it."""

    instrument: Instrument
    causes: tuple[LexiconQuantity, ...]
    responses: tuple[LexiconQuantity, ...]
    systems: tuple[StemmedName, ...]
    profile: dict[str, float]


@dataclass(frozen=True)
class InstrumentLexicon:
    entries: tuple[LexiconEntry, ...]
    information: dict[str, float]
    unknown: float

    def weigh(self, stems: Iterable[str]) -> float:
        return sum(self.information.get(stem, self.unknown) for stem in stems)

    def named(self, phrases: Sequence[StemmedName], stems: frozenset[str]) -> float:
        """Return from 0 to 1 how well the text names what has these phrases."""
        best = 0.0
        for phrase in phrases:
            common = phrase.stems & stems
            if common:
                matched = self.weigh(common)
                best = max(best, (matched / phrase.weight) ** 1.5 * (1 - math.exp(-3 * matched / CERTAIN)))
        return best

    def alike(self, entry: LexiconEntry, stems: frozenset[str]) -> float:
        """Return the share of the text's information that the instrument's words hold."""
        total = self.weigh(stems) or 1.0
        return self.weigh(stem for stem in stems if stem in entry.profile) / total


_BUILT: Final[dict[tuple[int, ...], tuple[tuple[Instrument, ...], InstrumentLexicon]]] = {}


def build(instruments: tuple[Instrument, ...]) -> InstrumentLexicon:
    """Return the names of all instruments; rare words weigh more. Built once for each set of instruments."""
    key = tuple(map(id, instruments))
    if key not in _BUILT:
        if len(_BUILT) > MOST_BUILT:
            _BUILT.clear()
        _BUILT[key] = instruments, _build(instruments)
    return _BUILT[key][1]


def _build(instruments: tuple[Instrument, ...]) -> InstrumentLexicon:
    found = Counter(
        stem for one in instruments for stem in frozenset().union(*(stem_set(text) for text in _texts(one)))
    )
    total = len(instruments) + 1
    information = {stem: math.log(1 + total / count) for stem, count in found.items()}
    blank = InstrumentLexicon((), information, math.log(1 + total))

    def phrases(texts: Iterable[str]) -> tuple[StemmedName, ...]:
        sets = {stems for text in texts if (stems := stem_set(text))}
        return tuple(StemmedName(stems, blank.weigh(stems)) for stems in sorted(sets, key=sorted))

    entries = tuple(
        LexiconEntry(
            one,
            tuple(LexiconQuantity(p, phrases(_names(p))) for p in one.parameters),
            tuple(LexiconQuantity(r, phrases(_names(r))) for r in one.responses),
            phrases([*one.systems, one.title, *(word for words in _choice_words(one) for word in words)]),
            dict.fromkeys(frozenset().union(*(stem_set(text) for text in _texts(one))), 1.0),
        )
        for one in instruments
    )
    return InstrumentLexicon(entries, information, blank.unknown)


def _names(quantity: Parameter | Response) -> list[str]:
    return [quantity.label, quantity.name.replace("_", " "), *quantity.words]


def _choice_words(instrument: Instrument) -> list[tuple[str, ...]]:
    return [
        (value.replace("_", " "), *choice.words.get(value, ()))
        for choice in instrument.choices
        for value in choice.values
    ]


def _texts(instrument: Instrument) -> list[str]:
    quantities: list[Parameter | Response] = [*instrument.parameters, *instrument.responses]
    return [
        instrument.title,
        instrument.purpose,
        *instrument.systems,
        *(word for words in _choice_words(instrument) for word in words),
        *(text for one in quantities for text in (*_names(one), one.meaning)),
        *(concept for one in quantities for concept in one.concepts),
    ]


@lru_cache(maxsize=20_000)
def stem_set(text: str) -> frozenset[str]:
    """Return the stems of the words that carry meaning."""
    return frozenset(stem_list(text))


def hinted(text: str) -> frozenset[str]:
    """Return the stems of a claim's words and of the quantities that they hint at ("hotter": temperature)."""
    words = set(re.findall(r"[^\W_]+", text.lower()))
    return stem_set(text).union(*(HINTS[word] for word in words if word in HINTS))


@lru_cache(maxsize=20_000)
def stem_list(text: str) -> tuple[str, ...]:
    plain = text.lower()
    if not plain.isascii():
        folded = unicodedata.normalize("NFKD", plain).replace("’", "'")
        plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    words = [word for word in re.findall(r"[^\W_]+", plain.replace("'s ", " ")) if word not in STOP]
    return tuple(_stem(word) for word in words)


def _hints() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for quantity, words in WORDS["hints"].items():
        for word in words:
            found[word] = found.get(word, frozenset()) | stem_set(quantity)
    return found


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    for british, american in BRITISH:
        word = word.replace(british, american) if len(word) > len(british) + 1 else word
    with _ONE_AT_A_TIME:
        return str(_stemmer().stemWord(word))[:FAMILY]


@lru_cache(maxsize=50_000)
def _stemmer() -> Any:  # noqa: ANN401 - the package ships no types
    from snowballstemmer import stemmer

    return stemmer("english")


HINTS: Final = _hints()
