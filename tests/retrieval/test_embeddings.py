"""Vectors of unit length that know what is near what."""

from pathlib import Path

import numpy as np
import pytest
from platformdirs import user_cache_path

from retrieval.embeddings import MiniLM, load_embedder
from retrieval.errors import EmbedderFailed

CACHE = user_cache_path("hypothesis-finder", appauthor=False)


@pytest.fixture(scope="module")
def embedder() -> MiniLM:
    return load_embedder(CACHE)


def test_rows_have_unit_length(embedder: MiniLM) -> None:
    rows = embedder.encode(["a neutron star", "", "x" * 100_000, "日本語 Ω ≠ ∞"])
    assert rows.shape == (4, embedder.dimension)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(4), abs=1e-5)


def test_no_texts_give_no_rows(embedder: MiniLM) -> None:
    assert embedder.encode([]).shape == (0, embedder.dimension)


def test_order_and_batches_change_nothing(embedder: MiniLM) -> None:
    texts = [f"{'long ' * (n % 7)}text number {n}" for n in range(70)]
    together = embedder.encode(texts)
    alone = np.vstack([embedder.encode([text]) for text in texts])
    assert (together * alone).sum(axis=1).min() > 0.999


def test_meaning_is_nearer_than_words(embedder: MiniLM) -> None:
    asked, same, other = embedder.encode(
        ["microbes swim in water", "locomotion of bacteria in a fluid", "people swim in money"]
    )
    assert asked @ same > asked @ other


def test_what_follows_256_tokens_is_not_seen(embedder: MiniLM) -> None:
    start = "energy " * 300
    one, two = embedder.encode([start + "of black holes", start + "of batteries"])
    assert one @ two == pytest.approx(1, abs=1e-5)


def test_files_that_are_no_model_are_named(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"no model")
    with pytest.raises(EmbedderFailed, match="cannot be opened") as caught:
        MiniLM(tmp_path / "model.onnx", tmp_path / "tokenizer.json")
    assert "\n" not in str(caught.value)
