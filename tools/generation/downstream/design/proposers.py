"""Who proposes: any generator that looks at nothing, exchanges of elements, and a small language model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

if TYPE_CHECKING:
    from tools.generation.generators.sampling import Sampler
    from tools.generation.generators.transformer import Transformer
    from tools.generation.generators.vocabulary import GrammarState, Tokenisation, Vocabulary
    from tools.generation.schema import Generator

SEEDS: Final = 2**31


@dataclass(frozen=True)
class EvaluatedString:
    """A string with its key, the same for equals, and its cost, less is better."""

    text: str
    key: str
    cost: float


class Proposer(Protocol):
    """Writes strings, given the best so far, best first; at the beginning there are none."""

    def propose(
        self, best: Sequence[EvaluatedString], count: int, random: np.random.Generator
    ) -> list[str]: ...


class Free:
    """A generator that does not look at what was found: random search."""

    def __init__(self, generator: "Generator") -> None:
        self._generator = generator

    def propose(self, _best: Sequence[EvaluatedString], count: int, random: np.random.Generator) -> list[str]:
        seed = int(random.integers(SEEDS))
        return [one.text for one in self._generator.generate(count, seed) if one.unreturned is None]


class ElementSwaps:
    """One element of a parent becomes another of `elements`; who has no parents comes from `first`."""

    def __init__(self, elements: Sequence[str], first: Proposer) -> None:
        self._elements, self._first = list(elements), first

    def propose(self, best: Sequence[EvaluatedString], count: int, random: np.random.Generator) -> list[str]:
        if not best:
            return self._first.propose(best, count, random)
        return [self._vary(_choose(best, random), random) for _ in range(count)]

    def _vary(self, text: str, random: np.random.Generator) -> str:
        cell, *sites = text.splitlines()
        present = sorted({site.split(" ", 1)[0] for site in sites})
        old, new = str(random.choice(present)), str(random.choice(self._elements))
        changed = (_exchange(site, old, new) for site in sites)
        return "\n".join([cell, *changed])


class LanguageVariations:
    """A small language model writes a parent anew with some of its elements held, in the tokens' own order.

    It needs tokens that name the composition first, each element with its count, as our models of crystals.
    """

    def __init__(
        self,
        model: "Transformer",
        vocabulary: "Vocabulary",
        tokenisation: "Tokenisation",
    ) -> None:
        self._model, self._vocabulary, self._tokenisation = model, vocabulary, tokenisation

    def propose(self, best: Sequence[EvaluatedString], count: int, random: np.random.Generator) -> list[str]:
        held = [self._hold(_choose(best, random), random) if best else {} for _ in range(count)]
        states = iter([HeldPlaces(places, self._tokenisation.state()) for places in held])
        sampler = self._sampler(lambda: next(states))
        drawn = sampler.sample(count, int(random.integers(SEEDS)))
        return [self._tokenisation.decode(self._vocabulary.decode(one.tokens)) for one in drawn if one.whole]

    def _sampler(self, state: "Callable[[], GrammarState | None]") -> "Sampler":
        from tools.generation.generators.sampling import Grammar, Sampler

        return Sampler(self._model, self._vocabulary, state, Grammar.MASK)

    def _hold(self, text: str, random: np.random.Generator) -> dict[int, str]:
        """The composition of the parent at its places, but for one element that is left open."""
        tokens = self._tokenisation.encode(text)
        pairs = next(place for place, token in enumerate(tokens) if not _names(tokens, place)) // 2
        free = int(random.integers(pairs))
        return {place: tokens[place] for place in range(2 * pairs) if place != 2 * free}


class HeldPlaces:
    """A grammar's state that allows but one token at the places that are held."""

    def __init__(self, held: dict[int, str], grammar: "GrammarState | None") -> None:
        self._held, self._grammar, self._place = held, grammar, 0

    def allows(self, token: str) -> bool:
        wanted = self._held.get(self._place)
        return wanted in (None, token) and (self._grammar is None or self._grammar.allows(token))

    def push(self, token: str) -> None:
        self._place += 1
        if self._grammar is not None:
            self._grammar.push(token)


def _names(tokens: Sequence[str], place: int) -> bool:
    """Whether an element with its count, or that count, stands there."""
    count = tokens[place + 1 - place % 2] if place + 1 - place % 2 < len(tokens) else ""
    return count.startswith("×")


def _choose(best: Sequence[EvaluatedString], random: np.random.Generator) -> str:
    """The better of two at random."""
    return best[int(random.integers(len(best), size=2).min())].text


def _exchange(site: str, old: str, new: str) -> str:
    element, place = site.split(" ", 1)
    return f"{new if element == old else element} {place}"
