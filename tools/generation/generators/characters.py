"""Strings cut into characters, for comparison (LM-CH style)."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.generation.schema import Form


@dataclass(frozen=True)
class Characters:
    form: Form
    name: str = "characters"

    def encode(self, text: str) -> list[str]:
        return list(text)

    def decode(self, tokens: Sequence[str]) -> str:
        return "".join(tokens)

    def state(self) -> None:
        return None
