"""What is known of two concepts that have not met: features for link prediction in time."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

import physh
from bench.atlas.words import AbstractMatrix, Profiles, profiles
from physh.atlas import Atlas

RANKS = (16, 64, 200)  # of the reduced matrices
ALIKE = 15  # concepts most like one, whose partners count
RECENT = 3  # years
Matrix = NDArray[np.float32]
PLAIN = ("preferential attachment", "common neighbours", "cosine of surprise", "embedded names")


class Ties(NamedTuple):
    """What does not depend on the literature, for the atlas's concepts in order."""

    names: Matrix  # (concepts, columns): embedded labels, unit length, 0 for an unknown one
    fields: Matrix  # (concepts, disciplines): 1 where it belongs
    facets: Matrix  # (concepts, facets)
    kin: Matrix  # (concepts, concepts): 1 for parent, child, sibling or related


def ties(ontology: physh.Ontology, atlas: Atlas, names: Matrix) -> Ties:
    """Read from the ontology; rows of concepts that this release lacks are 0."""
    size, places = len(atlas.uris), atlas.places
    disciplines = {d.uri: i for i, d in enumerate(ontology.disciplines)}
    facets = {f.uri: i for i, f in enumerate(ontology.facets)}
    within = np.zeros((size, len(disciplines)), dtype=np.float32)
    kinds = np.zeros((size, len(facets)), dtype=np.float32)
    kin = np.zeros((size, size), dtype=np.float32)
    for uri, place in places.items():
        concept = ontology.concepts.get(uri)
        if concept is None:
            continue
        within[place, [disciplines[d] for d in concept.disciplines if d in disciplines]] = 1
        kinds[place, [facets[f] for f in concept.facets if f in facets]] = 1
        siblings = {child for parent in concept.broader for child in ontology.concepts[parent].narrower}
        for other in {*concept.broader, *concept.narrower, *concept.related, *siblings} - {uri}:
            if other in places:
                kin[place, places[other]] = kin[places[other], place] = 1
    return Ties(names, within, kinds, kin)


