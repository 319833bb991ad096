"""The language models of this package, as generators."""

from collections.abc import Iterator

from tools.generation.generators.card import CheckpointCard
from tools.generation.generators.sampling import Drawn, Grammar, Sampler
from tools.generation.generators.tokenisation import Tokenisation
from tools.generation.generators.transformer import Transformer
from tools.generation.generators.vocabulary import Vocabulary
from tools.generation.schema import Sample, Unreturned


class LanguageModel:
    """Strings drawn at the card's temperature, by the grammar of their tokens where they have one."""

    def __init__(
        self,
        card: CheckpointCard,
        model: Transformer,
        tokenisation: Tokenisation,
        grammar: Grammar = Grammar.MASK,
    ) -> None:
        self.card = card
        self.name = card.name if grammar is Grammar.MASK else f"{card.name}, {grammar.value}"
        self.version = card.version
        self.kind = card.kind
        self.form = card.form
        self.tokenisation = tokenisation
        self.vocabulary = Vocabulary(card.vocabulary)
        self._sampler = Sampler(model, self.vocabulary, tokenisation.state, grammar, card.temperature)

    def generate(self, count: int, seed: int) -> Iterator[Sample]:
        """Exactly `count` samples; the same seed and count give the same strings."""
        for drawn in self._sampler.sample(count, seed):
            yield self._sample(drawn)

    @property
    def drawn(self) -> int:
        """Sequences that the last `generate` began, redrawn ones included."""
        return self._sampler.drawn

    def _sample(self, drawn: Drawn) -> Sample:
        text = self.tokenisation.decode(self.vocabulary.decode(drawn.tokens))
        return Sample(form=self.form, text=text, unreturned=None if drawn.whole else Unreturned.TRUNCATED)
