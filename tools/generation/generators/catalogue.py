"""The generators that are shipped, by name."""

from pathlib import Path
from typing import Final

from tools.generation.errors import BadFile
from tools.generation.generators.checkpoint import read_checkpoint
from tools.generation.generators.language import LanguageModel
from tools.generation.generators.sampling import Grammar
from tools.generation.generators.tokenisations import tokenisation

SHIPPED: Final = Path(__file__).parent / "data"


def list_models(folder: Path = SHIPPED) -> list[str]:
    """Names of the language models with weights in a folder."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def load_model(name: str, grammar: Grammar = Grammar.MASK, folder: Path = SHIPPED) -> LanguageModel:
    """A language model of ours; numpy alone is needed. Raises BadFile where there is none of that name."""
    if name not in list_models(folder):
        raise BadFile(f"no language model {name!r}: choose from {', '.join(list_models(folder))}")
    card, model = read_checkpoint(folder / f"{name}.yaml")
    return LanguageModel(card, model, tokenisation(card.form, card.tokens), grammar)
