"""What checks may use beside the text: meaning, rarity of words, and what goes with a framework."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Embed = Callable[[Sequence[str]], Any]
"""Texts to unit vectors, one a row."""
Rarity = Callable[[str], Mapping[str, float]]
"""A text's words, by stem, to how rare they are in the literature, in nats."""


@dataclass(frozen=True)
class Aids:
    """What checks may use beside the text. Without one of them its checks are left out."""

    embed: Embed | None = None
    rarity: Rarity | None = None
    framework: str = ""
    related: Sequence[str] = field(default=())
    """Concepts and methods that the literature uses with the framework's, without its own label."""
