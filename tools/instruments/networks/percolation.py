"""Percolation and the structure of a graph."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components, shortest_path

from tools.instruments.contract import InstrumentError, Measurement, Settings
from tools.instruments.networks.graphs import Edges, adjacency, build

GRAPHS_A_VALUE = 8
SOURCES_A_GRAPH = 64
"""Nodes from which distances are measured; their spread is within the graphs' own."""


def over_graphs(values: list[float]) -> Measurement:
    """Return the mean over realisations and its standard error."""
    return Measurement(value=float(np.mean(values)), std=float(np.std(values, ddof=1) / np.sqrt(len(values))))


def percolate(settings: Settings, response: str, seed: int) -> Measurement:
    """Keep a share of the links or nodes, and measure the clusters that are left."""
    generator = np.random.default_rng(seed)
    return over_graphs([_clusters(settings, response, generator) for _ in range(GRAPHS_A_VALUE)])


def _clusters(settings: Settings, response: str, generator: np.random.Generator) -> float:
    nodes, edges = build(settings, generator)
    kept = _kept_nodes(settings, nodes, edges, generator)
    edges = edges[kept[edges].all(axis=1)]
    if settings["removal"] == "links":
        edges = edges[generator.random(len(edges)) < float(settings["occupation"])]
    _, labels = connected_components(adjacency(nodes, edges), directed=False)
    sizes = np.sort(np.bincount(labels[kept], minlength=1))[::-1]
    sizes = sizes[sizes > 0]
    if response == "largest_component":
        return float(sizes[0] / nodes) if len(sizes) else 0.0
    if response == "second_component":
        return float(sizes[1] / nodes) if len(sizes) > 1 else 0.0
    if response == "component_count":
        return len(sizes) / nodes
    finite = sizes[1:]
    return float((finite**2).sum() / finite.sum()) if len(finite) else 0.0


def _kept_nodes(
    settings: Settings, nodes: int, edges: Edges, generator: np.random.Generator
) -> NDArray[np.bool_]:
    """Return which nodes stay: all where links go; else some by lot, or the least connected."""
    share = float(settings["occupation"])
    if settings["removal"] == "links":
        return np.ones(nodes, bool)
    if settings["removal"] == "nodes":
        return np.asarray(generator.random(nodes) < share)
    degrees = np.bincount(edges.ravel(), minlength=nodes)
    order = np.lexsort((generator.random(nodes), degrees))
    kept = np.zeros(nodes, bool)
    kept[order[: round(share * nodes)]] = True
    return kept


def structure(settings: Settings, response: str, seed: int) -> Measurement:
    """Measure a graph itself: clustering, distances, degrees."""
    generator = np.random.default_rng(seed)
    return over_graphs([_shape(settings, response, generator) for _ in range(GRAPHS_A_VALUE)])


def _shape(settings: Settings, response: str, generator: np.random.Generator) -> float:
    nodes, edges = build(settings, generator)
    matrix = adjacency(nodes, edges)
    degrees = matrix.sum(axis=1)
    if response == "clustering":
        triangles = (matrix @ matrix).multiply(matrix).sum()
        triples = (degrees * (degrees - 1)).sum()
        return float(triangles / triples) if triples else 0.0
    if response == "largest_degree":
        return float(degrees.max())
    if response == "degree_spread":
        return float(degrees.std())
    _, labels = connected_components(matrix, directed=False)
    giant = np.flatnonzero(labels == np.bincount(labels).argmax())
    if len(giant) < 2:  # noqa: PLR2004 - a distance needs two nodes
        raise InstrumentError("no two nodes are joined: raise the mean degree")
    inside = matrix[giant][:, giant]
    sources = generator.choice(len(giant), min(SOURCES_A_GRAPH, len(giant)), replace=False)
    distances = shortest_path(inside, unweighted=True, directed=False, indices=sources)
    if response == "diameter":
        return float(distances.max())
    return float(distances.sum() / (len(sources) * (len(giant) - 1)))
