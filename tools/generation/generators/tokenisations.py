"""Which tokenisation belongs to a form and a name, and those that take a few lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tools.generation.generators.crystal_tokens import CrystalAtoms
from tools.generation.generators.smiles_grammar import SmilesState
from tools.generation.generators.vocabulary import Tokenisation
from tools.generation.generators.xyz_tokens import XyzAtoms
from tools.generation.schema import SampleForm


@dataclass(frozen=True)
class Characters:
    """Strings cut into characters, for comparison (LM-CH style)."""

    form: SampleForm
    name: str = "characters"

    def encode(self, text: str) -> list[str]:
        return list(text)

    def decode(self, tokens: Sequence[str]) -> str:
        return "".join(tokens)

    def state(self) -> None:
        return None


SYMBOL: Final = re.compile(r"\[[^\]]+\]|\.")


class SelfiesSymbols:
    """SELFIES cut into symbols: every sequence of them is a molecule (Krenn et al., arXiv 1905.13741)."""

    name = "atoms"
    form = SampleForm.SELFIES

    def encode(self, text: str) -> list[str]:
        return SYMBOL.findall(text)

    def decode(self, tokens: Sequence[str]) -> str:
        return "".join(tokens)

    def state(self) -> None:
        return None


TOKEN: Final = re.compile(r"\[[^\]]+\]|Br|Cl|%\d\d|[BCNOPSFIbcnops]|[-=#/\\()\d]")


class SmilesAtoms:
    """SMILES cut into atoms, bonds, branches, ring labels (Schwaller et al., doi 10.1039/C8SC02339E)."""

    name = "atoms"
    form = SampleForm.SMILES

    def encode(self, text: str) -> list[str]:
        tokens = TOKEN.findall(text)
        if "".join(tokens) != text:
            raise ValueError(f"SMILES with symbols outside this tokenisation: {text}")
        return tokens

    def decode(self, tokens: Sequence[str]) -> str:
        return "".join(tokens)

    def state(self) -> SmilesState:
        return SmilesState()


ATOMS: Final[dict[SampleForm, Tokenisation]] = {
    SampleForm.TEXT: CrystalAtoms(sort=True),
    SampleForm.SMILES: SmilesAtoms(),
    SampleForm.SELFIES: SelfiesSymbols(),
    SampleForm.XYZ: XyzAtoms(),
}


def tokenisation(form: SampleForm, name: str) -> Tokenisation:
    """`name` is "atoms" or "characters"."""
    return ATOMS[form] if name == "atoms" else Characters(form)
