"""Graphs to put a process on: random, scale-free, small-world, square lattice and complete."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tools.instruments.contract import Settings

Edges = NDArray[np.intp]
"""Pairs of nodes, shape (links, 2), each link once."""


def build(settings: Settings, generator: np.random.Generator) -> tuple[int, Edges]:
    """Return the number of nodes and the links of a graph as `graph`, `nodes`, `mean_degree`, `rewiring` say.

    A square lattice has the largest square number of nodes that `nodes` allows, with periodic boundaries.
    """
    kind, nodes = settings["graph"], int(settings["nodes"])
    degree = float(settings.get("mean_degree", 4.0))
    if kind == "complete":
        first, second = np.triu_indices(nodes, 1)
        return nodes, np.column_stack([first, second])
    if kind == "square_lattice":
        side = int(np.sqrt(nodes))
        return side * side, square_lattice(side)
    if kind == "small_world":
        return nodes, small_world(nodes, degree, float(settings.get("rewiring", 0.1)), generator)
    if kind == "scale_free":
        return nodes, scale_free(nodes, degree, generator)
    return nodes, random_graph(nodes, degree, generator)


def random_graph(nodes: int, degree: float, generator: np.random.Generator) -> Edges:
    """Join every pair with the same probability (Erdős and Rényi)."""
    pairs = nodes * (nodes - 1) // 2
    links = generator.binomial(pairs, min(1.0, degree / (nodes - 1)))
    found = np.empty(0, np.int64)
    while len(found) < links:
        more = generator.integers(0, pairs, links - len(found))
        found = np.unique(np.concatenate([found, more]))
    second = np.floor((1 + np.sqrt(1 + 8.0 * found)) / 2).astype(np.int64)
    second -= second * (second - 1) // 2 > found  # the square root was rounded up
    return np.column_stack([found - second * (second - 1) // 2, second])


def scale_free(nodes: int, degree: float, generator: np.random.Generator) -> Edges:
    """Let each new node join older ones in proportion to their degree (Barabási and Albert).

    A new node brings degree/2 links on average: networkx takes whole numbers only, and a mean degree that is
    varied would stand still between them.
    """
    brings = degree / 2
    whole, rest = int(brings), brings % 1
    core = whole + 2
    links = [(node, node + 1) for node in range(core - 1)]
    ends = [node for link in links for node in link]
    extra = (generator.random(nodes) < rest).tolist()
    lots = iter(generator.random(2 * nodes * (whole + 2)).tolist())
    for new in range(core, nodes):
        wanted = max(1, whole + extra[new])
        chosen: set[int] = set()
        while len(chosen) < wanted:
            lot = next(lots, None)
            chosen.add(ends[int(len(ends) * (generator.random() if lot is None else lot))])
        links += [(old, new) for old in chosen]
        ends += [*chosen, *[new] * len(chosen)]
    return np.array(links, np.intp)


def small_world(nodes: int, degree: float, rewiring: float, generator: np.random.Generator) -> Edges:
    """Join each node of a ring with its nearest ones, then move a share of the ends (Watts and Strogatz).

    Where degree/2 is no whole number, that share of the links to the next shell is there.
    """
    whole, rest = int(degree / 2), degree / 2 % 1
    ring = np.arange(nodes)
    shells = [np.column_stack([ring, (ring + step) % nodes]) for step in range(1, whole + 1)]
    partial = ring[generator.random(nodes) < rest]
    edges = np.concatenate([*shells, np.column_stack([partial, (partial + whole + 1) % nodes])])
    moved = generator.random(len(edges)) < rewiring
    edges[moved, 1] = generator.integers(0, nodes, moved.sum())
    return simple(edges)


def square_lattice(side: int) -> Edges:
    """Join each site of a periodic square with its four neighbours."""
    sites = np.arange(side * side).reshape(side, side)
    pairs = [(sites, np.roll(sites, -1, axis)) for axis in (0, 1)]
    return np.concatenate([np.column_stack([one.ravel(), two.ravel()]) for one, two in pairs])


def simple(edges: Edges) -> Edges:
    """Leave out links of a node with itself, and all but one of the links between two nodes."""
    edges = np.sort(edges[edges[:, 0] != edges[:, 1]], axis=1)
    return np.unique(edges, axis=0)


def adjacency(nodes: int, edges: Edges) -> "csr_array":
    """Return the symmetric matrix of zeros and ones, shape (nodes, nodes)."""
    both = np.concatenate([edges, edges[:, ::-1]])
    return csr_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(nodes, nodes))


def objection(settings: Mapping[str, float | str]) -> str | None:
    """Say why there is no such graph; None where there is."""
    kind, degree, nodes = settings["graph"], float(settings.get("mean_degree", 4.0)), float(settings["nodes"])
    if kind == "square_lattice" and degree != 4:  # noqa: PLR2004 - its coordination number
        return "a node of a square lattice has four neighbours: leave the mean degree at 4"
    if kind == "scale_free" and degree < 2:  # noqa: PLR2004 - one link a new node
        return "a scale-free graph that grows needs a mean degree of at least 2"
    if kind != "complete" and degree > nodes / 4:
        return (
            f"a mean degree of {degree:g} among {nodes:g} nodes is nearly a complete graph: take more nodes"
        )
    return None
