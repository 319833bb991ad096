"""The language models of this package, as generators, and those that are shipped, by name."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tools.generation.errors import BadFile
from tools.generation.generators.card import CheckpointCard
from tools.generation.generators.checkpoint import read_checkpoint
from tools.generation.generators.sampling import Drawn, Grammar, Sampler
from tools.generation.generators.sites.model import SiteModel
from tools.generation.generators.tokenisations import tokenisation
from tools.generation.generators.transformer import Transformer
from tools.generation.generators.vocabulary import Tokenisation, Vocabulary
from tools.generation.schema import Sample, SampleKind, Unreturned


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


SHIPPED: Final = Path(__file__).parent / "data"
RESIDUES: Final = "residues"  # the name of the tokens of binding sites


def list_models(folder: Path = SHIPPED) -> list[str]:
    """Names of the language models with weights in a folder."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def load_model(
    name: str, grammar: Grammar = Grammar.MASK, folder: Path = SHIPPED
) -> LanguageModel | SiteModel:
    """A language model of ours; numpy alone is needed. Raises BadFile where there is none of that name."""
    if name not in list_models(folder):
        raise BadFile(f"no language model {name!r}: choose from {', '.join(list_models(folder))}")
    card, model = read_checkpoint(folder / f"{name}.yaml")
    if card.kind is SampleKind.SITE and card.tokens == RESIDUES:
        return SiteModel(card, model, grammar)
    return LanguageModel(card, model, tokenisation(card.form, card.tokens), grammar)
