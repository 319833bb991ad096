"""How strings become tokens and back, and which token may follow."""

from collections.abc import Sequence
from typing import Protocol

from tools.generation.schema import Form


class GrammarState(Protocol):
    """A sequence being written, as the grammar sees it."""

    def allows(self, token: str) -> bool:
        """Whether the sequence with this token can still become a valid string; "<end>" ends it."""

    def push(self, token: str) -> None:
        """Appends an allowed token."""


class Tokenisation(Protocol):
    """One way to cut strings."""

    @property
    def name(self) -> str:
        """Either atoms or characters."""

    @property
    def form(self) -> Form:
        """What the strings are."""

    def encode(self, text: str) -> list[str]:
        """Tokens of a valid string. Raises ValueError where it cannot be written in these tokens."""

    def decode(self, tokens: Sequence[str]) -> str:
        """The string; tokens out of order give a string that no reader takes for valid."""

    def state(self) -> GrammarState | None:
        """A fresh state of the grammar; none where the tokens have no grammar."""
