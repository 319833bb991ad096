"""Fréchet ChemNet Distance (Preuer et al., J. Chem. Inf. Model. 58 (2018)), with fcd_torch's network."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from warnings import catch_warnings

import numpy as np
from numpy.typing import NDArray

from tools.generation.errors import MissingPackage

Rows = NDArray[np.float64]


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
