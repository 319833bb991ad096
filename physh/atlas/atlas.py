"""The atlas: concepts of PhySH and how the literature writes of them together, by year."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from physh.atlas.text import stems
from physh.errors import AtlasError
from physh.unit_rows import scale_to_unit

Vector = NDArray[np.float32]
SHIPPED = Path(__file__).parent.parent / "data" / "atlas.npz"
SHRUNK = 3.0  # expected works that are added: a pair seen once by chance is no surprise
FEWEST = 3  # abstracts that join two concepts which are called known together
USED = 0.3  # and their strength
RECENT = 5  # years that a trend compares with those before
MOST_REACH = 3.0  # standard deviations beyond which more says no more
BYTES = 50.0  # of a word's strength per unit
TABLES = ("about", "uris", "years", "works", "counts", "first", "second", "year", "together", "words")


@dataclass(frozen=True)
class ConceptPair:
    """Two concepts in the literature.

    `strength`: log of observed over expected works, shrunk to 0 for few. `trend`: log2 of the yearly share in
    the last RECENT years over that before, None for too few works.
    """

    together: int
    first_year: int | None
    by_year: Mapping[int, int]
    strength: float
    trend: (
        float | None
    )  # log2 of the yearly share in the last RECENT years over that before; None for too few

    @property
    def direction(self) -> str:
        if self.trend is None:
            return "too few works for a trend"
        return "rising" if self.trend > 0.5 else "falling" if self.trend < -0.5 else "steady"  # noqa: PLR2004 - by √2


class Atlas:
    """Read-only. `about` says of which works it is made, until which year and by which command."""

    def __init__(self, tables: Mapping[str, NDArray[np.generic]], sha256: str = "") -> None:
        self.about = json.loads(tables["about"].tobytes())
        self.sha256 = sha256
        self.uris = tables["uris"].tobytes().decode().split("\n")
        self.places = {uri: place for place, uri in enumerate(self.uris)}
        self.years = tables["years"].astype(int)
        self.works = tables["works"].astype(np.float64)
        self.counts = tables["counts"]
        self.total = int(self.works.sum())
        self._tables = tables
        self._usual: dict[int, tuple[float, float]] = {}

    @cached_property
    def seen(self) -> Vector:
        """Works with each concept."""
        seen: Vector = self.counts.sum(axis=1).astype(np.float32)
        return seen

    def concept(self, uri: str) -> dict[int, int]:
        """Works with the concept by year; empty for one that the atlas does not know."""
        place = self.places.get(uri)
        row = self.counts[place] if place is not None else ()
        return {int(year): int(n) for year, n in zip(self.years, row, strict=False) if n}

    def until(self, year: int) -> "Atlas":
        """Return what it knew at the end of a year: counts of concepts and pairs, with words as they are now.

        Raises AtlasError if no work is as old as that.
        """
        kept = int(np.searchsorted(self.years, year, side="right"))
        if not kept or not self.works[:kept].sum():
            raise AtlasError(f"the atlas begins in {self.years[0]}: nothing in it is from {year} or earlier")
        early = np.less(self._tables["year"], kept)
        pairs = {name: self._tables[name][early] for name in ("first", "second", "year", "together")}
        cut = {"years": self._tables["years"][:kept], "works": self._tables["works"][:kept]}
        about = {**self.about, "works": int(self.works[:kept].sum()), "to": int(self.years[kept - 1])}
        told = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
        counts = self._tables["counts"][:, :kept]
        return Atlas({**self._tables, **pairs, **cut, "counts": counts, "about": told}, self.sha256)

    def pair(self, first: str, second: str) -> ConceptPair:
        """What is known of two concepts together; nothing of one that the atlas does not know."""
        one, other = self.places.get(first), self.places.get(second)
        if one is None or other is None:
            return ConceptPair(0, None, {}, 0.0, None)
        low, high = sorted((one, other))
        start, end = np.searchsorted(self._keys, (low << 16 | high, (low << 16 | high) + 1))
        at = slice(start, end)
        by_year = {
            int(self.years[y]): int(n)
            for y, n in zip(self._tables["year"][at], self._tables["together"][at], strict=True)
        }
        together = sum(by_year.values())
        expected = float(self.seen[one] * self.seen[other]) / self.total
        strength = max(0.0, float(np.log((together + 0.5) / (expected + SHRUNK)))) if together > 1 else 0.0
        return ConceptPair(
            together, min(by_year, default=None), by_year, round(strength, 2), self._trend(by_year)
        )

    def neighbours(self, uri: str, limit: int = 12) -> list[tuple[str, int, float]]:
        """(URI, works together, strength), strongest first."""
        place = self.places.get(uri)
        if place is None:
            return []
        others, together, strengths = self.row(place)
        order = np.argsort(-strengths, kind="stable")[:limit]
        return [(self.uris[others[i]], int(together[i]), round(float(strengths[i]), 2)) for i in order]

    def row(self, place: int) -> tuple[NDArray[np.intp], Vector, Vector]:
        """Places of all concepts met more than once, works together, strengths."""
        ends, others, together, strengths = self._links
        at = slice(ends[place], ends[place + 1])
        return others[at], together[at], strengths[at]

    def between(self, first: str, second: str, limit: int = 3) -> list[list[str]]:
        """The strongest chains of one concept between two, as URIs without the ends."""
        one, other = self.places.get(first), self.places.get(second)
        if one is None or other is None:
            return []
        left, right = (
            dict(zip(r[0].tolist(), r[2].tolist(), strict=True)) for r in (self.row(one), self.row(other))
        )
        shared = sorted(left.keys() & right.keys(), key=lambda p: -min(left[p], right[p]))
        return [[self.uris[p]] for p in shared[:limit] if min(left[p], right[p]) > 0]

    def reach(self, concepts: Sequence[str], methods: Sequence[str]) -> list[float]:
        """Partners that each method shares with the concepts, in standard deviations; the first weigh most.

        Cosines of rows of strengths, over those of the method to all concepts: a method that the literature
        could use on them, whether it does or not.
        """
        rows = self._rows
        about = np.zeros(len(self.uris), dtype=np.float32)
        for rank, uri in enumerate(concepts, start=1):
            if uri in self.places:
                about += rows[self.places[uri]] / rank
        norm = float(np.linalg.norm(about)) or 1.0
        self._learn_usual([self.places[uri] for uri in methods if uri in self.places])
        found = []
        for uri in methods:
            place = self.places.get(uri, -1)
            mean, spread = self._usual.get(place, (0.0, 0.0))
            score = (float(rows[place] @ about) / norm - mean) / spread if spread else 0.0
            found.append(min(MOST_REACH, max(-MOST_REACH, score)))
        return found

    def _learn_usual(self, places: Sequence[int]) -> None:
        """Keep mean and spread of the cosines of these concepts to all."""
        new = [place for place in places if place not in self._usual]
        if new:
            cosines = self._rows @ self._rows[new].T
            means, spreads = cosines.mean(axis=0).tolist(), cosines.std(axis=0).tolist()
            self._usual.update(zip(new, zip(means, spreads, strict=True), strict=True))

    def rarity(self, text: str) -> dict[str, float]:
        """Return how rare a text's words are in abstracts, by stem: ln(works / works with it), in nats."""
        found = {}
        for known in set(stems(text)) & self._vocabulary.keys():
            seen = int(self._tables["frequency"][self._vocabulary[known]])
            found[known] = float(np.log(self.total / max(1, seen)))
        return found

    def evoked(self, text: str) -> Vector:
        """For each concept how strongly a text's words go with it in abstracts, rare words counting more."""
        scores = np.zeros(len(self.uris), dtype=np.float32)
        weight = 0.0
        ends, concepts = self._tables["word_ends"], self._tables["word_concepts"]
        strengths = self._tables["word_strengths"]
        for row in {self._vocabulary[s] for s in stems(text) if s in self._vocabulary}:
            rarity = float(np.log(self.total / max(1, int(self._tables["frequency"][row]))))
            at = slice(int(ends[row]), int(ends[row + 1]))
            scores[concepts[at]] += strengths[at].astype(np.float32) / BYTES * rarity
            weight += rarity
        found: Vector = scores / weight if weight else scores
        return found

    def associated(self, weights: Mapping[int, float]) -> Vector:
        """For each concept the mean strength to the weighted places."""
        scores = np.zeros(len(self.uris), dtype=np.float32)
        for place, weight in weights.items():
            others, _, strengths = self.row(place)
            scores[others] += weight * strengths
        return scores

    def _trend(self, by_year: Mapping[int, int]) -> float | None:
        late = self.years > self.years[-1] - RECENT
        n = np.array([by_year.get(int(year), 0) for year in self.years], dtype=float)
        if n.sum() < 2 * RECENT or not self.works[~late].sum():
            return None
        rates = [(n[part].sum() + 0.5) / (self.works[part].sum() + 1) for part in (late, ~late)]
        return round(float(np.log2(rates[0] / rates[1])), 2)

    @cached_property
    def _rows(self) -> Vector:
        """(concepts, concepts): strengths, each row of length 1 or 0."""
        ends, others, _, strengths = self._links
        rows = np.zeros((len(self.uris), len(self.uris)), dtype=np.float32)
        rows[np.repeat(np.arange(len(self.uris)), np.diff(ends)), others] = strengths
        scale_to_unit(rows)
        return rows

    @cached_property
    def met(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        """Places of all pairs (the lower first), abstracts with both, and the first one's year."""
        keys, starts = np.unique(self._keys, return_index=True)
        if not len(keys):
            empty = np.zeros(0, dtype=np.intp)
            return empty, empty, empty, empty
        together = np.add.reduceat(self._tables["together"].astype(np.intp), starts)
        first = np.minimum.reduceat(self._tables["year"].astype(np.intp), starts)
        return (keys >> 16).astype(np.intp), (keys & 0xFFFF).astype(np.intp), together, self.years[first]

    @cached_property
    def joined(self) -> Vector:
        """(concepts, concepts): 1 where abstracts join two more often than by chance, else 0."""
        found: Vector = (self._rows > 0).astype(np.float32)
        return found

    def known(self, first: Sequence[str], second: Sequence[str]) -> NDArray[np.bool_]:
        """(first, second): whether at least FEWEST abstracts join two concepts, and more than by chance."""
        rows, columns = (np.array([self.places.get(uri, -1) for uri in uris]) for uris in (first, second))
        within, beside = rows >= 0, columns >= 0
        together = self.together(rows[within], columns[beside])
        expected = np.outer(self.seen[rows[within]], self.seen[columns[beside]]) / self.total
        found = np.zeros((len(first), len(second)), dtype=bool)
        often = np.log((together + 0.5) / (expected + SHRUNK)) > USED
        found[np.ix_(within, beside)] = often & (together >= FEWEST)
        return found

    def together(self, first: NDArray[np.intp], second: NDArray[np.intp]) -> NDArray[np.intp]:
        """(first, second): abstracts with both, of all concepts at the one places and at the others."""
        one, other, together, _ = self.met
        rows, columns = (np.full(len(self.uris), -1) for _ in range(2))
        rows[first], columns[second] = np.arange(len(first)), np.arange(len(second))
        found = np.zeros((len(first), len(second)), dtype=np.intp)
        for i, j in ((one, other), (other, one)):
            kept = (rows[i] >= 0) & (columns[j] >= 0)
            found[rows[i[kept]], columns[j[kept]]] = together[kept]
        return found

    @cached_property
    def _keys(self) -> NDArray[np.int64]:
        return self._tables["first"].astype(np.int64) << 16 | self._tables["second"].astype(np.int64)

    @cached_property
    def _vocabulary(self) -> dict[str, int]:
        return {word: row for row, word in enumerate(self._tables["words"].tobytes().decode().split("\n"))}

    @cached_property
    def _links(self) -> tuple[NDArray[np.intp], NDArray[np.intp], Vector, Vector]:
        """Both directions of all pairs in more than one work, by rows."""
        keys, starts = np.unique(self._keys, return_index=True)
        totals = (
            np.add.reduceat(self._tables["together"].astype(np.float32), starts) if len(keys) else np.zeros(0)
        )
        kept = totals > 1
        keys, totals = keys[kept], totals[kept].astype(np.float32)
        one, other = (keys >> 16).astype(np.intp), (keys & 0xFFFF).astype(np.intp)
        expected = self.seen[one] * self.seen[other] / self.total
        strengths = np.log((totals + 0.5) / (expected + SHRUNK)).clip(0).astype(np.float32)
        rows, columns = np.concatenate([one, other]), np.concatenate([other, one])
        order = np.argsort(rows, kind="stable")
        ends = np.searchsorted(rows[order], np.arange(len(self.uris) + 1))
        both = np.concatenate([totals, totals])[order], np.concatenate([strengths, strengths])[order]
        return ends, columns[order], both[0], both[1]


def load(path: Path | None = None) -> Atlas:
    """The atlas in `path`, by default the one that ships. Raises AtlasError with one line if it is none."""
    import hashlib

    path = path or SHIPPED
    try:
        content = path.read_bytes()
        with np.load(path, allow_pickle=False) as stored:
            tables = {name: stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise AtlasError(
            f"{path} cannot be read as an atlas: build it with `hypofind atlas build FILE…`"
        ) from error
    missing = [name for name in TABLES if name not in tables]
    if missing:
        raise AtlasError(
            f"{path} is no atlas: it has no {missing[0]!r}; build one with `hypofind atlas build FILE…`"
        )
    return Atlas(tables, hashlib.sha256(content).hexdigest())
