"""Fingerprints of CDVAE's coverage: matminer's CrystalNN order parameters and magpie compositions.

Those of CrystalNN are kept on disk by what the crystal is: they cost more than all else and never change.
"""

import sqlite3
from collections.abc import Callable
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final
from warnings import catch_warnings

import numpy as np
import yaml
from numpy.typing import NDArray

from tools.generation.cache import folder, key_of
from tools.generation.crystals.crystal import Crystal
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


Numbers = tuple[float, ...]
PATIENCE = 30.0  # seconds that one process waits for another to write


def kept(crystal: Crystal, compute: Callable[[Crystal], Numbers | None]) -> Numbers | None:
    """From disk, or computed and kept. A disk that cannot be used costs time, not the answer."""
    store = _open()
    if store is None:
        return compute(crystal)
    key = digest(crystal)
    try:
        row = store.execute("select numbers from fingerprints where key = ?", (key,)).fetchone()
    except sqlite3.Error:
        return compute(crystal)
    if row is not None:
        return tuple(np.frombuffer(row[0], dtype=np.float64).tolist()) or None
    numbers = compute(crystal)
    _keep(store, key, numbers)
    return numbers


def digest(crystal: Crystal) -> bytes:
    """Of elements, coordinates and cell, to the last bit."""
    numbers = crystal.fractional.tobytes() + crystal.lattice.tobytes()
    return blake2b(" ".join(crystal.symbols).encode() + numbers, digest_size=16).digest()


def _keep(store: sqlite3.Connection, key: bytes, numbers: Numbers | None) -> None:
    """A crystal without a fingerprint is kept as an empty row."""
    try:
        blob = np.array(numbers or (), dtype=np.float64).tobytes()
        store.execute("insert or replace into fingerprints values (?, ?)", (key, blob))
    except sqlite3.Error:
        return


@cache
def _open() -> sqlite3.Connection | None:
    """One file for each set of package versions."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        path = folder() / f"fingerprints-{key_of('crystalnn')}.sqlite"
        store = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
        store.execute("pragma journal_mode=wal")
        store.execute("pragma synchronous=off")
        store.execute("create table if not exists fingerprints (key blob primary key, numbers blob)")
    except (OSError, sqlite3.Error):
        return None
    return store
