"""Drawing token sequences, at temperature 1: many at once, by a seed.

Noise from Gumbel's distribution is added to the logits and the largest sum is taken: that is a draw from
the softmax. Where the grammar forbids it, the next largest is a draw from the softmax of what is left
(Kool et al., arXiv 1903.06059), so a mask costs one look-up a token instead of one an entry.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.generation.generators.tokenisation import State
from tools.generation.generators.transformer import Transformer
from tools.generation.generators.vocabulary import BEGIN, END, PAD, Vocabulary

BATCH: Final = 500
SPARSE: Final = 0.75


@dataclass
class Drawn:
    """One sequence; `whole` is false where it reached the length or a dead end."""

    tokens: list[int]
    whole: bool = False


@dataclass
class Row:
    """A sequence being drawn."""

    drawn: Drawn
    state: State | None
    over: bool = False


class Sampler:
    """`state` gives a fresh state of the grammar, or none to draw freely."""

    def __init__(self, model: Transformer, vocabulary: Vocabulary, state: Callable[[], State | None]) -> None:
        self.model = model
        self.vocabulary = vocabulary
        self.state = state

    def sample(self, count: int, seed: int) -> Iterator[Drawn]:
        """Exactly `count` sequences, in batches."""
        for number, start in enumerate(range(0, count, BATCH)):
            random = np.random.default_rng([seed, number])
            yield from self._batch(min(BATCH, count - start), random)

    def _batch(self, size: int, random: np.random.Generator) -> list[Drawn]:
        rows = [Row(Drawn([]), self.state()) for _ in range(size)]
        drawn = [row.drawn for row in rows]
        cache, last = self.model.cache(size), np.full(size, BEGIN)
        for _ in range(self.model.shape.length - 1):
            logits = self.model.step(last, cache)
            sums = logits + random.gumbel(size=logits.shape)
            sums[:, [PAD, BEGIN]] = -np.inf
            last = np.array([self._advance(row, at) for row, at in zip(rows, sums, strict=True)])
            going = np.flatnonzero([not row.over for row in rows])
            if not len(going):
                break
            if len(going) < SPARSE * len(rows):
                cache.keep(going)
                rows, last = [rows[place] for place in going], last[going]
        return drawn

    def _advance(self, row: Row, sums: NDArray[np.float64]) -> int:
        """The next token's number; a finished row stays in the batch until many have finished."""
        if row.over:
            return END
        token = self._choose(row, sums)
        if token is None or token == END:
            row.over, row.drawn.whole = True, token == END
            return END
        row.drawn.tokens.append(token)
        return token

    def _choose(self, row: Row, sums: NDArray[np.float64]) -> int | None:
        """The largest of the allowed; none at a dead end."""
        first = int(sums.argmax())
        if row.state is None or self._accepts(row.state, first):
            return first
        others = (int(number) for number in np.argsort(-sums)[1:] if np.isfinite(sums[number]))
        return next((number for number in others if self._accepts(row.state, number)), None)

    def _accepts(self, state: State, number: int) -> bool:
        token = self.vocabulary.tokens[number]
        allowed = state.allows(token)
        if allowed:
            state.push(token)
        return allowed
