"""What is new about a structure, against those that the model learned from, and how far that takes it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import combinations
from typing import Final

import numpy as np

from tools.defects.clusters import bodies, cluster_kinds
from tools.defects.configuration import KINDS, Configuration, describe, kind_numbers
from tools.defects.features import Strange, load
from tools.defects.graph import ELEMENT_NUMBERS
from tools.defects.hosts import Host
from tools.defects.neighbours import FingerprintLibrary

CLOSE: Final = 6.5  # Å: a pair so near, or a triple by its two shorter sides, is not like any other
BODIES: Final = 3  # kinds that are looked at together: the model has no terms of more
FEW: Final = 6  # defects: of so few, every composition that is not in training is told
TOLD: Final = 4  # sentences
COUNTED: Final = {1: "one", 2: "two", 3: "three"}


class Grade(StrEnum):
    """How far a structure is from those that the model learned from."""

    INSIDE = "inside"
    INTERPOLATES = "interpolates"
    EXTRAPOLATES = "extrapolates"
    OUTSIDE = "outside"


ORDER: Final = tuple(Grade)
Kinds = tuple[int, ...]


@dataclass(frozen=True)
class Novelty:
    """The grade, and in sentences what is new."""

    grade: Grade
    told: tuple[str, ...] = ()

    def joined(self, other: "Novelty") -> "Novelty":
        grade = max(self.grade, other.grade, key=ORDER.index)
        return Novelty(grade, tuple(dict.fromkeys((*self.told, *other.told)))[:TOLD])


KNOWN: Final = Novelty(Grade.INSIDE)


@dataclass(frozen=True, eq=False)
class Seen:
    """What training structures are made of: compositions as sorted numbers of kinds, and loads."""

    compositions: frozenset[Kinds]
    loads: tuple[float, ...]
    """Defects in a supercell of the training size, each value once, sorted."""

    @classmethod
    def of(cls, configurations: Iterable[Configuration]) -> "Seen":
        found = [(tuple(sorted(kind_numbers(one))), round(load(one), 3)) for one in configurations]
        return cls(frozenset(kinds for kinds, _ in found), tuple(sorted({many for _, many in found})))

    @classmethod
    def of_library(cls, library: FingerprintLibrary, host: Host) -> "Seen":
        """From the fingerprints of training structures in the training supercell."""
        known = {
            (ELEMENT_NUMBERS[before], ELEMENT_NUMBERS[after]): number
            for number, (name, before, after) in enumerate(KINDS)
            if name == host.name
        }
        kinds = [known[before, after] for before, after in library.kinds.tolist()]
        ends = np.cumsum(library.numbers).tolist()
        whole = (
            tuple(sorted(kinds[end - many : end])) for end, many in zip(ends, library.numbers, strict=True)
        )
        return cls(frozenset(whole), tuple(sorted({float(many) for many in library.numbers})))

    def judge(self, configurations: Sequence[Configuration], strange: Strange) -> list[Novelty]:
        """Return what is new about each; `strange` has their clusters that no training structure has."""
        clusters = _close(strange)
        return [
            self._of_composition(one).joined(_of_supercell(one)).joined(clusters.get(row, KNOWN))
            for row, one in enumerate(configurations)
        ]

    def _of_composition(self, configuration: Configuration) -> Novelty:
        kinds, many = tuple(sorted(kind_numbers(configuration))), round(load(configuration), 3)
        if (kinds, many) not in self._judged:
            self._judged[kinds, many] = self._of_kinds(kinds).joined(self._of_load(many))
        return self._judged[kinds, many]

    def _of_kinds(self, kinds: Kinds) -> Novelty:
        if kinds in self.compositions:
            return KNOWN
        for number in range(1, BODIES + 1):
            if new := sorted(_parts(kinds, number) - self._together):
                return Novelty(Grade.EXTRAPOLATES, (f"no training structure has {_listed(new[0])} at once",))
        counts = Counter(kinds)
        if len(kinds) <= FEW:
            told = f"no training structure has this composition of {len(kinds)} defects"
            return Novelty(Grade.INTERPOLATES, (told,))
        more = [kind for kind, count in counts.items() if count > self._most.get(kind, 0)]
        if more:
            told = f"{counts[more[0]]} {_named(more[0])}, at most {self._most[more[0]]} in training"
            return Novelty(Grade.EXTRAPOLATES, (told,))
        return KNOWN

    def _of_load(self, many: float) -> Novelty:
        low, high = self.loads[0], self.loads[-1]
        if many in self.loads:
            return KNOWN
        told = f"{many:g} defects in a supercell of the training size"
        if many > high:
            return Novelty(Grade.EXTRAPOLATES, (f"{told}, at most {high:g} in training",))
        if many < low:
            return Novelty(Grade.INTERPOLATES, (f"{told}, at least {low:g} in training",))
        return Novelty(Grade.INTERPOLATES, (f"{told}: a density between those of training",))

    @cached_property
    def _together(self) -> frozenset[Kinds]:
        """Kinds, up to three with repetition, that one training structure has at once."""
        sizes = range(1, BODIES + 1)
        return frozenset(
            part for whole in self.compositions for size in sizes for part in _parts(whole, size)
        )

    @cached_property
    def _most(self) -> dict[int, int]:
        """How many of each kind a training structure has at most."""
        most: Counter[int] = Counter()
        for whole in self.compositions:
            most |= Counter(whole)
        return dict(most)

    @cached_property
    def _judged(self) -> dict[tuple[Kinds, float], Novelty]:
        return {}


def _parts(kinds: Kinds, size: int) -> set[Kinds]:
    few = sorted(kind for kind, count in Counter(kinds).items() for _ in range(min(count, size)))
    return set(combinations(few, size))


def _of_supercell(configuration: Configuration) -> Novelty:
    own, trained = (configuration.n, configuration.m), configuration.host.supercell
    if own == trained:
        return KNOWN
    told = f"a supercell of {own[0]}×{own[1]} cells, {trained[0]}×{trained[1]} in training"
    return Novelty(Grade.INTERPOLATES, (told,))


def _close(strange: Strange) -> dict[int, Novelty]:
    """By structure: pairs and triples of defects near each other that no training structure has."""
    extents, kinds = strange.layout.extents, cluster_kinds(strange.codes)
    near = np.flatnonzero((extents <= CLOSE) & (bodies(strange.codes) > 1))
    found: dict[int, Novelty] = {}
    rows, columns = strange.clusters[:, near].nonzero()
    for row, column in sorted(zip(rows.tolist(), near[columns].tolist(), strict=True)):
        named = tuple(kinds[column][kinds[column] >= 0].tolist())
        if len(named) == 2:  # noqa: PLR2004 a pair
            told = f"{_listed(named)} {extents[column]:.1f} Å apart, as no training structure has them"
            new = Novelty(Grade.EXTRAPOLATES, (told,))
        else:
            told = f"a triangle of {_listed(named)} that no training structure has so close, or so turned"
            new = Novelty(Grade.INTERPOLATES, (told,))
        found[row] = found.get(row, KNOWN).joined(new)
    return found


def _listed(kinds: Kinds) -> str:
    return " and ".join(f"{COUNTED[count]} {_named(kind)}" for kind, count in sorted(Counter(kinds).items()))


def _named(kind: int) -> str:
    return describe(KINDS[kind][1:])
