"""What the literature transfers between disciplines: methods of one, on problems of another.

A method (a concept of the techniques' facets) is at home in one discipline and not listed in the other; a
problem (a research area, system or property) is in the other and not in the first. That abstracts name both,
more often than chance would, is taken for a transfer: no model is asked, and nobody has read the abstracts.
"""

from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from physh.atlas.atlas import FEWEST, SHRUNK, USED, Atlas
from physh.concept import Discipline
from physh.ontology import Ontology

KNOWN = 10  # abstracts from which a concept's neighbours say something
PROBLEMS = ("Research Areas", "Physical Systems", "Properties")

Places = NDArray[np.intp]


class ObservedTransfer(NamedTuple):
    """URIs of a method and a problem, with the abstracts that name both."""

    method: str
    problem: str
    together: int
    first_year: int
    strength: float


class DisciplineMeeting(NamedTuple):
    """A discipline's methods on another's problems: how many pairs the literature joins, and since when."""

    home: Discipline
    field: Discipline
    pairs: int
    methods: int
    problems: int
    since: int


class Open(NamedTuple):
    """A method and a problem that no abstract names together, and how many concepts both are joined with."""

    method: str
    problem: str
    shared: int


class Transfers:
    """Read from one atlas, with the facets and disciplines of one ontology."""

    def __init__(self, ontology: Ontology, atlas: Atlas) -> None:
        self._ontology, self._atlas = ontology, atlas
        concepts = [ontology.concepts.get(uri) for uri in atlas.uris]
        columns = {d.uri: i for i, d in enumerate(ontology.disciplines)}
        techniques = {facet.uri for facet in ontology.facets if facet.label.endswith("Techniques")}
        problems = {facet.uri for facet in ontology.facets if facet.label in PROBLEMS}
        self._within = np.zeros((len(concepts), len(columns)), dtype=bool)
        self._method, self._problem = np.zeros((2, len(concepts)), dtype=bool)
        for place, concept in enumerate(concepts):
            if concept is None or concept.deprecated:
                continue
            self._within[place, [columns[uri] for uri in concept.disciplines if uri in columns]] = True
            facets = set(concept.facets)
            self._method[place] = bool(facets & techniques)
            self._problem[place] = bool(facets & problems) and not facets & techniques
        self._columns = columns

    def meetings(self) -> list[DisciplineMeeting]:
        """Every two disciplines that the literature joins, most pairs first."""
        found = []
        for home in self._ontology.disciplines:
            for field in self._ontology.disciplines:
                rows = self._rows(home, field)
                if len(rows):
                    methods, problems = self._pairs[0][rows], self._pairs[1][rows]
                    since = int(self._pairs[3][rows].min())
                    sizes = len(rows), len(set(methods.tolist())), len(set(problems.tolist()))
                    found.append(DisciplineMeeting(home, field, *sizes, since))
        return sorted(found, key=lambda m: -m.pairs)

    def between(self, home: Discipline, field: Discipline, limit: int = 50) -> list[ObservedTransfer]:
        """What the literature joins of two disciplines, in most abstracts first."""
        methods, problems, together, years, strengths = self._pairs
        rows = self._rows(home, field)
        order = rows[np.argsort(-together[rows], kind="stable")][:limit]
        uris = self._atlas.uris
        return [
            ObservedTransfer(
                uris[methods[i]],
                uris[problems[i]],
                int(together[i]),
                int(years[i]),
                round(float(strengths[i]), 2),
            )
            for i in order
        ]

    def open_between(self, home: Discipline, field: Discipline, limit: int = 20) -> list[Open]:
        """Pairs in no abstract yet, by the concepts that both are joined with: so do those that meet next.

        Of such pairs seen until 2013, the first 100 by shared neighbours met by 2016 in 53 of 100, and chance
        has 2 in 100 (`python -m bench.atlas`).
        """
        known = self._atlas.seen >= KNOWN
        here, there = (self._within[:, self._columns[d.uri]] for d in (home, field))
        methods = np.flatnonzero(self._method & known & here & ~there)
        problems = np.flatnonzero(self._problem & known & there & ~here)
        if not len(methods) or not len(problems):
            return []
        joined = self._atlas.joined
        shared = joined[methods] @ joined[problems].T
        shared[self._atlas.together(methods, problems) > 0] = -1
        order = np.argsort(-shared, axis=None, kind="stable")[:limit]
        uris = self._atlas.uris
        found = [(int(at // len(problems)), int(at % len(problems))) for at in order]
        return [
            Open(uris[methods[i]], uris[problems[j]], int(shared[i, j])) for i, j in found if shared[i, j] > 0
        ]

    def _rows(self, home: Discipline, field: Discipline) -> Places:
        methods, problems = self._pairs[:2]
        here, there = self._columns[home.uri], self._columns[field.uri]
        fits = self._within[methods, here] & ~self._within[methods, there]
        fits &= self._within[problems, there] & ~self._within[problems, here]
        return np.flatnonzero(fits)

    @cached_property
    def _pairs(self) -> tuple[Places, Places, Places, Places, NDArray[np.float64]]:
        """Methods, problems, abstracts with both, the first's year, and strength, of all that count."""
        one, other, together, years = self._atlas.met
        methods, problems = np.concatenate([one, other]), np.concatenate([other, one])
        together, years = np.tile(together, 2), np.tile(years, 2)
        expected = self._atlas.seen[methods].astype(float) * self._atlas.seen[problems] / self._atlas.total
        strengths = np.log((together + 0.5) / (expected + SHRUNK))
        kept = self._method[methods] & self._problem[problems] & (together >= FEWEST) & (strengths > USED)
        return methods[kept], problems[kept], together[kept], years[kept], strengths[kept]
