"""Which concepts the literature nearest to a text works with.

Signals of a concept: closeness in meaning and words (the router's), its share in the nearest works beyond
its share in all, how strongly the text's words go with it in abstracts, how strongly it is joined with the
concepts that these find, whether it is at home in the text's disciplines, whether it is a technique, in how
many works it is, and whether the nearest known problems are about it or worked on with it. Their weights, and
those of some products, are those of a logistic regression on the odd half of
bench/data/planning_questions.yaml (`python -m bench.planning --fit`).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from physh.atlas.atlas import Atlas
from physh.concept import Concept
from physh.ontology import Ontology
from physh.route.problems import KnownProblem, Problems

Vector = NDArray[np.float32]

SEEDS = 8  # concepts whose partners count
EVOKED = 0.5  # of closeness, when seeds are chosen
LATER = 0.04  # that each place in a problem's list costs
RARE = 1e-4  # share in all works that is added: one work in a thousand neighbours is no surprise
# Weights of closeness, its square, √(surprise in the nearest works), √(words), partners, home; technique,
# ln(works), technique × partners, technique × √surprise, home × closeness, about and works of the nearest
# problems; and what makes a score of one half.
WORKING = (14.72, -16.26, 0.61, 1.27, 1.21, 1.29, 0.93, 0.1, 0.73, 0.62, 0.06, 3.45, 4.96, 8.04)
HEADLINE = (20.07, -13.09, -0.5, 4.32, 0.43, 2.11, -1.55, -0.01, -2.36, 2.17, -1.29, 2.54, 1.27, 11.43)


class NearbyLiterature(Protocol):
    """Works that can be found by the vector of a text."""

    def concepts_near(self, vector: Vector, /) -> Mapping[str, float]:
        """URI → weighted share of the nearest works that the concept is in, 0 to 1."""
        ...


class TextEvidence(NamedTuple):
    """Of a text: how far each concept stands out in the nearest works; likeness to each known problem."""

    literature: Vector
    problems: Vector


class Nearness:
    """Features of all concepts for a text, in the order of `concepts`."""

    def __init__(
        self,
        ontology: Ontology,
        concepts: Sequence[Concept],
        atlas: Atlas,
        literature: NearbyLiterature | None,
        problems: Problems,
    ) -> None:
        self.atlas, self._literature, self._problems = atlas, literature, problems
        techniques = {facet.uri for facet in ontology.facets if facet.label.endswith("Techniques")}
        self._technique = np.array([bool(techniques & set(c.facets)) for c in concepts], dtype=np.float32)
        places = [atlas.places.get(concept.uri, -1) for concept in concepts]
        self._at = np.array(places, dtype=np.intp)  # -1 reads the added zero below
        self._uris = [concept.uri for concept in concepts]
        self._here = {uri: i for i, uri in enumerate(self._uris)}
        self._works = self._read(atlas.seen)
        self._share = self._works / atlas.total

    def features(self, text: str, evidence: TextEvidence, closeness: Vector, home: Vector) -> Vector:
        """(concepts, 13), as WORKING and HEADLINE weigh them. `home` is over the best discipline's share."""
        evoked = self._read(self.atlas.evoked(text))
        literature = evidence.literature
        first = closeness + EVOKED * evoked
        seeds = [i for i in np.argsort(-first, kind="stable")[: 2 * SEEDS] if self._at[i] >= 0][:SEEDS]
        total = float(first[seeds].sum()) or 1.0
        partners = self._read(
            self.atlas.associated({int(self._at[i]): float(first[i]) / total for i in seeds})
        )
        about, works = self._said_of_problems(evidence)
        columns = [
            closeness, closeness**2, literature, np.sqrt(evoked), partners, home, self._technique,
            np.log1p(self._works), self._technique * partners, self._technique * literature, home * closeness,
            about, works,
        ]  # fmt: skip
        found: Vector = np.stack(columns, axis=1).astype(np.float32)
        return found

    def evidence(self, text: str, vector: Vector) -> TextEvidence:
        """What the works and the known problems nearest to a text say of it."""
        literature = self._standing_out(vector)
        return TextEvidence(literature, self._problems.likeness(text, vector, self._by_uri(literature)))

    def problems(self, evidence: TextEvidence, limit: int) -> list[tuple[KnownProblem, float]]:
        """Known problems that a text may be, best first, with how surely it is each, 0 to 1."""
        return self._problems.nearest(evidence.problems, limit)

    def _standing_out(self, vector: Vector) -> Vector:
        """For each concept √(share in the nearest works × log of its lift); 0 without literature."""
        near = np.zeros(len(self._here), dtype=np.float32)
        if self._literature is not None:
            for uri, share in self._literature.concepts_near(vector).items():
                if uri in self._here:
                    near[self._here[uri]] = share
        found: Vector = np.sqrt(near * np.log((near + 1e-9) / (self._share + RARE)).clip(0))
        return found

    def _by_uri(self, values: Vector) -> dict[str, float]:
        return {self._uris[i]: float(values[i]) for i in np.flatnonzero(values)}

    def _said_of_problems(self, evidence: TextEvidence) -> tuple[Vector, Vector]:
        """For each concept how much the nearest problems are about it, and are worked on with it."""
        about, works = np.zeros((2, len(self._here)), dtype=np.float32)
        for problem, weight in self._problems.weighed(evidence.problems):
            for shares, uris in ((about, problem.about), (works, problem.works)):
                for rank, uri in enumerate(uris):
                    shares[self._here[uri]] += weight * (1 - LATER * rank)
        return about, works

    def _read(self, values: Vector) -> Vector:
        """From the atlas's order to that of `concepts`; 0 for one that it does not know."""
        read: Vector = np.append(values, np.float32(0))[self._at]
        return read
