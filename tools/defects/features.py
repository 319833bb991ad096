"""Structures as the arrays that the covariance compares."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from tools.defects.clusters import SHELL_BITS, WORD_BITS, Vocabulary, bodies, extent
from tools.defects.configuration import Configuration
from tools.defects.environments import environments, host_kinds
from tools.defects.hosts import Host
from tools.defects.kernel import Features, Layout
from tools.defects.shells import shell_distances


def features(host: Host, configurations: Sequence[Configuration], vocabulary: Vocabulary) -> Features:
    """All configurations are of `host` and have at least one defect."""
    around = environments(host, configurations)
    numbers = np.array([len(c.defects) for c in configurations], dtype=np.float32)
    member = membership(around.structure, numbers)
    width = len(host_kinds(host))
    shares = member @ np.eye(width, dtype=np.float32)[around.kind]
    counts = vocabulary.count(configurations).toarray() / numbers[:, None].astype(
        np.float64
    )  # large sums cancel: double
    surroundings = around.counts.reshape(len(around.kind), width, -1).astype(np.float32)
    return Features(counts, shares, loads(host, configurations), surroundings, around.kind, member)


def loads(host: Host, configurations: Sequence[Configuration]) -> NDArray[np.float32]:
    """Defects in a supercell of the training size: what a larger cell is compared by."""
    trained = host.supercell[0] * host.supercell[1] * len(host.sites)
    return np.array([[c.concentration * trained] for c in configurations], dtype=np.float32)


def layout(host: Host, vocabulary: Vocabulary) -> Layout:
    codes = vocabulary.codes
    distances = shell_distances(host).astype(np.float32)
    return Layout(bodies(codes), extent(codes, distances).astype(np.float32), _kinds(host, codes), distances)


def _kinds(host: Host, codes: NDArray[np.int64]) -> NDArray[np.float32]:
    """How many bodies of each kind a cluster has."""
    kinds, size = np.array(host_kinds(host)), bodies(codes)
    words = [codes >> (SHELL_BITS + k * WORD_BITS) for k in range(3)]
    pair = [codes >> SHELL_BITS, codes >> (SHELL_BITS + 5)]
    count = np.zeros((len(codes), len(kinds)), dtype=np.float32)
    for number, parts in ((1, [codes]), (2, pair), (3, words)):
        rows = size == number
        for part in parts:
            count[rows] += (part[rows, None] & 31) == kinds
    return count


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
