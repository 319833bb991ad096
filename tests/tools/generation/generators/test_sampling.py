"""Drawing: the mask holds, the seed decides, the shares are the softmax's."""

from collections.abc import Iterable

import numpy as np

from tools.generation.generators.card import TransformerShape
from tools.generation.generators.sampling import Drawn, Grammar, GrowingSequence, Sampler
from tools.generation.generators.transformer import Transformer, weight_shapes
from tools.generation.generators.vocabulary import LAST, Vocabulary

WORDS = Vocabulary.of([["a", "b", "c", "d"]])
SHAPE = TransformerShape(vocabulary=len(WORDS), width=16, layers=2, heads=2, length=12)


class Alphabetical:
    """Letters may not go back."""

    def __init__(self) -> None:
        self.last = ""

    def allows(self, token: str) -> bool:
        return token >= self.last or token == LAST

    def push(self, token: str) -> None:
        self.last = token


def sampler(grammar: Grammar, seed: int = 0, temperature: float = 1.0) -> Sampler:
    draw = np.random.default_rng(seed)
    weights = {
        name: draw.normal(0, 0.3, size).astype(np.float32) for name, size in weight_shapes(SHAPE).items()
    }
    return Sampler(Transformer(SHAPE, weights), WORDS, Alphabetical, grammar, temperature)


def test_the_mask_lets_no_forbidden_token_through() -> None:
    drawn = [WORDS.decode(found.tokens) for found in sampler(Grammar.MASK).sample(600, 1)]
    assert all(tokens == sorted(tokens) for tokens in drawn)
    free = [WORDS.decode(found.tokens) for found in sampler(Grammar.FREE).sample(600, 1)]
    assert any(tokens != sorted(tokens) for tokens in free)


def test_the_seed_decides() -> None:
    first, again, other = (
        [found.tokens for found in sampler(Grammar.MASK).sample(40, seed)] for seed in (5, 5, 6)
    )
    assert first == again
    assert first != other


def test_a_lower_temperature_writes_what_is_likelier() -> None:
    kinds = [
        len({tuple(found.tokens) for found in sampler(Grammar.MASK, temperature=chosen).sample(300, 1)})
        for chosen in (1.0, 0.3, 1e-4)
    ]
    assert kinds == sorted(kinds, reverse=True)
    assert kinds[-1] == 1


def test_no_more_than_asked_for_and_what_is_cut_says_so() -> None:
    drawn = list(sampler(Grammar.FREE).sample(501, 2))
    assert len(drawn) == 501
    assert all(found.whole or len(found.tokens) == SHAPE.length - 1 for found in drawn)
    assert any(found.whole for found in drawn)


def test_shares_under_a_mask_are_those_of_the_softmax_of_what_is_left() -> None:
    draw, whole = np.random.default_rng(3), sampler(Grammar.MASK)
    logits = np.array([-np.inf, -np.inf, -np.inf, 2.0, 1.0, 0.0, -0.5])
    counts = np.zeros(len(WORDS))
    for _ in range(8000):
        state = Alphabetical()
        state.push("b")
        counts[whole.choose(GrowingSequence(Drawn([]), state), logits + draw.gumbel(size=len(logits)))] += 1
    left = np.where(np.arange(len(WORDS)) >= WORDS.numbers["b"], np.exp(logits), 0)
    assert np.abs(counts / counts.sum() - left / left.sum()).max() < 0.02


def mean_length(drawn: Iterable[Drawn]) -> float:
    return float(np.mean([len(found.tokens) for found in drawn]))


def test_redrawing_leaves_the_shares_of_free_draws_among_valid_ones() -> None:
    free = [found for found in sampler(Grammar.FREE).sample(6000, 4) if found.whole]
    valid = [found for found in free if found.tokens == sorted(found.tokens)]
    redrawing = sampler(Grammar.REDRAW)
    redrawn = list(redrawing.sample(3000, 5))
    assert len(redrawn) == 3000 < redrawing.drawn
    assert abs(mean_length(valid) - mean_length(redrawn)) < 0.1
    assert mean_length(sampler(Grammar.MASK).sample(3000, 5)) > mean_length(valid) + 0.2


def test_what_is_never_whole_is_given_as_it_is_in_the_end() -> None:
    class Never(Alphabetical):
        def allows(self, token: str) -> bool:
            return token == "no such token"  # noqa: S105 - a token of text

    hopeless = sampler(Grammar.REDRAW)
    hopeless.state = Never
    drawn = list(hopeless.sample(5, 0))
    assert len(drawn) == 5
    assert not any(found.whole for found in drawn)
