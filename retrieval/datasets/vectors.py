"""Vectors of the registry's entries that ship, so that a first search embeds one text and not all of them.

`python -m bench.datasets --vectors` makes `retrieval/data/datasets.npz`; where texts or model are others than
its own, all are embedded anew.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from retrieval.datasets.search import Embed
from retrieval.ranking import Embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VECTORS = Path(__file__).parents[1] / "data" / "datasets.npz"


class ShippedVectors(NamedTuple):
    """Rows of unit length, of texts and a model with this digest."""

    digest: str
    rows: "NDArray[np.float32]"


def make_embed(embedder: Embedder) -> Embed:
    """Return what embeds texts; those of the registry that ships are known already."""
    shipped = load_vectors()

    def embed(texts: Sequence[str]) -> "NDArray[np.float32]":
        if len(texts) > 1 and digest(embedder.name, texts) == shipped.digest:
            return shipped.rows
        return embedder.encode(texts)

    return embed


def digest(model: str, texts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join([model, *texts]).encode()).hexdigest()


@cache
def load_vectors(path: Path = VECTORS) -> ShippedVectors:
    import numpy as np

    with np.load(path, allow_pickle=False) as stored:
        return ShippedVectors(str(stored["digest"]), stored["rows"].astype(np.float32))


def write_vectors(embedder: Embedder, texts: Sequence[str], path: Path = VECTORS) -> None:
    import numpy as np

    rows = embedder.encode(texts).astype(np.float16)
    np.savez_compressed(path, digest=np.array(digest(embedder.name, texts)), rows=rows)
