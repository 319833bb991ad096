"""Fingerprints on disk, by what the crystal is: they cost more than all else and never change."""

import sqlite3
from collections.abc import Callable
from functools import cache
from hashlib import blake2b

import numpy as np

from tools.generation.cache import folder, key_of
from tools.generation.crystals.crystal import Crystal

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
