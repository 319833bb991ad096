"""The generators that are shipped, by name."""

from pathlib import Path
from typing import Final

from tools.generation.errors import BadFile
from tools.generation.generators.checkpoint import read_checkpoint
from tools.generation.generators.language import LanguageModel
from tools.generation.generators.sampling import Grammar
from tools.generation.generators.sites.model import SiteModel
from tools.generation.generators.tokenisations import tokenisation
from tools.generation.schema import Kind

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
    if card.kind is Kind.SITE and card.tokens == RESIDUES:
        return SiteModel(card, model, grammar)
    return LanguageModel(card, model, tokenisation(card.form, card.tokens), grammar)
