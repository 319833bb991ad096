"""What surrounds each defect: how many defects of each kind in each shell around it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.defects.configuration import Configuration
from tools.defects.hosts import Host
from tools.defects.kinds import KINDS, kind_numbers
from tools.defects.shells import UNSEEN, shell_distances, shells


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
    for number, configuration in enumerate(configurations):
        kind, shell = kind_numbers(configuration) - first, shells(configuration)
        near = (shell != UNSEEN) & ~np.eye(len(kind), dtype=bool)
        centre, other = np.nonzero(near)
        count = np.zeros((len(kind), width, depth), dtype=np.uint8)
        np.add.at(count, (centre, kind[other], shell[centre, other]), 1)
        structure.append(np.full(len(kind), number))
        kinds.append(kind)
        counts.append(count.reshape(len(kind), -1))
    return Environments(np.concatenate(structure), np.concatenate(kinds), np.concatenate(counts))
