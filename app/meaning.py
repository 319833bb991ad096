"""Texts to vectors for matching claims with instruments; the vectors of the instruments are kept on disk."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retrieval import MiniLM

MANY = 100
"""Texts from which they are a list that comes again."""


def make_embed(load: Callable[[], "MiniLM"], folder: Path) -> Callable[[Sequence[str]], Any]:
    """Return a function from texts to unit vectors (n, d). The model is loaded at the first call.

    The function raises RetrievalError if `load` does.
    """
    loaded = cache(load)

    def embed(texts: Sequence[str]) -> Any:  # noqa: ANN401 - an array of numpy's
        from physh import recall_or_encode

        if len(texts) < MANY:
            return loaded().encode(texts)
        return recall_or_encode(loaded(), texts, folder / "instruments")

    return embed
