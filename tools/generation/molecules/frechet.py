"""Fréchet ChemNet Distance (Preuer et al., J. Chem. Inf. Model. 58, 1736 (2018)), by fcd_torch."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from tools.generation.errors import MissingPackage


def check_fcd() -> None:
    """Raises MissingPackage."""
    try:
        import fcd_torch  # noqa: F401 - only asked whether it is there
    except ModuleNotFoundError as error:
        raise MissingPackage(
            "FCD needs fcd_torch: pip install 'hypothesis-finder[generation-fcd]', or leave FCD out"
        ) from error


def frechet_distance(samples: Sequence[str], reference: Sequence[str]) -> float:
    """Of canonical SMILES; both sets need two molecules and better thousands, as the distance falls with n."""
    check_fcd()
    return float(_metric()(list(reference), list(samples)))


@cache
def _metric() -> Any:  # noqa: ANN401 - fcd_torch ships no types
    from fcd_torch import FCD

    return FCD(device="cpu", n_jobs=1)
