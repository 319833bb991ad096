"""Which quantity a noun phrase ends with: "size of the grains in steel" is a grain size."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from agents.checks.quantities import KnownQuantity as Quantity
from agents.checks.quantities import find_quantities, quantity_of
from agents.checks.text import content_stems
from tools.experiments.lexicon import stem_list

_AFTER_HEAD: Final = re.compile(r"\s(?:of|in|at|for|between|on|to|from|inside|within|per|along|across)\s")
_SYMBOL: Final = re.compile(r"^(?:[^\W\d]|\W)?[\W\d_]*$|_|[\\$^{}]")
_MEASURES: Final = frozenset(stem_list("content level amount value magnitude strength concentration size"))
"""Nouns that say of another noun that there is more or less of it: "cholesterol content"."""
_OTHERS: Final = frozenset(
    stem_list(
        "critical threshold onset optimal transition relative inverse change difference excess"
        " fluctuation uncertainty gradient derivative ratio variation error maximum minimum debye"
        " curie neel glass annealing growth sintering substrate deposition calcination effective"
        " fictive virial kinetic crossover blocking pseudo hidden dual melting boiling freezing"
        " condensation ordering compensation characteristic reference typical log logarithmic"
    )
)
"""Words that make another quantity of the one they stand beside: a critical thickness is no thickness."""


class QuantityName(NamedTuple):
    text: str
    words: tuple[str, ...]


class Names:
    """What a quantity may be called; one that other entries of the table of quantities are not taken for."""

    def __init__(self, names: str) -> None:
        self.names = [QuantityName(name, stem_list(name)) for name in names.split("|")]
        found = (quantity_of(name) for name in names.split("|"))
        self._quantities = {id(one.known) for one in found if one}

    def find(self, phrase: "QuantityPhrase", when: re.Pattern[str] | None = None) -> str | None:
        """Return the name by which a phrase calls it. `when`: words of the systems that are spoken of."""
        for name in self.names:
            if phrase.ends_with(name.words) and not self._is_another(phrase, name, when):
                return name.text
        return None

    def _is_another(self, phrase: "QuantityPhrase", name: QuantityName, when: re.Pattern[str] | None) -> bool:
        """Tell whether the table of quantities knows the phrase by a longer name, as something else.

        A name that is only longer by the system ("superconducting transition temperature") is none other.
        """
        return (
            phrase.quantity is not None
            and set(name.words) < phrase.quantity_stems
            and id(phrase.quantity) not in self._quantities
            and not (when and when.search(phrase.called))
        )


class QuantityPhrase:
    """A quantity as a text calls it."""

    def __init__(self, words: str) -> None:
        self.orders = tuple(dict.fromkeys(_orders(words)))
        self.tails = frozenset(order[-1] for order in self.orders)
        head = _AFTER_HEAD.split(words.strip())[0]
        mentions = [one for one in find_quantities(words.strip()) if one.start < len(head)]
        mention = mentions[-1] if mentions else None
        self.quantity: Quantity | None = mention.known if mention else None
        self.called = mention.name.lower() if mention else ""
        self.quantity_stems = content_stems(self.called)

    def ends_with(self, name: Sequence[str]) -> bool:
        """Tell whether the phrase ends with a name, its words together and none before that turns it."""
        size = len(name)
        return any(
            order[-size:] == tuple(name) and not _OTHERS.intersection(order[-size - 1 : -size])
            for order in self.orders
        )


@lru_cache(maxsize=4096)
def read_phrase(words: str) -> QuantityPhrase:
    return QuantityPhrase(words)


def _orders(words: str) -> Iterator[tuple[str, ...]]:
    """Yield what a phrase may end with: "size of the grains in steel" as "size" and as "grain size"."""
    parts = re.split(r"\s(of|in|at|for|between|on|to|from|inside|within|per|along|across)\s", words.strip())
    head = _nouns(parts[0])
    yield head
    if len(head) > 1 and head[-1] in _MEASURES:
        yield head[:-1]
    for place in range(1, len(parts) - 1, 2):
        yield _nouns(" ".join(parts[: place + 2]))
        yield (*_nouns(parts[place + 1]), *head)


def _nouns(words: str) -> tuple[str, ...]:
    """Return the stems of a noun phrase without the symbols at its end."""
    plain = words.split()
    while len(plain) > 1 and _SYMBOL.search(plain[-1]):
        plain.pop()
    return stem_list(" ".join(plain)) or ("",)


def alike(one: str, other: str) -> bool:
    """Tell whether two phrases may name one quantity."""
    known, others = quantity_of(one), quantity_of(other)
    if known and others and known.known is not others.known:
        return False
    first, second = content_stems(one), content_stems(other)
    shared = first & second
    return bool(shared) and len(shared) >= 0.5 * min(len(first), len(second))


def same_thing(one: str, other: str) -> bool:
    """Tell whether two phrases name one thing: the same head and no other table quantity."""
    first, second = quantity_of(one), quantity_of(other)
    if first and second:
        return first.known is second.known and bool(content_stems(one) & content_stems(other))
    shared = content_stems(one) & content_stems(other)
    return bool(shared) and len(shared) >= 0.5 * min(len(content_stems(one)), len(content_stems(other)))
