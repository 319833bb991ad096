"""SMILES cut into whole atoms, bonds, branches and ring labels (Schwaller et al., doi 10.1039/C8SC02339E)."""

import re
from collections.abc import Sequence
from typing import Final

from tools.generation.generators.smiles_grammar import SmilesState
from tools.generation.schema import Form

TOKEN: Final = re.compile(r"\[[^\]]+\]|Br|Cl|%\d\d|[BCNOPSFIbcnops]|[-=#/\\()\d]")


class SmilesAtoms:
    name = "atoms"
    form = Form.SMILES

    def encode(self, text: str) -> list[str]:
        tokens = TOKEN.findall(text)
        if "".join(tokens) != text:
            raise ValueError(f"SMILES with symbols outside this tokenisation: {text}")
        return tokens

    def decode(self, tokens: Sequence[str]) -> str:
        return "".join(tokens)

    def state(self) -> SmilesState:
        return SmilesState()
