"""The language models of this package, as generators."""

from collections.abc import Iterator

from tools.generation.generators.card import Card
from tools.generation.generators.sampling import Drawn, Sampler
from tools.generation.generators.tokenisation import State, Tokenisation
from tools.generation.generators.transformer import Transformer
from tools.generation.generators.vocabulary import Vocabulary
from tools.generation.schema import Sample, Unreturned


class LanguageModel:
    """Strings drawn at temperature 1; `masked` keeps to the grammar of the tokens, where they have one."""

    def __init__(self, card: Card, model: Transformer, tokenisation: Tokenisation, *, masked: bool) -> None:
        self.card = card
        self.name = card.name if masked else f"{card.name}, free"
        self.version = card.version
        self.kind = card.kind
        self.form = card.form
        self.tokenisation = tokenisation
        self.masked = masked
        self.vocabulary = Vocabulary(card.vocabulary)
        self._sampler = Sampler(model, self.vocabulary, self._state)

    def generate(self, count: int, seed: int) -> Iterator[Sample]:
        """Exactly `count` samples; the same seed and count give the same strings."""
        for drawn in self._sampler.sample(count, seed):
            yield self._sample(drawn)

    def _state(self) -> State | None:
        return self.tokenisation.state() if self.masked else None

    def _sample(self, drawn: Drawn) -> Sample:
        text = self.tokenisation.decode(self.vocabulary.decode(drawn.tokens))
        return Sample(form=self.form, text=text, unreturned=None if drawn.whole else Unreturned.TRUNCATED)
