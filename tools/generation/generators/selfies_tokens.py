"""SELFIES cut into their symbols: every sequence of them is a molecule (Krenn et al., arXiv 1905.13741)."""

import re
from collections.abc import Sequence
from typing import Final

from tools.generation.schema import Form

SYMBOL: Final = re.compile(r"\[[^\]]+\]|\.")


class SelfiesSymbols:
    name = "atoms"
    form = Form.SELFIES

    def encode(self, text: str) -> list[str]:
        return SYMBOL.findall(text)

    def decode(self, tokens: Sequence[str]) -> str:
        return "".join(tokens)

    def state(self) -> None:
        return None
