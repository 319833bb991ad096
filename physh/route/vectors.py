"""Texts as vectors, kept on disk by what they say and by which model said it."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from physh import cache
from physh.errors import RouteError
from physh.route.results import TextEmbedder
from physh.unit_rows import scale_to_unit

Matrix = NDArray[np.float32]
Progress = Callable[[str, int, int], None]  # what, texts done, texts in all

PART = 256  # texts between two reports of progress
SHIPPED = Path(__file__).parent.parent / "data" / "vectors"  # of names, known problems and operations
STEPS = 127


def encode(embedder: TextEmbedder, texts: Sequence[str]) -> Matrix:
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
    embedder: TextEmbedder, texts: Sequence[str], folder: Path, progress: Progress | None = None
) -> Matrix:
    """Return rows, kept in half precision for the next start, which is enough for a cosine.

    What ships with the program, as bytes, is not embedded at all.
    """
    said = key_of(embedder.name, texts)
    shipped = SHIPPED / f"{said}.npy"
    if shipped.exists():
        return unpack(np.load(shipped, allow_pickle=False))
    path = folder / f"vectors-{said}.bin"
    kept = cache.unseal(path)
    if kept is not None:
        return np.frombuffer(kept, dtype=np.float16).reshape(len(texts), -1).astype(np.float32)
    rows = np.concatenate(list(_in_parts(embedder, texts, progress)))
    cache.seal(path, rows.astype(np.float16).tobytes())
    return rows


def key_of(embedder: str, texts: Sequence[str]) -> str:
    """The name of some texts' vectors by a model: it changes with any of the texts."""
    return hashlib.sha256("\0".join([embedder, *texts]).encode()).hexdigest()[:32]


def pack(rows: Matrix) -> NDArray[np.int8]:
    """Rows in a byte a number, each stretched so that its largest is a whole byte: cosines within 0.01."""
    stretched = rows * (STEPS / np.abs(rows).max(axis=1, keepdims=True))
    packed: NDArray[np.int8] = np.round(stretched).astype(np.int8)
    return packed


def unpack(packed: NDArray[np.int8]) -> Matrix:
    """The rows again, at unit length."""
    rows: Matrix = packed.astype(np.float32)
    scale_to_unit(rows)
    return rows


def _in_parts(embedder: TextEmbedder, texts: Sequence[str], progress: Progress | None) -> Iterator[Matrix]:
    for start in range(0, len(texts), PART):
        yield encode(embedder, texts[start : start + PART])
        if progress:
            progress("concepts", min(start + PART, len(texts)), len(texts))
