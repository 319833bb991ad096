"""What surrounds each defect: how many defects of each kind in each shell around it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.defects.configuration import Configuration
from tools.defects.gathered import gather
from tools.defects.hosts import Host
from tools.defects.kinds import KINDS
from tools.defects.shells import UNSEEN, shell_distances, shell_table


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
