"""A small autoregressive transformer in numpy: many sequences at once, each token computed once.

The stream is divided by its root mean square before each block; queries and keys too (Henry et al.,
arXiv 2010.04245); positions are rotations (Su et al., arXiv 2104.09864); the gate is a squared rectifier
(So et al., arXiv 2109.08668). No biases, no gains.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tools.generation.generators.card import TransformerShape

Floats: TypeAlias = NDArray[np.float32]
Weights: TypeAlias = dict[str, Floats]

SLOW: Final = 10_000.0
TINY: Final = 1e-6


def rotations(length: int, size: int) -> tuple[Floats, Floats]:
    """Cosines and sines, each (length, size / 2)."""
    rate = SLOW ** (-np.arange(0, size, 2, dtype=np.float64) / size)
    angle = np.arange(length)[:, None] * rate
    return np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)


def weight_shapes(shape: TransformerShape) -> dict[str, tuple[int, int]]:
    """Every weight's name and shape, (out, in); `embed` is (vocabulary, width)."""
    width = shape.width
    block = {
        "mix": (3 * width, width),
        "out": (width, width),
        "up": (4 * width, width),
        "down": (width, 4 * width),
    }
    table = (shape.vocabulary, width)
    named = {
        f"blocks.{layer}.{part}.weight": size for layer in range(shape.layers) for part, size in block.items()
    }
    return {"embed.weight": table, **named, "head.weight": table}


@dataclass
class KeyValueCache:
    """Keys and values so far, each (layers, batch, heads, length, size)."""

    keys: Floats
    values: Floats
    length: int = 0

    def keep(self, rows: NDArray[np.intp]) -> None:
        """Only these sequences go on."""
        self.keys, self.values = self.keys[:, rows], self.values[:, rows]


class Transformer:
    def __init__(self, shape: TransformerShape, weights: Weights) -> None:
        self.shape = shape
        self.embed = weights["embed.weight"]
        self.head = weights["head.weight"]
        self.blocks = [
            {part: weights[f"blocks.{layer}.{part}.weight"] for part in ("mix", "out", "up", "down")}
            for layer in range(shape.layers)
        ]
        self.cosine, self.sine = rotations(shape.length, shape.width // shape.heads)

    def cache(self, batch: int) -> KeyValueCache:
        size = (
            self.shape.layers,
            batch,
            self.shape.heads,
            self.shape.length,
            self.shape.width // self.shape.heads,
        )
        return KeyValueCache(np.zeros(size, np.float32), np.zeros(size, np.float32))

    def step(self, tokens: NDArray[np.intp], cache: KeyValueCache) -> Floats:
        """Logits, (batch, vocabulary), after one more token a sequence, (batch,)."""
        stream = norm(self.embed[tokens])
        for layer, block in enumerate(self.blocks):
            stream = stream + self._attend(norm(stream), layer, cache) @ block["out"].T
            gate = np.maximum(norm(stream) @ block["up"].T, 0)
            stream = stream + (gate * gate) @ block["down"].T
        cache.length += 1
        return np.asarray(norm(stream) @ self.head.T, np.float32)

    def _attend(self, stream: Floats, layer: int, cache: KeyValueCache) -> Floats:
        batch, width = stream.shape
        at = cache.length
        mixed = (stream @ self.blocks[layer]["mix"].T).reshape(batch, 3, self.shape.heads, -1)
        query, key = (self._rotate(norm(mixed[:, part]), at) for part in (0, 1))
        cache.keys[layer, :, :, at], cache.values[layer, :, :, at] = key, mixed[:, 2]
        keys, values = cache.keys[layer, :, :, : at + 1], cache.values[layer, :, :, : at + 1]
        scores = np.matmul(keys, query[..., None])[..., 0] / np.float32(np.sqrt(query.shape[-1]))
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        return np.asarray(np.matmul(weights[..., None, :], values).reshape(batch, width), np.float32)

    def _rotate(self, heads: Floats, at: int) -> Floats:
        first, second = np.split(heads, 2, axis=-1)
        cosine, sine = self.cosine[at], self.sine[at]
        return np.concatenate((first * cosine - second * sine, first * sine + second * cosine), axis=-1)


def norm(stream: Floats) -> Floats:
    scale = np.sqrt(np.square(stream).mean(-1, keepdims=True) + np.float32(TINY))
    return np.asarray(stream / scale, np.float32)
