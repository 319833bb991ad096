"""Structures as the arrays that the covariance compares: shares of kinds, and what surrounds each defect.

Two pairs of sites share a shell if the host's symmetry (nearly) maps them; the surroundings of a defect are
how many defects of each kind are in each shell around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from tools.defects.clusters import ClusterVocabulary, bodies, cluster_kinds, extent
from tools.defects.configuration import KINDS, Configuration, gather
from tools.defects.graph import COLUMNS, pair_table
from tools.defects.hosts import Host
from tools.defects.kernel import Features, Layout

DECIMALS: Final = 2  # of an Å
UNSEEN: Final = -1

Keys = tuple[tuple[float, ...], ...]


@lru_cache(maxsize=16)
def shell_keys(host: Host) -> Keys:
    """(distance, |Δz|) of each shell in the training supercell, with |Δx|, |Δy| where x and y differ."""
    rows = _keys(host, *host.supercell)
    return tuple(sorted({tuple(row) for row in rows.reshape(-1, rows.shape[-1]).tolist()}))


def shell_distances(host: Host) -> NDArray[np.float64]:
    return np.array([key[0] for key in shell_keys(host)])


@lru_cache(maxsize=64)
def shell_table(host: Host, n: int, m: int) -> NDArray[np.int64]:
    """(b, b, n, m) shell numbers; UNSEEN beyond the training supercell."""
    known = {key: number for number, key in enumerate(shell_keys(host))}
    keys = _keys(host, n, m)
    flat = [known.get(tuple(row), UNSEEN) for row in keys.reshape(-1, keys.shape[-1]).tolist()]
    return np.array(flat, dtype=np.int64).reshape(keys.shape[:-1])


def _keys(host: Host, n: int, m: int) -> NDArray[np.float64]:
    names = ("distance", "dz", "dx", "dy") if host.is_anisotropic else ("distance", "dz")
    values = pair_table(host, n, m).values[..., [COLUMNS.index(name) for name in names]]
    rounded: NDArray[np.float64] = values.round(DECIMALS) + 0.0  # no −0
    return rounded


@dataclass(frozen=True)
class Environments:
    """One row a defect: its structure, its kind (numbered within the host), and counts (kinds, shells)."""

    structure: NDArray[np.int64]
    kind: NDArray[np.int64]
    counts: NDArray[np.uint8]


def host_kinds(host: Host) -> list[int]:
    return [number for number, (name, _, _) in enumerate(KINDS) if name == host.name]


def environments(host: Host, configurations: Sequence[Configuration]) -> Environments:
    """All configurations are of `host`."""
    first, width = host_kinds(host)[0], len(host_kinds(host))
    depth = len(shell_distances(host))
    structure, kinds, counts = [], [], []
    for group in gather(configurations):
        kind, shell = group.kinds - first, shell_table(host, group.n, group.m)[group.between]
        near = (shell != UNSEEN) & ~np.eye(kind.shape[1], dtype=bool)
        which, centre, other = np.nonzero(near)
        place = (which * kind.shape[1] + centre) * width + kind[which, other]
        count = np.bincount(place * depth + shell[near], minlength=kind.size * width * depth)
        structure.append(np.repeat(group.rows, kind.shape[1]))
        kinds.append(kind.ravel())
        counts.append(count.astype(np.uint8).reshape(kind.size, -1))
    order = np.argsort(np.concatenate(structure), kind="stable")
    return Environments(
        np.concatenate(structure)[order], np.concatenate(kinds)[order], np.concatenate(counts)[order]
    )


@dataclass(frozen=True)
class Strange:
    """The U clusters of S structures that no training structure has."""

    clusters: csr_matrix
    """(S, U) counts, per defect."""
    layout: Layout
    codes: NDArray[np.int64]


def features(
    host: Host, configurations: Sequence[Configuration], vocabulary: ClusterVocabulary
) -> tuple[Features, Strange]:
    """All configurations are of `host` and have at least one defect."""
    around = environments(host, configurations)
    numbers = np.array([len(c.defects) for c in configurations], dtype=np.float32)
    member = membership(around.structure, numbers)
    width = len(host_kinds(host))
    shares = member @ np.eye(width, dtype=np.float32)[around.kind]
    known, strange, codes = vocabulary.count(configurations)
    surroundings = around.counts.reshape(len(around.kind), width, -1).astype(np.float32)
    share = diags(1 / numbers.astype(np.float64))  # large sums cancel: double
    counts = (share @ known).tocsr()
    given = Features(counts, shares, loads(configurations), surroundings, around.kind, member)
    return given, Strange((share @ strange).tocsr(), layout(host, codes), codes)


def loads(configurations: Sequence[Configuration]) -> NDArray[np.float32]:
    """(S, 1) defects in a supercell of the training size: what a larger cell is compared by."""
    return np.array([[load(one)] for one in configurations], dtype=np.float32)


def load(configuration: Configuration) -> float:
    """Return how many defects a supercell of the training size has at this density."""
    (n, m), sites = configuration.host.supercell, len(configuration.host.sites)
    return configuration.concentration * n * m * sites


def layout(host: Host, codes: NDArray[np.int64]) -> Layout:
    """Of clusters by their codes."""
    distances = shell_distances(host).astype(np.float32)
    kinds = (cluster_kinds(codes)[..., None] == host_kinds(host)).sum(1).astype(np.float32)
    return Layout(bodies(codes), extent(codes, host).astype(np.float32), kinds, distances)


def membership(structure: NDArray[np.int64], numbers: NDArray[np.floating]) -> csr_matrix:
    """(S, D): which structure each defect is in, weighed so that a structure's mean comes out."""
    places = np.arange(len(structure))
    return csr_matrix(
        ((1 / numbers[structure]).astype(np.float32), (structure, places)), (len(numbers), len(structure))
    )


def choose(trained: Features, rows: NDArray[np.int64], clusters: NDArray[np.floating]) -> Features:
    """Some of the structures, with their clusters."""
    member = trained.member[rows]
    own = np.unique(member.indices)
    return Features(
        clusters,
        trained.shares[rows],
        trained.load[rows],
        trained.surroundings[own],
        trained.kind[own],
        member[:, own],
    )
