"""Tokens and their numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

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