class Snapshot:
    """All open pairs at the end of a year, with features that use nothing later."""

    def __init__(
        self, atlas: Atlas, known: Ties, year: int, least: int, written: AbstractMatrix | None = None
    ) -> None:
        """`written`: the abstracts themselves, where they are at hand."""
        self.atlas, self.year = atlas, year
        at = int(year - atlas.years[0]) + 1
        seen = atlas.counts[:, :at].sum(axis=1).astype(np.float32)
        self.places = np.flatnonzero(seen >= least)
        self._index = np.full(len(seen), -1)
        self._index[self.places] = np.arange(len(self.places))
        self.together = self._count(0, year)
        self.rows, self.columns = np.nonzero(np.triu(self.together == 0, 1))
        here = Ties(
            names=known.names[self.places],
            fields=known.fields[self.places],
            facets=known.facets[self.places],
            kin=known.kin[np.ix_(self.places, self.places)],
        )
        columns = [*self._of_links(seen[self.places], at), *self._of_ties(here)]
        if written is not None:
            columns += self._of_words(profiles(written, self.places, year))
        plain = self._plain(here)
        self.plain: Mapping[str, Matrix] = dict(zip(PLAIN, plain, strict=True))
        self.features: Matrix = np.stack([*plain, *columns], axis=1).astype(np.float32)

    def met(self, until: int) -> NDArray[np.int64]:
        """For each open pair how many abstracts join it after this year and until that one."""
        return self._count(self.year + 1, until)[self.rows, self.columns].astype(np.int64)

    def _count(self, after: int, until: int) -> Matrix:
        tables = self.atlas._tables  # noqa: SLF001 - the bench reads what the atlas counts by year
        years = self.atlas.years[tables["year"]]
        first, second = self._index[tables["first"]], self._index[tables["second"]]
        kept = (years >= after) & (years <= until) & (first >= 0) & (second >= 0)
        counts = np.zeros((len(self.places), len(self.places)), dtype=np.float32)
        np.add.at(counts, (first[kept], second[kept]), tables["together"][kept])
        both: Matrix = counts + counts.T
        return both

    def _pairs(self, matrix: NDArray[np.floating[Any]]) -> Matrix:
        found: Matrix = matrix[self.rows, self.columns].astype(np.float32)
        return found

    def _ends(self, values: Matrix) -> list[Matrix]:
        one, other = values[self.rows], values[self.columns]
        return [np.minimum(one, other), np.maximum(one, other)]

    def _plain(self, here: Ties) -> list[Matrix]:
        joined, unit = self._joined, self._unit
        degree = joined.sum(axis=1)
        return [
            degree[self.rows] * degree[self.columns],
            self._pairs(joined @ joined),
            self._pairs(unit @ unit.T),
            self._pairs(here.names @ here.names.T),
        ]

    def _of_links(self, seen: Matrix, at: int) -> list[Matrix]:
        """Counts, growth, shared partners and reduced matrices."""
        works = float(self.atlas.works[:at].sum())
        self._joined = (self.together > 0).astype(np.float32)
        joined, degree = self._joined, self._joined.sum(axis=1)
        lift = self.together * works / np.maximum(np.outer(seen, seen), 1)
        surprise = np.log(np.maximum(lift, 1)) * joined
        self._unit = surprise / np.maximum(np.linalg.norm(surprise, axis=1, keepdims=True), 1e-9)
        weighted = np.log1p(self.together)
        walk = joined / np.maximum(degree, 1)[:, None]
        recent = self.atlas.counts[self.places, max(0, at - RECENT) : at].sum(axis=1).astype(np.float32)
        last = self.atlas.counts[self.places, at - 1].astype(np.float32)
        fresh = (self._count(self.year - RECENT + 1, self.year) > 0).astype(np.float32)
        new = self._new = fresh * (self._count(0, self.year - RECENT) == 0)
        gain = new.sum(axis=1)
        nearest = _most(self._unit @ self._unit.T)
        r, c = self.rows, self.columns
        return [
            self._pairs((joined / np.log1p(degree)[:, None].clip(0.7)).T @ joined),  # Adamic–Adar
            self._pairs((joined / np.maximum(degree, 1)[:, None]).T @ joined),  # resource allocation
            self._pairs(walk @ walk + (walk @ walk).T),
            self._pairs(walk @ joined @ walk.T),  # paths of three links
            self._pairs(weighted @ weighted),
            self._pairs(surprise @ surprise),
            self._pairs(fresh @ joined + joined @ fresh),
            self._pairs(nearest @ joined + joined @ nearest.T),
            self._pairs(nearest @ weighted + weighted @ nearest.T),
            self._pairs(nearest @ new + new @ nearest.T),
            *(self._pairs(reduced) for reduced in (*_reduced(surprise), *_reduced(weighted))),
            seen[r] * seen[c] / works,
            recent[r] * recent[c] / works,
            last[r] * last[c] / works,
            gain[r] * gain[c],
            *self._ends(degree), *self._ends(seen), *self._ends(recent), *self._ends(recent / seen),
            *self._ends(last / np.maximum(recent, 1)), *self._ends(gain / np.maximum(degree, 1)),
            *self._ends(degree / seen),
        ]  # fmt: skip

    def _of_words(self, alike: Profiles) -> list[Matrix]:
        """How alike the abstracts of both are, and whether concepts like one have met the other."""
        weighted = np.log1p(self.together)
        nearest, near = _most(alike.words), _most(alike.reduced)
        return [
            *(self._pairs(one) for one in alike),
            self._pairs(nearest @ self._joined + self._joined @ nearest.T),
            self._pairs(nearest @ weighted + weighted @ nearest.T),
            self._pairs(nearest @ weighted @ nearest.T),
            self._pairs(nearest @ self._new + self._new @ nearest.T),
            self._pairs(near @ weighted + weighted @ near.T),
        ]

    def _of_ties(self, here: Ties) -> list[Matrix]:
        """What the ontology and the labels say: kin and namesakes that have met already."""
        joined, weighted = self._joined, np.log1p(self.together)
        size = np.maximum(here.kin.sum(axis=1), 1)
        kin = here.kin / size[:, None]
        namesakes = _most(here.names @ here.names.T)
        shared = here.fields @ here.fields.T
        united = here.fields.sum(axis=1)
        return [
            self._pairs(kin @ joined + joined @ kin.T),
            self._pairs(here.kin @ weighted + weighted @ here.kin.T),
            self._pairs(kin @ joined @ kin.T),
            self._pairs(here.kin),
            self._pairs(namesakes @ joined + joined @ namesakes.T),
            self._pairs(namesakes @ weighted @ namesakes.T),
            self._pairs(shared),
            self._pairs(shared)
            / np.maximum(united[self.rows] + united[self.columns] - self._pairs(shared), 1),
            self._pairs(here.facets @ here.facets.T),
            *self._ends(united),
            *self._ends(size),
        ]


def _most(likeness: Matrix) -> Matrix:
    """Rows of weights of the ALIKE most alike, themselves left out, summing to 1."""
    likeness = likeness.copy()
    np.fill_diagonal(likeness, -1)
    kept = np.zeros_like(likeness)
    best = np.argpartition(-likeness, ALIKE, axis=1)[:, :ALIKE]
    rows = np.arange(len(likeness))[:, None]
    kept[rows, best] = np.maximum(likeness[rows, best], 0)
    weights: Matrix = kept / np.maximum(kept.sum(axis=1, keepdims=True), 1e-9)
    return weights


def _reduced(matrix: Matrix) -> list[Matrix]:
    """A symmetric matrix rebuilt from its first RANKS eigenvectors, and cosines between these."""
    values, vectors = np.linalg.eigh(matrix)
    order = np.argsort(-np.abs(values))
    rebuilt: list[Matrix] = []
    for rank in RANKS:
        kept = order[:rank]
        left = vectors[:, kept]
        rebuilt.append((left * values[kept]) @ left.T)
    scaled = vectors[:, order[: RANKS[1]]] * np.sqrt(np.abs(values[order[: RANKS[1]]]))
    scaled /= np.maximum(np.linalg.norm(scaled, axis=1, keepdims=True), 1e-9)
    return [*rebuilt, scaled @ scaled.T]
