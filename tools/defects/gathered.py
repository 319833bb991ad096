"""Configurations of one shape and number of defects as arrays: what is said of all takes no loop then."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tools.defects.configuration import Configuration
from tools.defects.hosts import Host
from tools.defects.kinds import kind_numbers

Ints = NDArray[np.int64]
Between = tuple[Ints, Ints, Ints, Ints]


@dataclass(frozen=True)
class Gathered:
    """S configurations of n × m cells with N defects each."""

    members: tuple[Configuration, ...]
    rows: Ints
    """(S,) their places among all."""

    @property
    def host(self) -> Host:
        return self.members[0].host

    @property
    def n(self) -> int:
        return self.members[0].n

    @property
    def m(self) -> int:
        return self.members[0].m

    @cached_property
    def sites(self) -> Ints:
        """(S, N, 3) i, j, basis."""
        return np.array([[(d.i, d.j, d.basis) for d in one.defects] for one in self.members])

    @cached_property
    def kinds(self) -> Ints:
        """(S, N) numbers in KINDS. Raises KeyError for a kind that is not there."""
        return np.array([kind_numbers(one) for one in self.members])

    @cached_property
    def between(self) -> Between:
        """(S, N, N) each: basis from, basis to, and cells along a and b, as tables of pairs are read."""
        i, j, basis = np.moveaxis(self.sites, -1, 0)
        along_a, along_b = (i[:, None] - i[:, :, None]) % self.n, (j[:, None] - j[:, :, None]) % self.m
        from_, to = np.broadcast_arrays(basis[:, :, None], basis[:, None])
        return from_, to, along_a, along_b


def gather(configurations: Sequence[Configuration]) -> list[Gathered]:
    """All have at least one defect."""
    groups: dict[tuple[str, int, int, int], list[int]] = {}
    for row, one in enumerate(configurations):
        groups.setdefault((one.host.name, one.n, one.m, len(one.defects)), []).append(row)
    return [Gathered(tuple(configurations[k] for k in rows), np.array(rows)) for rows in groups.values()]
