"""Fingerprints of crystals, and CDVAE's coverage of a reference by samples, and the other way round.

Fingerprints are matminer's CrystalNN order parameters and magpie compositions. Those of CrystalNN are kept on
disk by what the crystal is: they cost more than all else and never change. A reference crystal is covered
where the nearest sample by structure and the nearest by composition (which may be two different samples) are
both within the cutoffs; a sample is precise where that holds in reverse (Xie et al., ICLR 2022, after Xu et
al. 2021).
"""

import sqlite3
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final
from warnings import catch_warnings

import numpy as np
import yaml
from numpy.typing import NDArray

from tools.generation.cache import folder, key_of
from tools.generation.crystals.crystal import Crystal, find_symmetry
from tools.generation.errors import MissingPackage
from tools.generation.judging.facts import CrystalFacts
from tools.generation.rules import Cutoffs

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


BLOCK: Final = 256
Rows = NDArray[np.float64]


class CoverageCount:
    """Takes samples as they come; keeps only the nearest distances."""

    def __init__(self, reference: Iterable[CrystalFacts], cutoffs: Cutoffs) -> None:
        self._structures, self._compositions = _rows([f for f in reference if f.fingerprint is not None])
        self._cutoffs = cutoffs
        self._nearest = np.full((2, len(self._structures)), np.inf)
        self._waiting: list[CrystalFacts] = []
        self._precise = 0

    def take(self, facts: CrystalFacts) -> None:
        if facts.fingerprint is not None:
            self._waiting.append(facts)
        if len(self._waiting) >= BLOCK:
            self._compare()

    @property
    def covered(self) -> tuple[int, int]:
        """Reference crystals that are covered, and how many there are."""
        self._compare()
        near = (self._nearest[0] <= self._cutoffs.structure) & (self._nearest[1] <= self._cutoffs.composition)
        return int(near.sum()), near.size

    @property
    def precise(self) -> int:
        """Samples with a reference crystal near."""
        self._compare()
        return self._precise

    def _compare(self) -> None:
        if not self._waiting or not len(self._structures):
            return
        from scipy.spatial.distance import cdist

        structures, compositions = _rows(self._waiting)
        by_structure = cdist(structures, self._structures)
        by_composition = cdist(compositions, self._compositions)
        self._nearest = np.minimum(self._nearest, [by_structure.min(axis=0), by_composition.min(axis=0)])
        near = by_structure.min(axis=1) <= self._cutoffs.structure
        self._precise += int((near & (by_composition.min(axis=1) <= self._cutoffs.composition)).sum())
        self._waiting.clear()


def _rows(facts: list[CrystalFacts]) -> tuple[Rows, Rows]:
    """Shapes (n, 61) and (n, 132)."""
    structures = np.array([f.fingerprint for f in facts], dtype=float)
    return structures, np.array([describe_composition(f.crystal.composition) for f in facts])
