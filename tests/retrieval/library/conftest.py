"""A library of small texts, embedded without a model."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.library import Library, open_library

Open = Callable[..., Library]


class HashEmbedder:
    """A text's vector is the sum of its words' own. It remembers what it was given."""

    def __init__(self, name: str = "hash", dimension: int = 64) -> None:
        self.name, self.dimension = name, dimension
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.seen += texts
        rows = np.array([self._embed(text) for text in texts], dtype=np.float32).reshape(-1, self.dimension)
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit

    def _embed(self, text: str) -> NDArray[np.float64]:
        total = np.full(self.dimension, 1e-3)
        for word in text.lower().split():
            seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4])
            total += np.random.default_rng(seed).normal(size=self.dimension)
        return total


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def opened(store: Path, embedder: HashEmbedder) -> Iterator[Open]:
    """Opens libraries that are closed with the test."""
    with ExitStack() as stack:

        def start(*, folder: Path = store, embedder: HashEmbedder = embedder, **options: Any) -> Library:  # noqa: ANN401 - handed on as they are
            return stack.enter_context(open_library(folder, embedder, **options))

        yield start


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    (folder / "notes").mkdir(parents=True)
    (folder / "notes" / "magnons.md").write_text(
        "# Magnons\n\nMagnons carry heat through insulators at low temperature."
    )
    (folder / "stars.txt").write_text(
        "Neutron stars\n\nNeutron stars spin down by magnetic braking over many years."
    )
    (folder / "refs.bib").write_text(
        "@article{traps, title={Traps}, author={Born, Max}, year=2021, doi={10.1234/abc},\n"
        " abstract={Sulfur vacancies in molybdenum disulfide act as traps for electrons.}}\n"
        "@article{bare, title={Only a title}}\n"
    )
    return folder
