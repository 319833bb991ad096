"""The layers of the network, for numpy and torch alike: weights by name, rows of inputs."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np

Array = Any  # numpy.ndarray or torch.Tensor: both offer the operations used here
Weights = Mapping[str, Array]


def linear(p: Weights, name: str, x: Array) -> Array:
    return x @ p[f"{name}.weight"] + p[f"{name}.bias"]


def dense(p: Weights, name: str, x: Array, xp: ModuleType) -> Array:
    return linear(p, f"{name}.1", _silu(linear(p, f"{name}.0", x), xp))


def deep(p: Weights, name: str, x: Array, xp: ModuleType) -> Array:
    return linear(p, f"{name}.2", _silu(dense(p, name, x, xp), xp))


def _silu(x: Array, xp: ModuleType) -> Array:
    if hasattr(xp, "nn"):
        return xp.nn.functional.silu(x)  # torch's own is quicker to differentiate
    return x / (1 + np.exp(-x.clip(min=-60)))


def normal(p: Weights, name: str, x: Array, xp: ModuleType) -> Array:
    """Mean 0 and variance 1 over the last axis, then scaled and shifted."""
    if hasattr(xp, "nn"):
        return xp.nn.functional.layer_norm(x, x.shape[-1:], p[f"{name}.weight"], p[f"{name}.bias"])
    centred = x - x.mean(-1)[..., None]
    scale = ((centred**2).mean(-1)[..., None] + 1e-5) ** 0.5
    return centred / scale * p[f"{name}.weight"] + p[f"{name}.bias"]


def eye(n: int, xp: ModuleType) -> Array:
    return xp.asarray(np.eye(n, dtype=np.float32))
