"""A network on the graph of defects whose gap is the spacing of levels of a small tight-binding model.

Messages between defects, and edges updated over all triangles, give each defect a state and each
pair an edge. From them come the energy, a sum over defects and pairs, and a Hamiltonian. Written once
for numpy (prediction) and torch (training): `xp` is either module.

In the Hamiltonian every defect has scalar orbitals and in-plane doublets, half of them occupied. Their
levels depend on its state, and Slater–Koster hoppings (Phys. Rev. 94, 1498 (1954)) join them, so that
turning the plane leaves the levels as they are. The host adds its two band edges.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Final

import numpy as np

from tools.defects.layers import Array, Weights, deep, dense, eye, linear, normal, over_triangles, two_levels
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
    ss, sv, vs, pi, sigma = _orbital_blocks(linear(p, "hop", pairs.edge) * pairs.reach, HOPPINGS)
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
    ss, pi = _orbital_blocks(linear(p, "own", state), OWN)
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


def _orbital_blocks(values: Array, sizes: Sequence[int]) -> list[Array]:
    ends = np.cumsum(sizes)
    return [values[..., end - size : end] for size, end in zip(sizes, ends, strict=True)]


def _diagonal(values: Array, xp: ModuleType) -> Array:
    """(…, n) as the diagonal of a flattened (…, n × n)."""
    n = values.shape[-1]
    return (values[..., None] * eye(n, xp)).reshape(*values.shape[:-1], n * n)


HEADS: Final = 4  # of the attention
CENTRES: Final = np.linspace(0, 14, 20, dtype=np.float32)  # Å
WIDTH: Final = 0.8  # Å
DECAYS: Final = np.array([1.5, 3.0, 6.0], dtype=np.float32)  # Å
MESSAGE_REACH: Final = 5.0  # Å


@dataclass(frozen=True)
class Levels:
    """(B,) each: energy per defect and levels, eV."""

    energy: Array
    gap: Array
    homo: Array
    lumo: Array


def predict_levels(p: Weights, given: Batch, edges: Array, xp: ModuleType) -> Levels:
    """`edges` are those that `first_edges` makes of the pairs that differ."""
    here = given.here
    number = here.sum(1)
    state, edge, reach = _messages(p, given, edges, xp)
    alone = (
        dense(p, "energy.node", normal(p, "energy.normal", state, xp), xp)[..., 0]
        + p["kind.energy"][given.kind][..., 0]
    )
    together = (dense(p, "energy.pair", edge, xp) * reach)[..., 0].sum(2)
    energy = ((alone + together) * here).sum(1) / number
    joined = DefectPairFeatures(edge, reach, given.apart[..., 1:])
    occupied, empty = frontier(p, given, normal(p, "levels.normal", state, xp), joined, xp)
    shift = deep(p, "levels.shift", _summary(p, given, state, xp), xp)
    gap = empty - occupied + shift[:, 0]
    return Levels(energy, gap, occupied + shift[:, 1], empty + shift[:, 1] + shift[:, 2])


def _summary(p: Weights, given: Batch, state: Array, xp: ModuleType) -> Array:
    """(B, numbers): the mean defect, those that attention finds, the composition and the data set."""
    here = given.here[..., None]
    mean = (state * here).sum(1) / here.sum(1)
    heed = xp.exp(linear(p, "attention", state)) * here
    heed = heed / heed.sum(1)[:, None]
    values = linear(p, "value", state)
    values = values.reshape(*values.shape[:2], HEADS, -1)
    seen = (heed[..., None] * values).sum(1).reshape(len(mean), -1)
    return xp.concatenate([mean, seen, given.counts, p["dataset"][given.dataset]], -1)


def _messages(p: Weights, given: Batch, edges: Array, xp: ModuleType) -> tuple[Array, Array, Array]:
    """(B, N, STATE) and (B, N, N, EDGE), and how near the pairs are (B, N, N, 1)."""
    here = given.here
    joined = (here[:, :, None] * here[:, None] * (1 - eye(here.shape[1], xp)))[..., None]
    reach = xp.exp(-given.apart[..., :1] / MESSAGE_REACH) * joined
    state = p["kind.state"][given.kind] + linear(p, "composition", given.counts)[:, None]
    place = given.place  # where `edges` has each pair: what is said of the first edges is said once of each
    for name in _blocks(p):
        own = normal(p, f"{name}.state_normal", state, xp)
        passed = linear(p, f"{name}.filter", edges)[place]
        sent = (passed * linear(p, f"{name}.value", own)[:, None] * reach).sum(2)
        state = state + dense(p, f"{name}.node", xp.concatenate([own, sent], -1), xp)
        ends = linear(p, f"{name}.first", own)[:, :, None] + linear(p, f"{name}.second", own)[:, None]
        left, right = (linear(p, f"{name}.{side}", edges)[place] * reach for side in ("left", "right"))
        between = normal(p, f"{name}.edge_normal", edges, xp)[place] + ends
        seen = xp.concatenate([between, over_triangles(left, right, xp)], -1)
        edges, place = (edges[place] + dense(p, f"{name}.pair", seen, xp)) * joined, ...
    return state, edges[place] * joined, reach


def first_edges(p: Weights, given: Batch, xp: ModuleType) -> Array:
    """(U, EDGE): what the network knows at first of each pair that differs from the others."""
    return dense(p, "edge", _edge_inputs(p, given, xp), xp)


def _edge_inputs(p: Weights, given: Batch, xp: ModuleType) -> Array:
    distance, ends = given.geometry[:, :1], p["kind.edge"][given.ends]
    centres, decays = (xp.asarray(x) for x in (CENTRES, DECAYS))
    columns = [
        xp.exp(-(((distance - centres) / WIDTH) ** 2)),
        xp.exp(-distance / decays),
        given.geometry[:, 1:2] / 3,
        xp.exp(-given.geometry[:, 2:4]),
        given.geometry[:, 2:4] / 6,
        given.geometry[:, 4:6] * xp.exp(-distance / 6),
        ends[:, 0],
        ends[:, 1],
    ]
    return xp.concatenate(columns, -1)


def _blocks(p: Weights) -> list[str]:
    return sorted({name.split(".")[0] for name in p if name.startswith("block")})
