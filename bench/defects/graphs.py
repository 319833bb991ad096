"""Graphs for the baselines: of all atoms, as matgl takes them, and of the defects alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.configuration import VACANCY, Configuration
from tools.defects.graph import ELEMENT_NUMBERS, defect_graph
from tools.defects.hosts import Host

ELEMENTS: Final = tuple(sorted(set(ELEMENT_NUMBERS) - {VACANCY}))
HEIGHT: Final = 20.0  # Å, of the cell; the layer has no neighbours above or below


@dataclass(frozen=True)
class Graph:
    """Nodes by type, their places (Å) and edges, each to an image `offset` (Å) away."""

    types: NDArray[np.int64]
    places: NDArray[np.float32]
    edges: NDArray[np.int64]
    offsets: NDArray[np.float32]
    extra: NDArray[np.float32]
    """(edges, 1): |Δz| of defects; of atoms, nothing that the places do not say."""
    state: NDArray[np.float32]
    """The pristine composition: a share an element."""


@dataclass(frozen=True)
class Sites:
    """A pristine supercell's sites and the pairs of them within a cutoff."""

    places: NDArray[np.float32]
    edges: NDArray[np.int64]
    offsets: NDArray[np.float32]


def atom_graph(configuration: Configuration, cutoff: float) -> Graph:
    """The unrelaxed structure: its atoms, joined within `cutoff` Å."""
    host, n, m = configuration.host, configuration.n, configuration.m
    sites, now = _sites(host, n, m, cutoff), np.array([host.elements] * (n * m), dtype=object).ravel()
    for d in configuration.defects:
        now[(d.i * m + d.j) * len(host.sites) + d.basis] = d.after
    here = now != VACANCY
    kept = here[sites.edges].all(0)
    place = np.cumsum(here) - 1
    types = np.array([ELEMENTS.index(e) for e in now[here]])
    edges = place[sites.edges[:, kept]]
    return Graph(
        types,
        sites.places[here],
        edges,
        sites.offsets[kept],
        np.zeros((edges.shape[1], 0), np.float32),
        _state(host),
    )


def sparse_graph(configuration: Configuration) -> Graph:
    """The defects, every pair joined; a type is what was there and what is there now."""
    graph = defect_graph(configuration)
    n = len(graph.before)
    edges = np.argwhere(~np.eye(n, dtype=bool)).T
    lengths = graph.edges[edges[0], edges[1]]
    types = graph.before * 100 + graph.after
    return Graph(
        types,
        np.zeros((n, 3), np.float32),
        edges,
        np.c_[lengths[:, :1], np.zeros((len(lengths), 2))].astype(np.float32),
        lengths[:, 1:2].astype(np.float32),
        _state(configuration.host),
    )


def collate(graphs: Sequence[Graph]) -> SimpleNamespace:
    """One graph of many, as torch tensors under the names that matgl reads."""
    import torch

    sizes = np.array([len(g.types) for g in graphs])
    first = np.cumsum(sizes) - sizes
    joined = {
        "node_type": np.concatenate([g.types for g in graphs]),
        "pos": np.concatenate([g.places for g in graphs]),
        "edge_index": np.concatenate([g.edges + k for g, k in zip(graphs, first, strict=True)], axis=1),
        "pbc_offshift": np.concatenate([g.offsets for g in graphs]),
        "extra": np.concatenate([g.extra for g in graphs]),
        "state": np.stack([g.state for g in graphs]),
        "batch": np.repeat(np.arange(len(graphs)), sizes),
    }
    tensors = {name: torch.tensor(x) for name, x in joined.items()}
    return SimpleNamespace(**tensors, num_graphs=len(graphs))


def _state(host: Host) -> NDArray[np.float32]:
    return np.array([host.elements.count(e) / len(host.elements) for e in ELEMENTS], dtype=np.float32)


@lru_cache(maxsize=16)
def _sites(host: Host, n: int, m: int, cutoff: float) -> Sites:
    cells = np.stack(np.meshgrid(np.arange(n), np.arange(m), indexing="ij"), -1).reshape(-1, 2)
    b = len(host.sites)
    fractional = (cells[:, None] + host.basis[None, :, :2]).reshape(-1, 2)
    places = np.c_[fractional @ host.plane, np.tile(host.basis[:, 2], len(cells))]
    most = int(np.ceil(cutoff / min(host.a, host.b) / np.sin(np.radians(host.gamma)))) + 1
    steps = np.stack(np.meshgrid(*[np.arange(-most, most + 1)] * 2, indexing="ij"), -1).reshape(-1, 2)
    edges, offsets = [], []
    for one in range(b):
        for other in range(b):
            apart = (steps + host.basis[other, :2] - host.basis[one, :2]) @ host.plane
            far = np.hypot(np.linalg.norm(apart, axis=1), host.basis[other, 2] - host.basis[one, 2])
            for step in steps[(far <= cutoff) & (far > 0)]:
                wraps, target = np.divmod(cells + step, (n, m))
                edges.append(np.stack([_place(cells, m, b, one), _place(target, m, b, other)]))
                offsets.append(np.c_[(wraps * (n, m)) @ host.plane, np.zeros(len(cells))])
    return Sites(
        places.astype(np.float32), np.concatenate(edges, axis=1), np.concatenate(offsets).astype(np.float32)
    )


def _place(cells: NDArray[np.int64], m: int, b: int, basis: int) -> NDArray[np.int64]:
    return (cells[:, 0] * m + cells[:, 1]) * b + basis
