"""Texts as vectors, kept on disk by what they say and by which model said it."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from physh import cache
from physh.errors import RouteError
from physh.route.results import Embedder

Matrix = NDArray[np.float32]
Progress = Callable[[str, int, int], None]  # what, texts done, texts in all

PART = 256  # texts between two reports of progress


def encode(embedder: Embedder, texts: Sequence[str]) -> Matrix:
    """Return one row a text. Raises RouteError where the embedder gives anything but finite rows."""
    rows = np.asarray(embedder.encode(texts), dtype=np.float32)
    if rows.ndim != 2 or len(rows) != len(texts) or not np.isfinite(rows).all():  # noqa: PLR2004 - rows, columns
        raise RouteError(
            f"the embedder {embedder.name!r} gave shape {rows.shape} for {len(texts)} texts, or values that "
            "are no numbers: it must give one row a text"
        )
    return rows


def cosines(rows: Matrix, vector: Matrix) -> Matrix:
    """By einsum: BLAS would wake all its threads for 2 ms of work, and wait for them on a busy machine."""
    found: Matrix = np.einsum("ij,j->i", rows, vector)
    return found


def recall_or_encode(
    embedder: Embedder, texts: Sequence[str], folder: Path, progress: Progress | None = None
) -> Matrix:
    """Return rows, kept in half precision for the next start, which is enough for a cosine."""
    said = hashlib.sha256("\0".join([embedder.name, *texts]).encode()).hexdigest()
    path = folder / f"vectors-{said[:32]}.bin"
    kept = cache.unseal(path)
    if kept is not None:
        return np.frombuffer(kept, dtype=np.float16).reshape(len(texts), -1).astype(np.float32)
    rows = np.concatenate(list(_in_parts(embedder, texts, progress)))
    cache.seal(path, rows.astype(np.float16).tobytes())
    return rows


def _in_parts(embedder: Embedder, texts: Sequence[str], progress: Progress | None) -> Iterator[Matrix]:
    for start in range(0, len(texts), PART):
        yield encode(embedder, texts[start : start + PART])
        if progress:
            progress("concepts", min(start + PART, len(texts)), len(texts))
