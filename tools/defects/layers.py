"""The layers of the network, for numpy and torch alike: weights by name, rows of inputs."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np

Array = Any  # numpy.ndarray or torch.Tensor: both offer the operations used here
Weights = Mapping[str, Array]


def linear(p: Weights, name: str, x: Array) -> Array:
    """One product for all rows, whatever axes they lie along."""
    weight = p[f"{name}.weight"]
    rows = x.reshape(-1, x.shape[-1]) @ weight
    rows += p[f"{name}.bias"]
    return rows.reshape(*x.shape[:-1], weight.shape[-1])


def dense(p: Weights, name: str, x: Array, xp: ModuleType) -> Array:
    return linear(p, f"{name}.1", _silu(linear(p, f"{name}.0", x), xp))


def deep(p: Weights, name: str, x: Array, xp: ModuleType) -> Array:
    return linear(p, f"{name}.2", _silu(dense(p, name, x, xp), xp))


def _silu(x: Array, xp: ModuleType) -> Array:
    if hasattr(xp, "nn"):
        return xp.nn.functional.silu(x)  # torch's own is quicker to differentiate
    shrunk = np.minimum(-x, 60)  # so that the exponential stays finite
    np.exp(shrunk, out=shrunk)
    shrunk += 1
    return np.divide(x, shrunk, out=shrunk)


def normal(p: Weights, name: str, x: Array, xp: ModuleType) -> Array:
    """Mean 0 and variance 1 over the last axis, then scaled and shifted."""
    if hasattr(xp, "nn"):
        return xp.nn.functional.layer_norm(x, x.shape[-1:], p[f"{name}.weight"], p[f"{name}.bias"])
    rows = x.reshape(-1, x.shape[-1])
    mean = np.full(rows.shape[1], 1 / rows.shape[1], dtype=rows.dtype)
    centred = rows - (rows @ mean)[:, None]
    centred /= np.sqrt((centred * centred) @ mean + 1e-5)[:, None]
    centred *= p[f"{name}.weight"]
    centred += p[f"{name}.bias"]
    return centred.reshape(x.shape)


def over_triangles(left: Array, right: Array, xp: ModuleType) -> Array:
    """(B, N, N, C) of two: the sum over the k-th third, left from i to k times right from k to j."""
    if hasattr(xp, "nn"):
        return xp.einsum("bikc,bkjc->bijc", left, right)
    one, other = (np.ascontiguousarray(x.transpose(0, 3, 1, 2)) for x in (left, right))
    return (one @ other).transpose(0, 2, 3, 1)


def two_levels(matrices: Array, first: int, xp: ModuleType) -> tuple[Array, Array]:
    """Of (B, n, n) symmetric matrices, the eigenvalues of number `first`, from 0, and the next: (B,) each."""
    if hasattr(xp, "nn"):
        levels = xp.linalg.eigvalsh(matrices)
        return levels[:, first], levels[:, first + 1]
    from scipy.linalg.lapack import get_lapack_funcs

    (solve,) = get_lapack_funcs(("syevr",), (matrices,))
    wanted = {"range": "I", "il": first + 1, "iu": first + 2, "compute_v": 0}
    found = np.array([solve(one, **wanted)[0][:2] for one in matrices])
    return found[:, 0], found[:, 1]


def eye(n: int, xp: ModuleType) -> Array:
    return xp.asarray(np.eye(n, dtype=np.float32))
