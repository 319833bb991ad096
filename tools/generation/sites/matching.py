"""Which sites are the same, and how far a site is from the nearest of a set."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tools.generation.sites.geometry import superposed_distance
from tools.generation.sites.site import Places, Site

HALF = 0.5  # of the longer site's residues that have to be matched
FEWEST = 3  # points that fix a superposition


@dataclass(frozen=True)
class Centres:
    """The residues of a site by name and centre: Cα, or the mean of the atoms where it is missing."""

    order: tuple[str, ...]
    places: Places


def centres_of(site: Site) -> Centres:
    some = [
        residue.places.mean(0) if (at := residue.place("CA")) is None else at for residue in site.residues
    ]
    return Centres(site.order, np.array(some))


class SiteCabinet:
    """Sites with numbers; equal are those of the same residues in the same order within `same` Å.

    The distance is the root mean square over centres after the best superposition.
    """

    def __init__(self, same: float) -> None:
        self._same = same
        self._drawers: dict[tuple[str, ...], list[tuple[int, Places]]] = defaultdict(list)

    def put(self, number: int, site: Site) -> None:
        one = centres_of(site)
        self._drawers[one.order].append((number, one.places))

    def find(self, site: Site) -> int | None:
        one = centres_of(site)
        return next(
            (
                number
                for number, places in self._drawers.get(one.order, ())
                if len(places) < FEWEST or superposed_distance(one.places, places) < self._same
            ),
            None,
        )

    def has_order(self, site: Site) -> bool:
        """Whether some site has the same residues in the same order."""
        return site.order in self._drawers


def nearest_distance(site: Centres, others: Iterable[Centres]) -> float | None:
    """Return the least distance (Å) to others, None where no other is like it.

    Residues are matched by the longest common subsequence of their names; the distance is the root mean
    square over the centres of the matched after superposition. An other is like it where at least half of
    the longer one's residues are matched.
    """
    found = [distance for other in others if (distance := _distance(site, other)) is not None]
    return min(found, default=None)


def _distance(one: Centres, other: Centres) -> float | None:
    least = max(FEWEST, HALF * max(len(one.order), len(other.order)))
    if sum((Counter(one.order) & Counter(other.order)).values()) < least:
        return None
    pairs = common_subsequence(one.order, other.order)
    if len(pairs) < least:
        return None
    first, second = zip(*pairs, strict=True)
    return superposed_distance(one.places[list(first)], other.places[list(second)])


def common_subsequence(one: tuple[str, ...], other: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return the places of a longest common subsequence in both."""
    table = np.zeros((len(one) + 1, len(other) + 1), dtype=int)
    for i in range(len(one) - 1, -1, -1):
        for j in range(len(other) - 1, -1, -1):
            same = one[i] == other[j]
            table[i, j] = table[i + 1, j + 1] + 1 if same else max(table[i + 1, j], table[i, j + 1])
    pairs, i, j = [], 0, 0
    while i < len(one) and j < len(other):
        if one[i] == other[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif table[i + 1, j] >= table[i, j + 1]:
            i += 1
        else:
            j += 1
    return pairs
