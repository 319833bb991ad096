"""Vectors of unit length in a byte a number: a fourth of the room, and the cosine within 0.01."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STEPS = 127
COUNT_BYTES = 4


def pack(rows: "NDArray[np.float32]") -> bytes:
    """Their number, then the rows, each stretched so that its largest entry is a whole byte."""
    import numpy as np

    stretched = rows * (STEPS / np.abs(rows).max(axis=1, keepdims=True))
    steps: bytes = np.round(stretched).astype(np.int8).tobytes()
    return len(rows).to_bytes(COUNT_BYTES) + steps


def unpack(packed: bytes) -> "NDArray[np.float32]":
    """The rows, at unit length again."""
    import numpy as np

    flat = np.frombuffer(packed, dtype=np.int8, offset=COUNT_BYTES)
    rows = flat.reshape(int.from_bytes(packed[:COUNT_BYTES]), -1).astype(np.float32)
    unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
