"""A configuration: a host's supercell and what differs from it, with kinds by number and many as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.errors import BadInput, OutsideModel
from tools.defects.hosts import Host

VACANCY = "X"


@dataclass(frozen=True, order=True)
class Defect:
    """On site `basis` of cell (i, j) there is now `after`: an element, or X for a vacancy."""

    i: int
    j: int
    basis: int
    after: str


@dataclass(frozen=True)
class Configuration:
    """n × m unit cells of a host, and its defects."""

    host: Host
    n: int
    m: int
    defects: tuple[Defect, ...]

    def __post_init__(self) -> None:
        sites = {(d.i, d.j, d.basis) for d in self.defects}
        if len(sites) < len(self.defects):
            raise BadInput("two defects stand on one site: give each site once")
        for d in self.defects:
            if not (0 <= d.i < self.n and 0 <= d.j < self.m and 0 <= d.basis < len(self.host.sites)):
                raise BadInput(f"{d} lies outside the {self.n}×{self.m} supercell of {self.host.label}")
            if d.after == self.host.elements[d.basis]:
                raise BadInput(f"{d.after} on {d.after}: an element in its own place is no defect")

    @property
    def size(self) -> int:
        """How many sites the pristine supercell has."""
        return self.n * self.m * len(self.host.sites)

    @property
    def concentration(self) -> float:
        return len(self.defects) / self.size

    @cached_property
    def kinds(self) -> tuple[tuple[str, str], ...]:
        """(species before, species after) of each defect."""
        return tuple((self.host.elements[d.basis], d.after) for d in self.defects)

    @cached_property
    def sites(self) -> NDArray[np.int64]:
        """Rows of (i, j, basis)."""
        return np.array([(d.i, d.j, d.basis) for d in self.defects], dtype=np.int64).reshape(-1, 3)

    @property
    def counts(self) -> dict[tuple[str, str], int]:
        return {kind: self.kinds.count(kind) for kind in sorted(set(self.kinds))}


def describe(kind: tuple[str, str]) -> str:
    """('S', 'X') is a 'vacancy S', ('Mo', 'W') 'W on Mo'."""
    before, after = kind
    return f"vacancy {before}" if after == VACANCY else f"{after} on {before}"


def site_number(configuration: Configuration, defect: Defect) -> int:
    """Its place among the sites of its element: by basis site, then i, then j, from 0."""
    elements = configuration.host.elements
    before = [b for b in range(defect.basis) if elements[b] == elements[defect.basis]]
    return (len(before) * configuration.n + defect.i) * configuration.m + defect.j


def site_at(host: Host, shape: tuple[int, int], element: str, number: int) -> tuple[int, int, int]:
    """The (i, j, basis) that `site_number` counts as `number`."""
    n, m = shape
    places: Sequence[int] = [b for b, e in enumerate(host.elements) if e == element]
    if not places:
        raise OutsideModel(
            f"{host.label} has no {element}: its sites hold {', '.join(sorted(set(host.elements)))}"
        )
    last = n * m * len(places) - 1
    if not 0 <= number <= last:
        raise BadInput(f"{element}@{number}: {n}x{m} cells of {host.label} have {element} sites 0 to {last}")
    which, cell = divmod(number, n * m)
    return cell // m, cell % m, places[which]


KINDS: Final = (
    ("BN", "B", "C"), ("BN", "B", "X"), ("BN", "N", "C"), ("BN", "N", "X"),
    ("GaSe", "Ga", "In"), ("GaSe", "Ga", "X"), ("GaSe", "Se", "S"), ("GaSe", "Se", "X"),
    ("InSe", "In", "Ga"), ("InSe", "In", "X"), ("InSe", "Se", "S"), ("InSe", "Se", "X"),
    ("MoS2", "Mo", "W"), ("MoS2", "Mo", "X"), ("MoS2", "S", "Se"), ("MoS2", "S", "X"),
    ("P", "P", "N"), ("P", "P", "X"),
    ("WSe2", "Se", "S"), ("WSe2", "Se", "X"), ("WSe2", "W", "Mo"), ("WSe2", "W", "X"),
)  # fmt: skip
"""(host, species before, species after); a kind's number is its place here."""


@cache
def numbers() -> dict[tuple[str, str, str], int]:
    return {kind: number for number, kind in enumerate(KINDS)}


@cache
def known_kinds(host: str) -> tuple[tuple[str, str], ...]:
    return tuple((before, after) for name, before, after in KINDS if name == host)


def kind_numbers(configuration: Configuration) -> list[int]:
    """One number a defect; KeyError for a kind outside KINDS."""
    known, host = numbers(), configuration.host.name
    return [known[host, before, after] for before, after in configuration.kinds]


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
