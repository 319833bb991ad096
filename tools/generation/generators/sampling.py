"""Drawing token sequences: many at once, by a seed.

Noise from Gumbel's distribution is added to the logits, divided by the temperature, and the largest sum is
taken: that is a draw from the softmax. Where the grammar forbids it, the next largest is a draw from the
softmax of what is left (Kool et al., arXiv 1903.06059), so a mask costs one look-up a token instead of one an
entry.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.generation.generators.transformer import Transformer
from tools.generation.generators.vocabulary import BEGIN, END, PAD, GrammarState, Vocabulary

BATCH: Final = 500
SPARSE: Final = 0.75
MOST_TIMES: Final = 20  # as many draws as asked for, after which what is not whole is given as it is


class Grammar(Enum):
    """What is done where a token is drawn that the grammar forbids.

    The mask draws another token, which bends the shares of what follows (Park et al., arXiv 2405.21047); to
    redraw is to begin the sequence again, which leaves the model's own shares among valid strings and costs
    more draws.
    """

    FREE = "free"
    MASK = "mask"
    REDRAW = "redraw"


@dataclass
class Drawn:
    """One sequence; `whole` is false where it reached the length or a dead end."""

    tokens: list[int]
    whole: bool = False


@dataclass
class GrowingSequence:
    """A sequence being drawn."""

    drawn: Drawn
    state: GrammarState | None
    over: bool = False
    given: Iterator[int] = field(default_factory=lambda: iter(()))
    """Tokens of a prompt, which are read and not drawn."""


class Sampler:
    """`state` gives a fresh state of the grammar, or none where the tokens have none."""

    batch = BATCH

    def __init__(
        self,
        model: Transformer,
        vocabulary: Vocabulary,
        state: Callable[[], GrammarState | None],
        grammar: Grammar,
        temperature: float = 1.0,
    ) -> None:
        self.model = model
        self.vocabulary = vocabulary
        self.state = state if grammar is not Grammar.FREE else _no_state
        self.redraws = grammar is Grammar.REDRAW
        self.temperature = temperature
        self.drawn = 0

    def sample(self, count: int, seed: int) -> Iterator[Drawn]:
        """Exactly `count` sequences, in batches; `drawn` then says how many were begun."""
        self.drawn, number, most = 0, 0, MOST_TIMES * count
        while count:
            size = min(self.batch, count)
            found = self._batch(size, np.random.default_rng([seed, number]))
            self.drawn, number = self.drawn + size, number + 1
            if self.redraws and self.drawn < most:
                found = [drawn for drawn in found if drawn.whole]
            yield from found
            count -= len(found)

    def _batch(self, size: int, random: np.random.Generator) -> list[Drawn]:
        rows = [self._begin(random) for _ in range(size)]
        drawn = [row.drawn for row in rows]
        cache, last = self.model.cache(size), np.full(size, BEGIN)
        for _ in range(self.model.shape.length - 1):
            logits = self.model.step(last, cache)
            sums = logits / self.temperature + random.gumbel(size=logits.shape)
            sums[:, [PAD, BEGIN]] = -np.inf
            last = np.array([self._advance(row, at) for row, at in zip(rows, sums, strict=True)])
            going = np.flatnonzero([not row.over for row in rows])
            if not len(going):
                break
            if len(going) < SPARSE * len(rows):
                cache.keep(going)
                rows, last = [rows[place] for place in going], last[going]
        return drawn

    def _begin(self, random: np.random.Generator) -> GrowingSequence:  # noqa: ARG002 - a prompt may be drawn by it
        return GrowingSequence(Drawn([]), self.state())

    def _advance(self, row: GrowingSequence, sums: NDArray[np.float64]) -> int:
        """The next token's number; a finished row stays in the batch until many have finished."""
        if row.over:
            return END
        given = next(row.given, None)
        if given is not None:
            return given
        token = self.choose(row, sums)
        if token is None or token == END:
            row.over, row.drawn.whole = True, token == END
            return END
        row.drawn.tokens.append(token)
        return token

    def choose(self, row: GrowingSequence, sums: NDArray[np.float64]) -> int | None:
        """The largest of the allowed; none at a dead end."""
        first = int(sums.argmax())
        if row.state is None or self._accepts(row.state, first):
            return first
        if self.redraws:
            return None
        others = (int(number) for number in np.argsort(-sums)[1:] if np.isfinite(sums[number]))
        return next((number for number in others if self._accepts(row.state, number)), None)

    def _accepts(self, state: GrammarState, number: int) -> bool:
        token = self.vocabulary.tokens[number]
        allowed = state.allows(token)
        if allowed:
            state.push(token)
        return allowed


def _no_state() -> None:
    return None
