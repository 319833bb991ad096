"""How strings become tokens and back, which token may follow, and the numbers of tokens."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

from tools.generation.schema import SampleForm


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
    def form(self) -> SampleForm:
        """What the strings are."""

    def encode(self, text: str) -> list[str]:
        """Tokens of a valid string. Raises ValueError where it cannot be written in these tokens."""

    def decode(self, tokens: Sequence[str]) -> str:
        """The string; tokens out of order give a string that no reader takes for valid."""

    def state(self) -> GrammarState | None:
        """A fresh state of the grammar; none where the tokens have no grammar."""


PAD: Final = 0
BEGIN: Final = 1
END: Final = 2
LAST: Final = "<end>"
MARKS: Final = ("<pad>", "<begin>", LAST)


@dataclass(frozen=True)
class Vocabulary:
    """The tokens of a checkpoint; the first three are padding, begin and end."""

    tokens: tuple[str, ...]

    @classmethod
    def of(cls, sequences: Iterable[Sequence[str]]) -> "Vocabulary":
        """Every token seen, in alphabetical order."""
        return cls((*MARKS, *sorted({token for sequence in sequences for token in sequence})))

    def __len__(self) -> int:
        return len(self.tokens)

    @cached_property
    def numbers(self) -> dict[str, int]:
        return {token: number for number, token in enumerate(self.tokens)}

    def encode(self, sequence: Sequence[str]) -> list[int]:
        """Numbers with begin and end. Raises KeyError for a token never seen."""
        return [BEGIN, *(self.numbers[token] for token in sequence), END]

    def decode(self, numbers: Iterable[int]) -> list[str]:
        return [self.tokens[number] for number in numbers if number not in (PAD, BEGIN, END)]
