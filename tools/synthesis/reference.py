"""Compounds that were made and entries that were only computed, and how near a candidate is to them.

Two compounds are compared where they have the same proportions (or the same prototype): element by element,
by the unlikeness of the elements that stand for each other. Compounds of the candidate's own chemical system
never count, so that a score says nothing of what is known of that system already. While training, a bucket of
systems is left out instead: if a row left out itself alone, its counts would give its own label away.
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tools.synthesis.crystals import Prototype
from tools.synthesis.elements import Floats, element_table
from tools.synthesis.formulas import Composition, read_formula

ENTRIES, MADE = "entries.csv.gz", "made.csv.gz"
REACH: Final = 0.5  # unlikeness, summed over the elements, at which the weight of a compound falls to 1/e
PRIOR: Final = 0.01  # weight of the average, where no compound is near
AVERAGE: Final = 0.4  # share of entries that were made
CHUNK: Final = 2_000_000  # pairs that are compared at once
FEATURES: Final = (
    "made compounds", "other entries", "share made nearby", "made nearby",
    "nearest made", "nearest other",
)  # fmt: skip

Slots = tuple[int, ...]


class Key(NamedTuple):
    """What two compounds have in common if they are compared, and the elements that stand in its slots."""

    shape: tuple[object, ...]
    elements: Slots


@dataclass(frozen=True)
class MaterialsProjectEntry:
    """A row of the Materials Project; `hull` in eV/atom."""

    number: int
    prototype: Prototype
    hull: float
    made: bool

    @property
    def composition(self) -> Composition:
        return self.prototype.composition

    @property
    def name(self) -> str:
        return f"mp-{self.number}"


def system_of(composition: Composition) -> Slots:
    """Return the chemical system: atomic numbers."""
    return tuple(z for z, _ in composition)


def key_of_proportions(composition: Composition) -> Key:
    """Elements are ordered by their number of atoms, then by electronegativity."""
    rank = element_table().electronegativity
    parts = sorted(composition, key=lambda part: (part[1], rank[part[0] - 1]))
    return Key(tuple(count for _, count in parts), tuple(z - 1 for z, _ in parts))


def key_of_prototype(one: Prototype) -> Key:
    """Elements are ordered by the sites that they take, then by electronegativity."""
    rank = element_table().electronegativity
    parts = sorted(
        zip(one.sites, one.composition, strict=True), key=lambda part: (part[0], rank[part[1][0] - 1])
    )
    return Key((one.space_group, *(site for site, _ in parts)), tuple(part[0] - 1 for _, part in parts))


class Neighbourhood:
    """Compounds by shape; `made` says which were made."""

    def __init__(self, keys: Sequence[Key], tokens: Sequence[Hashable], made: Sequence[bool]) -> None:
        """`tokens`: compounds with the token of a candidate do not count for it."""
        self._unlike = element_table().unlikeness()
        self._numbers: dict[Hashable, int] = {}
        places: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for place, key in enumerate(keys):
            places[key.shape].append(place)
        self._groups = {
            shape: (
                np.array(held),
                np.array([keys[i].elements for i in held]),
                np.array([self._numbers.setdefault(tokens[i], len(self._numbers)) for i in held]),
                np.array([made[i] for i in held], float),
            )
            for shape, held in places.items()
        }

    def features(self, keys: Sequence[Key], tokens: Sequence[Hashable]) -> Floats:
        """Return the numbers that `FEATURES` names (n, 6)."""
        found = np.full((len(keys), len(FEATURES)), np.nan)
        found[:, :2] = 0
        asked: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for place, key in enumerate(keys):
            if key.shape in self._groups:
                asked[key.shape].append(place)
        for shape, held in asked.items():
            step = max(1, CHUNK // len(self._groups[shape][0]))
            for start in range(0, len(held), step):
                some = held[start : start + step]
                found[some] = self._compare(shape, [keys[i] for i in some], [tokens[i] for i in some])
        return found

    def nearest_made(self, key: Key, most: int) -> list[tuple[int, float]]:
        """Return places and unlikeness (summed over the elements) of the nearest that were made."""
        if key.shape not in self._groups:
            return []
        places, elements, _, made = self._groups[key.shape]
        unlike = self._unlike[np.array(key.elements), elements].sum(-1)
        unlike[made == 0] = np.inf
        order = np.argsort(unlike, kind="stable")[:most]
        return [(int(places[i]), float(unlike[i])) for i in order if np.isfinite(unlike[i])]

    def _compare(self, shape: tuple[object, ...], keys: Sequence[Key], tokens: Sequence[Hashable]) -> Floats:
        _, elements, own, made = self._groups[shape]
        slots = np.array([key.elements for key in keys])
        unlike = np.zeros((len(keys), len(made)))
        for slot in range(slots.shape[1]):
            unlike += self._unlike[slots[:, slot][:, None], elements[:, slot][None]]
        numbers = np.array([self._numbers.get(token, -1) for token in tokens])
        foreign = numbers[:, None] != own[None]
        weights = np.where(foreign, np.exp(-unlike / REACH), 0.0)
        total, of_made = weights.sum(1), weights @ made
        return np.stack(
            [
                foreign @ made,
                foreign @ (1 - made),
                (of_made + AVERAGE * PRIOR) / (total + PRIOR),
                of_made,
                _least(unlike, foreign & (made == 1)),
                _least(unlike, foreign & (made == 0)),
            ],
            axis=1,
        )


class Reference:
    """Entries and made compounds, searchable by proportions and by prototype."""

    def __init__(
        self,
        entries: Sequence[MaterialsProjectEntry],
        others: Sequence[tuple[int, Composition]],
        token: Callable[[Composition], Hashable] = system_of,
    ) -> None:
        """`others`: number and composition of made compounds that are not among the entries."""
        self.token = token
        made: dict[Composition, int] = {}
        computed: dict[Composition, int] = {}
        for entry in entries:
            (made if entry.made else computed).setdefault(entry.composition, entry.number)
        for number, composition in others:
            made.setdefault(composition, number)
        self.made = made
        self._compounds = [*made, *(one for one in computed if one not in made)]
        self._entries = list(entries)
        self.by_proportions = Neighbourhood(
            [key_of_proportions(one) for one in self._compounds],
            [token(one) for one in self._compounds],
            [one in made for one in self._compounds],
        )
        self.by_prototype = Neighbourhood(
            [key_of_prototype(entry.prototype) for entry in entries],
            [token(entry.composition) for entry in entries],
            [entry.made for entry in entries],
        )

    def alike(self, composition: Composition, most: int) -> list[tuple[Composition, int, float]]:
        """Return made compounds of the same proportions: composition, number, unlikeness."""
        found = self.by_proportions.nearest_made(key_of_proportions(composition), most)
        return [(self._compounds[i], self.made[self._compounds[i]], unlike) for i, unlike in found]

    def alike_in_structure(self, one: Prototype, most: int) -> list[tuple[Composition, int, float]]:
        """Return made compounds of the same prototype: composition, number, unlikeness."""
        found = self.by_prototype.nearest_made(key_of_prototype(one), most)
        return [(self._entries[i].composition, self._entries[i].number, unlike) for i, unlike in found]


def read_entries() -> list[MaterialsProjectEntry]:
    """Return the shipped entries, as `training.tables` wrote them."""
    return [_entry(row) for row in _read(ENTRIES)]


def read_sets() -> list[str]:
    """Return whether each entry is of the set `val` or `test`."""
    return [row["set"] for row in _read(ENTRIES)]


def read_others() -> list[tuple[int, Composition]]:
    """Return the made compounds that are not among the entries."""
    return [(int(row["mp"]), read_formula(row["formula"])) for row in _read(MADE)]


@cache
def shipped_reference() -> Reference:
    return Reference(read_entries(), read_others())


def _entry(row: dict[str, str]) -> MaterialsProjectEntry:
    group, *sites = row["prototype"].split()
    prototype = Prototype(
        read_formula(row["formula"]), int(group), tuple(sites), int(row["atoms"]), float(row["volume"])
    )
    return MaterialsProjectEntry(int(row["mp"]), prototype, float(row["hull"]), row["made"] == "1")


def _read(name: str) -> Iterable[dict[str, str]]:
    content = gzip.decompress((files("tools.synthesis") / "data" / name).read_bytes()).decode()
    return csv.DictReader(content.splitlines())


def _least(unlike: Floats, among: NDArray[np.bool_]) -> Floats:
    least: Floats = np.where(among, unlike, np.inf).min(axis=1, initial=np.inf)
    return np.where(np.isfinite(least), least, np.nan)
