"""The fingerprint of N defects: N − 1 edges in an order that no symmetry of the crystal changes.

Defects are ordered by distance from the centre plane, atomic number, and total distance to the
others; the edges join neighbours in that order. Among defects that tie, the order is the one
whose edges come first.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.configuration import Configuration
from tools.defects.graph import DefectGraph, defect_graph
from tools.defects.pairs import COLUMNS

DECIMALS: Final = 2  # of an Å: distances between sites differ by far more, rounding errors by far less
WIDTH: Final = 1.0  # Å over which two edges grow unlike

Edge = tuple[float, float]


@dataclass(frozen=True)
class Fingerprint:
    """`kinds`: (before, after) atomic numbers in order; `edges`: (distance, Δz) in Å from each to the next."""

    host: str
    kinds: tuple[tuple[int, int], ...]
    edges: tuple[Edge, ...]


def fingerprint(configuration: Configuration) -> Fingerprint:
    graph = defect_graph(configuration)
    columns = [COLUMNS.index(name) for name in ("distance", "dz")]
    lengths = graph.edges[..., columns].round(DECIMALS)
    edges: list[list[Edge]] = [[(d, z) for d, z in row] for row in lengths.tolist()]
    order = _first(_tied(configuration, graph, lengths[..., 0]), edges)
    kinds = tuple((int(graph.before[k]), int(graph.after[k])) for k in order)
    return Fingerprint(
        configuration.host.name, kinds, tuple(edges[p][q] for p, q in zip(order, order[1:], strict=False))
    )


def similarity(one: Fingerprint, other: Fingerprint) -> float:
    """Product over the edges, each 1 where equal; 0 where host, number or kinds of defects differ."""
    if (one.host, one.kinds) != (other.host, other.kinds):
        return 0.0
    apart = np.array(one.edges) - np.array(other.edges)
    return float(np.exp(-(apart**2).sum() / (2 * WIDTH**2)))


def _tied(configuration: Configuration, graph: DefectGraph, distance: NDArray[np.float64]) -> list[list[int]]:
    """Groups of defects in order; within a group the keys are equal."""
    heights = configuration.host.basis[:, 2]
    centre = (heights.max() + heights.min()) / 2
    above = np.abs(heights - centre).round(DECIMALS)[configuration.sites[:, 2]]
    keys = [
        (above[k], int(graph.after[k]), int(graph.before[k]), round(float(np.sort(distance[k]).sum()), DECIMALS))
        for k in range(len(above))
    ]
    ordered = sorted(range(len(keys)), key=keys.__getitem__)
    return [list(group) for _, group in groupby(ordered, key=keys.__getitem__)]


def _first(groups: list[list[int]], edges: list[list[Edge]]) -> tuple[int, ...]:
    """The order, group after group, whose sequence of edges is the least."""
    orders: list[tuple[int, ...]] = [()]
    for group in groups:
        for _ in group:
            longer = [(*order, k) for order in orders for k in group if k not in order]
            steps = [edges[o[-2]][o[-1]] if len(o) > 1 else (0.0, 0.0) for o in longer]
            least = min(steps)
            # what follows depends only on which are used and where we stand
            orders = list({(frozenset(o), o[-1]): o for o, step in zip(longer, steps, strict=True) if step == least}.values())
    return orders[0]
