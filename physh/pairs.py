"""What PhySH and an embedder say of a method of one discipline and a problem of another.

A method is told by its name, by what is written of it in plain words, and by the structure of the problems
that it was made for; one without such a structure takes that of the nearest broader concept. Cosines are
centred on both sides, as some concepts are near to everything (hubs: Radovanović, Nanopoulos and Ivanović,
J. Mach. Learn. Res. 11, 2487, 2010). What many concepts hang on is a problem that many have. The weights were
chosen on one half of bench/data/transfers.yaml, divided by method.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from physh.concept import Concept, reachable
from physh.ontology import Ontology
from physh.route.router import Router
from physh.route.texts import Glosses, load_glosses
from physh.route.vectors import Matrix

CENTRED = 0.5  # of the mean over the other side
OWN_STRUCTURE, WEIGHT, TOLD = 0.1, 0.02, 0.1


class PairFeatures:
    """Concepts in use, by URI. Scores order the pairs of one block and mean nothing between blocks."""

    def __init__(
        self,
        ontology: Ontology,
        router: Router,
        structures: Mapping[str, str],
        glosses: Glosses | None = None,
    ) -> None:
        """`structures`: PhySH label of a technique → the structure of the problems that it was made for."""
        self.ontology = ontology
        concepts = [concept for concept in ontology.concepts.values() if not concept.deprecated]
        self.places = {concept.uri: place for place, concept in enumerate(concepts)}
        self.centres = router.centres([concept.uri for concept in concepts])
        self._own, self._methods = self._read_structures(concepts, router, structures)
        told = (glosses or load_glosses()).concepts
        has_gloss = np.array([concept.label in told for concept in concepts], dtype=np.float32)
        self._weight = WEIGHT * _breadths(ontology, concepts) + TOLD * has_gloss

    def structural(self, methods: Sequence[str], targets: Sequence[str]) -> Matrix:
        """Return (methods, targets): how alike the structure of a method's problems and of a target are."""
        rows, columns = self._at(methods), self._at(targets)
        cosines = self._methods[rows] @ self.centres[columns].T
        centred = cosines - CENTRED * (cosines.mean(0, keepdims=True) + cosines.mean(1, keepdims=True))
        scores: Matrix = centred + OWN_STRUCTURE * self._own[rows][:, None] + self._weight[columns][None]
        return scores

    def semantic(self, methods: Sequence[str], targets: Sequence[str]) -> Matrix:
        """Return (methods, targets): cosines of the embedded names and contexts alone."""
        scores: Matrix = self.centres[self._at(methods)] @ self.centres[self._at(targets)].T
        return scores

    def _at(self, uris: Sequence[str]) -> list[int]:
        return [self.places[uri] for uri in uris]

    def _read_structures(
        self, concepts: Sequence[Concept], router: Router, structures: Mapping[str, str]
    ) -> tuple[Matrix, Matrix]:
        """Return which concepts have their own structure (0 or 1), and the vector of each as a method."""
        names = {concept.label for concept in concepts}
        labels = [label for label in structures if label in names]
        vectors = router.encode([structures[label] for label in labels]) if labels else self.centres[:0]
        of = dict(zip(labels, vectors, strict=True))
        own = np.array([concept.label in of for concept in concepts], dtype=np.float32)
        methods = self.centres.copy()
        for place, concept in enumerate(concepts):
            lineage = [concept, *self.ontology.ancestors(concept.uri)]
            methods[place] += next((of[kin.label] for kin in lineage if kin.label in of), 0)
        return own, methods / np.linalg.norm(methods, axis=1, keepdims=True)


def _breadths(ontology: Ontology, concepts: Sequence[Concept]) -> Matrix:
    """Return ln(1 + concepts below + 2 for each other name)."""
    narrower = {uri: concept.narrower for uri, concept in ontology.concepts.items()}
    found = [len(reachable(c.narrower, narrower)) + 2 * len(c.alt_labels) for c in concepts]
    return np.log1p(np.array(found, dtype=np.float32))


class ConceptDistances:
    """Steps between concepts along broader, narrower and related links and through shared disciplines."""

    def __init__(self, ontology: Ontology) -> None:
        links: dict[str, set[str]] = {uri: set() for uri in ontology.concepts}
        for concept in ontology.concepts.values():
            own = {*concept.broader, *concept.narrower, *concept.related}
            for other in own if concept.broader else own | set(concept.disciplines):
                links[concept.uri].add(other)
                links.setdefault(other, set()).add(concept.uri)
        self._places = {uri: place for place, uri in enumerate(links)}
        self._links = [[self._places[other] for other in others] for others in links.values()]
        self._known: dict[str, bytes] = {}

    def between(self, first: str, second: str) -> int:
        """Return 0 for one concept; -1 where no chain joins the two, or PhySH lacks one of them."""
        if first not in self._places or second not in self._places:
            return -1
        steps = self._known.get(first) or self._known.setdefault(first, self._from(self._places[first]))
        found = steps[self._places[second]]
        return -1 if found == _NEVER else found

    def _from(self, start: int) -> bytes:
        """One byte a concept: kept for every first one that was asked for, they are some MB."""
        steps, layer, distance = bytearray([_NEVER]) * len(self._links), {start}, 0
        while layer and distance < _NEVER:
            for place in layer:
                steps[place] = distance
            layer = {far for near in layer for far in self._links[near] if steps[far] == _NEVER}
            distance += 1
        return bytes(steps)


_NEVER = 255
