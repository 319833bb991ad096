"""Rows of a matrix at unit length."""

import numpy as np
from numpy.typing import NDArray

SHORTEST = 1e-9  # a row of nothing stays one


def scale_to_unit(rows: NDArray[np.float32]) -> None:
    """Divide each row by its length, in place: `numpy.linalg.norm` would make two more matrices."""
    rows /= np.maximum(np.sqrt(np.einsum("ij,ij->i", rows, rows)), SHORTEST)[:, None]
