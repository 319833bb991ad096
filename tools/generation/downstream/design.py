"""Inverse design: strings that a proposer varies, rated by an objective, with every evaluation counted.

The loop is evolutionary: the best so far are shown to a proposer, and what it writes is rated. MatLLMSearch
(Gan et al., arXiv 2502.20933) runs it with a large model and a potential; here proposer and objective are
whoever fits: any generator that looks at nothing, exchanges of elements, a small language model. A string
costs an evaluation only if it can be read, lies where the objective is defined and was not rated before; all
others are counted apart, as they cost a proposer's time alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
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


PARENTS: Final = 12
BATCH: Final = 24
WASTE: Final = 20  # strings written for each evaluation: a proposer that needs more is given up
IDLE: Final = 40  # batches without a new string: the space, or the proposer, is exhausted


@dataclass(frozen=True)
class CostRating:
    """What an objective says of a string: its key, the same for equals, and its cost, less is better."""

    key: str
    cost: float


Objective = Callable[[str], CostRating | None]
"""None: the string cannot be read, or the objective is not defined for it."""


@dataclass
class DesignSearch:
    """One search. `found` in the order of evaluation."""

    found: list[EvaluatedString] = field(default_factory=list)
    proposed: int = 0
    unusable: int = 0
    repeated: int = 0

    @property
    def best(self) -> list[EvaluatedString]:
        return sorted(self.found, key=lambda one: one.cost)

    def least(self, evaluations: int) -> float:
        """The least cost among the first so many. Raises ValueError if there is none."""
        return min(one.cost for one in self.found[:evaluations])


def search(proposer: Proposer, objective: Objective, evaluations: int, seed: int) -> DesignSearch:
    """Ends at the number of evaluations, or where hardly anything new comes any more."""
    random, trial, known = np.random.default_rng(seed), DesignSearch(), set[str]()
    idle = 0
    while len(trial.found) < evaluations and idle < IDLE and trial.proposed < WASTE * evaluations:
        before = len(trial.found)
        for text in proposer.propose(trial.best[:PARENTS], BATCH, random):
            if len(trial.found) < evaluations:
                _rate(text, objective, trial, known)
        idle = idle + 1 if len(trial.found) == before else 0
    return trial


def _rate(text: str, objective: Objective, trial: DesignSearch, known: set[str]) -> None:
    trial.proposed += 1
    rating = objective(text)
    if rating is None:
        trial.unusable += 1
    elif rating.key in known:
        trial.repeated += 1
    else:
        known.add(rating.key)
        trial.found.append(EvaluatedString(text, rating.key, rating.cost))


def hits(trial: DesignSearch, threshold: float) -> Sequence[int]:
    """After how many evaluations each string at most that dear was found, from 1."""
    return [number for number, one in enumerate(trial.found, start=1) if one.cost <= threshold]
