"""The ontology, and an embedder that needs no files."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import physh


class HashingEmbedder:
    """Bags of words as vectors: texts that share words are near. No model, no meaning."""

    name = "hashing"

    def __init__(self) -> None:
        self.encoded = 0

    def encode(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        self.encoded += len(texts)
        rows = np.full((len(texts), 64), 1e-3, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                row[hashlib.sha256(word.encode()).digest()[0] % 64] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)  # type: ignore[no-any-return]  # numpy says Any


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder for the session."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def ontology(kept: Path) -> physh.Ontology:
    return physh.load(cache=kept)


@pytest.fixture
def hashing() -> HashingEmbedder:
    return HashingEmbedder()
