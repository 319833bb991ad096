"""A tight-binding model of defects: orbitals on each, hoppings between them, and its frontier levels.

Every defect has scalar orbitals and in-plane doublets, half of them occupied. Their levels depend
on its state in the network, and Slater–Koster hoppings (Phys. Rev. 94, 1498 (1954)) join them, so
that turning the plane leaves the levels as they are. The host adds its two band edges.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Final

import numpy as np

from tools.defects.layers import Array, Weights, eye, linear, two_levels
from tools.defects.padded import Batch

SCALARS: Final = 2  # orbitals a defect, the first half of them occupied
DOUBLETS: Final = 2
ORBITALS: Final = SCALARS + 2 * DOUBLETS
HOPPINGS: Final = (
    SCALARS * SCALARS, SCALARS * DOUBLETS, DOUBLETS * SCALARS, DOUBLETS * DOUBLETS, DOUBLETS * DOUBLETS
)  # fmt: skip
"""Scalars with scalars, with doublets and the other way round; doublets across and along the bond."""
OWN: Final = (SCALARS * SCALARS, DOUBLETS * DOUBLETS)
OCCUPANCY: Final = np.array([-1, 1, -1, -1, 1, 1], dtype=np.float32)  # of the orbitals; −1 is occupied
FAR_LEVEL: Final = 30.0  # eV: where the orbitals of absent defects are


@dataclass(frozen=True)
class DefectPairFeatures:
    """Pairs of defects: what the network knows of them, how near they are, and where they point."""

    edge: Array
    """(B, N, N, numbers)"""
    reach: Array
    """(B, N, N, 1) from 1 (near) to 0; 0 for a defect with itself."""
    along: Array
    """(B, N, N, 2) unit vectors in the plane."""

    @property
    def across(self) -> Array:
        """(B, N, N, 2, 2)"""
        return self.along[..., :, None] * self.along[..., None, :]


def frontier(
    p: Weights, given: Batch, state: Array, pairs: DefectPairFeatures, xp: ModuleType
) -> tuple[Array, Array]:
    """(B,) each: the highest occupied and the lowest empty level, eV."""
    filled = given.kind.shape[1] * ORBITALS // 2
    return two_levels(_hamiltonian(p, given, state, pairs, xp), filled, xp)


def _hamiltonian(p: Weights, given: Batch, state: Array, pairs: DefectPairFeatures, xp: ModuleType) -> Array:
    """(B, N × ORBITALS + 2) squared, eV: the defects' orbitals and the host's two band edges."""
    b, n = given.kind.shape
    own = eye(n, xp)[:, :, None, None] * _own_orbitals(p, given, state, xp)[:, :, None]
    whole = (_hoppings(p, pairs, xp) + own).swapaxes(2, 3).reshape(b, n * ORBITALS, n * ORBITALS)
    here = xp.stack([given.here] * ORBITALS, -1).reshape(b, -1)
    whole = (whole + whole.swapaxes(1, 2)) / 2 * here[:, :, None] * here[:, None]
    return _with_edges(p, given, whole, 1 - here, xp)


def _hoppings(p: Weights, pairs: DefectPairFeatures, xp: ModuleType) -> Array:
    """(B, N, N, ORBITALS, ORBITALS)"""
    ss, sv, vs, pi, sigma = _blocks(linear(p, "hop", pairs.edge) * pairs.reach, HOPPINGS)
    head = ss.shape[:-1]
    sv, vs = (x[..., None] * pairs.along[..., None, :] for x in (sv, vs))
    vs = vs.reshape(*head, DOUBLETS, SCALARS, 2).swapaxes(-1, -2).reshape(*head, 2 * DOUBLETS, SCALARS)
    sigma = sigma.reshape(*head, DOUBLETS, 1, DOUBLETS, 1) * pairs.across[..., None, :, None, :]
    upper = xp.concatenate(
        [ss.reshape(*head, SCALARS, SCALARS), sv.reshape(*head, SCALARS, 2 * DOUBLETS)], -1
    )
    return xp.concatenate([upper, xp.concatenate([vs, _squared(_isotropic(pi, xp) + sigma)], -1)], -2)


def _own_orbitals(p: Weights, given: Batch, state: Array, xp: ModuleType) -> Array:
    """(B, N, ORBITALS, ORBITALS): levels of each kind, shifted by the defect's state."""
    levels = p["kind.levels"][given.kind]
    ss, pi = _blocks(linear(p, "own", state), OWN)
    ss, pi = ss + _diagonal(levels[..., :SCALARS], xp), pi + _diagonal(levels[..., SCALARS:], xp)
    scalars, doublets = ss.reshape(*ss.shape[:-1], SCALARS, SCALARS), _squared(_isotropic(pi, xp))
    between = xp.concatenate([scalars * 0, scalars * 0], -1)
    upper, lower = (
        xp.concatenate([scalars, between], -1),
        xp.concatenate([between.swapaxes(-1, -2), doublets], -1),
    )
    return xp.concatenate([upper, lower], -2)


def _isotropic(pi: Array, xp: ModuleType) -> Array:
    """(…, DOUBLETS, 2, DOUBLETS, 2): x with x and y with y, alike."""
    return pi.reshape(*pi.shape[:-1], DOUBLETS, 1, DOUBLETS, 1) * eye(2, xp)[:, None]


def _squared(blocks: Array) -> Array:
    return blocks.reshape(*blocks.shape[:-4], 2 * DOUBLETS, 2 * DOUBLETS)


def _with_edges(p: Weights, given: Batch, whole: Array, absent: Array, xp: ModuleType) -> Array:
    """Adds the band edges, and moves the orbitals of absent defects far away."""
    far = xp.asarray(np.tile(OCCUPANCY, given.kind.shape[1]) * np.float32(FAR_LEVEL))
    room = xp.concatenate([whole, whole[:, :, :2] * 0], 2)
    room = xp.concatenate([room, room[:, :2] * 0], 1)
    levels = xp.concatenate([absent * far, p["edges"][given.dataset]], 1)
    return room + eye(room.shape[1], xp) * levels[:, None]


def _blocks(values: Array, sizes: Sequence[int]) -> list[Array]:
    ends = np.cumsum(sizes)
    return [values[..., end - size : end] for size, end in zip(sizes, ends, strict=True)]


def _diagonal(values: Array, xp: ModuleType) -> Array:
    """(…, n) as the diagonal of a flattened (…, n × n)."""
    n = values.shape[-1]
    return (values[..., None] * eye(n, xp)).reshape(*values.shape[:-1], n * n)
