"""Vectors of instruments that ship: all are there, and nothing else is taken for known."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agents.experiments.meaning import digest, instrument_texts, load_vectors, make_embed
from tools.instruments import instruments


class Counting:
    """An embedder that keeps what it was asked for."""

    name = "counting"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        self.asked += texts
        return np.full((len(texts), 384), 0.5, dtype=np.float32)


def test_every_instrument_of_today_is_known() -> None:
    """Where it fails: python -m bench.shipped_vectors."""
    missing = [text for text in instrument_texts(instruments()) if digest(text) not in load_vectors()]
    assert not missing


def test_only_what_is_not_known_is_embedded_and_each_text_once() -> None:
    known = instrument_texts(instruments())[3]
    embedder = Counting()
    rows = make_embed(lambda: embedder)(["a question", known, "a question"])
    assert embedder.asked == ["a question"]
    assert np.allclose(rows[[0, 2]], 0.5)
    assert np.array_equal(rows[1], load_vectors()[digest(known)])


def test_the_model_is_not_loaded_for_what_is_known() -> None:
    def fail() -> Counting:
        raise AssertionError("loaded")

    assert make_embed(fail)(instrument_texts(instruments())[:5]).shape == (5, 384)
