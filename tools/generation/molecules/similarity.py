"""How alike two sets of molecules are, by their bits and by a network.

Tanimoto similarities are as MOSES defines them (arXiv 1811.12823); the Fréchet ChemNet Distance is that of
fcd_torch's network (Preuer et al., J. Chem. Inf. Model. 58 (2018)).
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final
from warnings import catch_warnings

import numpy as np
from numpy.typing import NDArray

from tools.generation.errors import MissingPackage

BLOCK: Final = 1_000
Bits = NDArray[np.float32]
Rows = NDArray[np.float64]


def unpack(bits: Sequence[bytes]) -> Bits:
    """Shape (n, 1024), of ones and zeros."""
    packed = np.frombuffer(b"".join(bits), dtype=np.uint8).reshape(len(bits), -1)
    return np.unpackbits(packed, axis=1).astype(np.float32)


def nearest_similarities(samples: Bits, reference: Bits) -> NDArray[np.float64]:
    """Of each sample to the reference molecule that is most like it; SNN is their mean."""
    return np.concatenate([block.max(axis=1) for block in _similarities(samples, reference)])


def internal_diversity(samples: Bits, power: int) -> float:
    """1 − the mean over molecules of (mean of s^p)^(1/p), each with all, itself among them."""
    means = [np.mean(block**power, axis=1) ** (1 / power) for block in _similarities(samples, samples)]
    return float(1 - np.concatenate(means).mean())


def _similarities(samples: Bits, reference: Bits) -> Iterator[NDArray[np.float64]]:
    """Blocks of shape (≤ BLOCK, reference); two molecules without a bit are alike."""
    sizes = reference.sum(axis=1)
    for start in range(0, len(samples), BLOCK):
        rows = samples[start : start + BLOCK]
        common = (rows @ reference.T).astype(np.float64)
        union = rows.sum(axis=1)[:, None] + sizes[None, :] - common
        yield np.divide(common, union, out=np.ones_like(common), where=union > 0)


def check_fcd() -> None:
    """Raises MissingPackage."""
    try:
        import fcd_torch  # noqa: F401 - only asked whether it is there
    except ModuleNotFoundError as error:
        raise MissingPackage(
            "FCD needs fcd_torch: pip install 'hypothesis-finder[generation-fcd]', or leave FCD out"
        ) from error


def frechet_distance(samples: Sequence[str], reference: Sequence[str]) -> float:
    """Of canonical SMILES, two a set at least and better thousands: the distance falls with their number."""
    check_fcd()
    return distance_of_normals(activate(samples), activate(reference))


def activate(smiles: Sequence[str]) -> Rows:
    """Activations of ChemNet, shape (n, 512)."""
    with catch_warnings(action="ignore"):  # fcd_torch calls numpy by a name that is going out of use
        return np.asarray(_network().get_predictions(list(smiles)), dtype=np.float64)


def distance_of_normals(left: Rows, right: Rows) -> float:
    """|Δμ|² + tr(A + B − 2 (AB)^½) of normal distributions fitted to both (Dowson & Landau 1982)."""
    first, second = np.cov(left, rowvar=False), np.cov(right, rowvar=False)
    values, vectors = np.linalg.eigh(first)
    root = vectors * np.sqrt(np.clip(values, 0, None)) @ vectors.T
    common = np.sqrt(np.clip(np.linalg.eigvalsh(root @ second @ root), 0, None)).sum()
    shift = left.mean(axis=0) - right.mean(axis=0)
    return float(shift @ shift + np.trace(first) + np.trace(second) - 2 * common)


@cache
def _network() -> Any:  # noqa: ANN401 - fcd_torch ships no types
    from fcd_torch import FCD

    return FCD(device="cpu", n_jobs=1)
