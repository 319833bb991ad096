"""Structures as the arrays that the covariance compares."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from tools.defects.clusters import ClusterVocabulary, bodies, cluster_kinds, extent
from tools.defects.configuration import Configuration
from tools.defects.environments import environments, host_kinds
from tools.defects.hosts import Host
from tools.defects.kernel import Features, Layout
from tools.defects.shells import shell_distances


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
