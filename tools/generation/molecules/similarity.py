"""Tanimoto similarities between sets of molecules, as MOSES defines them (arXiv 1811.12823)."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

BLOCK: Final = 1_000
Rows = NDArray[np.float32]


def unpack(bits: Sequence[bytes]) -> Rows:
    """Shape (n, 1024), of ones and zeros."""
    packed = np.frombuffer(b"".join(bits), dtype=np.uint8).reshape(len(bits), -1)
    return np.unpackbits(packed, axis=1).astype(np.float32)


def nearest_similarities(samples: Rows, reference: Rows) -> NDArray[np.float64]:
    """Of each sample to the reference molecule that is most like it; SNN is their mean."""
    return np.concatenate([block.max(axis=1) for block in _similarities(samples, reference)])


def internal_diversity(samples: Rows, power: int) -> float:
    """1 − the mean over molecules of (mean of s^p)^(1/p), each with all, itself among them."""
    means = [np.mean(block**power, axis=1) ** (1 / power) for block in _similarities(samples, samples)]
    return float(1 - np.concatenate(means).mean())


def _similarities(samples: Rows, reference: Rows) -> Iterator[NDArray[np.float64]]:
    """Blocks of shape (≤ BLOCK, reference); two molecules without a bit are alike."""
    sizes = reference.sum(axis=1)
    for start in range(0, len(samples), BLOCK):
        rows = samples[start : start + BLOCK]
        common = (rows @ reference.T).astype(np.float64)
        union = rows.sum(axis=1)[:, None] + sizes[None, :] - common
        yield np.divide(common, union, out=np.ones_like(common), where=union > 0)
