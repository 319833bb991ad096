"""A network on the graph of defects whose gap is the spacing of levels of a small tight-binding model.

Messages between defects, and edges updated over all triangles, give each defect a state and each
pair an edge. From them come the energy, a sum over defects and pairs, and the Hamiltonian of
`hamiltonian`. Written once for numpy (prediction) and torch (training): `xp` is either module.
"""

from dataclasses import dataclass
from types import ModuleType
from typing import Final

import numpy as np

from tools.defects.hamiltonian import DefectPairFeatures, frontier
from tools.defects.layers import Array, Weights, deep, dense, eye, linear, normal, over_triangles
from tools.defects.padded import Batch

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
