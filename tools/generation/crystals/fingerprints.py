"""Fingerprints of CDVAE's coverage: matminer's CrystalNN order parameters and magpie compositions."""

from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final
from warnings import catch_warnings

import numpy as np
import yaml
from numpy.typing import NDArray

from tools.generation.crystals.crystal import Crystal
from tools.generation.crystals.keeping import kept
from tools.generation.crystals.symmetry import find_symmetry
from tools.generation.errors import MissingPackage

SAME_SITE: Final = 1e-5  # Å: sites that symmetry maps on each other this closely have one fingerprint
SCALER: Final = Path(__file__).parents[1] / "data" / "comp_scaler.yaml"


def check_matminer() -> None:
    """Raises MissingPackage."""
    try:
        import matminer  # noqa: F401 - only asked whether it is there
    except ModuleNotFoundError as error:
        raise MissingPackage(
            "coverage needs matminer: pip install 'hypothesis-finder[generation-cov]', or leave coverage out"
        ) from error


def fingerprint(crystal: Crystal) -> tuple[float, ...] | None:
    """Mean over sites (61 numbers), each orbit computed once; none where CrystalNN fails. Kept on disk."""
    return kept(crystal, _compute)


def _compute(crystal: Crystal) -> tuple[float, ...] | None:
    structure = crystal.structure()
    orbits = find_symmetry(crystal, SAME_SITE).orbits
    sizes = {orbit: orbits.count(orbit) for orbit in set(orbits)}
    try:
        with catch_warnings(action="ignore"):
            rows = [np.multiply(_sites().featurize(structure, k), size) for k, size in sizes.items()]
    except Exception:  # noqa: BLE001 - CDVAE counts whatever CrystalNN raises as "no fingerprint"
        return None
    return tuple(float(x) for x in np.sum(rows, axis=0) / len(orbits))


@lru_cache(maxsize=50_000)
def describe_composition(composition: tuple[tuple[str, int], ...]) -> tuple[float, ...]:
    """132 magpie numbers (Ward et al., npj Comput. Mater. 2, 16028 (2016)), scaled as CDVAE scales them."""
    from pymatgen.core.composition import Composition

    with catch_warnings(action="ignore"):
        raw = np.array(_compositions().featurize(Composition(dict(composition))), dtype=float)
    means, deviations = _scaler()
    scaled = (raw - means) / deviations
    return tuple(float(x) for x in np.where(np.isnan(scaled), 0.0, scaled))


@cache
def _scaler() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    read = yaml.safe_load(SCALER.read_text())
    return np.array(read["means"]), np.array(read["deviations"])


@cache
def _sites() -> Any:  # noqa: ANN401 - matminer ships no types
    from matminer.featurizers.site.fingerprint import CrystalNNFingerprint

    return CrystalNNFingerprint.from_preset("ops")


@cache
def _compositions() -> Any:  # noqa: ANN401 - matminer ships no types
    from matminer.featurizers.composition.composite import ElementProperty

    return ElementProperty.from_preset("magpie")
