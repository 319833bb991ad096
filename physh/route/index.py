"""Concepts and disciplines, made ready to be compared with a text."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from physh.concept import Concept
from physh.ontology import Ontology
from physh.route import texts
from physh.route.lexicon import Lexicon, Scores
from physh.route.results import TextEmbedder
from physh.route.texts import Glosses
from physh.route.vectors import Matrix, Progress, cosines, recall_or_encode
from physh.unit_rows import scale_to_unit

# How much each kind of evidence adds. Set on the altLabels and on bench/data/routing_dev.yaml.
SPELLING, SHARED_WORDS, INITIALS = 0.3, 0.2, 1.0
GLOSS = 1.15  # a sentence is never as near to a sentence as a name is to a name
FULL = 1 + SPELLING + SHARED_WORDS  # what a concept's own label gets, about
KIN = 0.1  # the pull of the best concept just above or below


class ConceptIndex:
    """One row a concept in use, in the ontology's order."""

    def __init__(
        self,
        ontology: Ontology,
        embedder: TextEmbedder,
        folder: Path,
        glosses: Glosses,
        progress: Progress | None = None,
    ) -> None:
        self.concepts = [concept for concept in ontology.concepts.values() if not concept.deprecated]
        read = texts.collect(ontology, self.concepts, glosses)
        rows = recall_or_encode(embedder, read.all, folder, progress)
        ends = np.cumsum([len(part.texts) for part in (read.names, read.contexts, read.glosses)])
        self._names, self._contexts, self._glosses, self.fields = np.split(rows, ends)
        self._name_owners = np.array(read.names.owners, dtype=np.intp)
        self._gloss_owners = np.array(read.glosses.owners, dtype=np.intp)
        self.field_owners = np.array(read.disciplines.owners, dtype=np.intp)
        self._lexicon = Lexicon(read.names.texts)
        self.membership = _membership(ontology, self.concepts)
        self._kin = _kin(self.concepts)
        self.centres = self._centres()

    def closeness(self, text: str, vector: Matrix) -> Scores:
        """Return how near each concept is to the text, 0 to 1."""
        lexicon = self._lexicon
        words = SPELLING * lexicon.spelling(text) + SHARED_WORDS * lexicon.shared_words(text)
        words += INITIALS * lexicon.initials(text)
        names = self._best(cosines(self._names, vector), self._name_owners)
        glosses = self._best(cosines(self._glosses, vector), self._gloss_owners)
        meaning = np.maximum.reduce([names, cosines(self._contexts, vector), GLOSS * glosses])
        return self._draw((meaning + self._best(words, self._name_owners)) / FULL)

    def _draw(self, close: Scores) -> Scores:
        """Return closeness, drawn a little towards that of the concept's kin."""
        kin = np.zeros_like(close)
        np.maximum.at(kin, self._kin[:, 0], close[self._kin[:, 1]])
        drawn: Scores = np.clip((close + KIN * kin) / (1 + KIN), 0, 1)
        return drawn

    def _best(self, values: Scores, owners: NDArray[np.intp]) -> Scores:
        best = np.zeros(len(self.concepts), dtype=np.float32)
        np.maximum.at(best, owners, values)
        return best

    def _centres(self) -> Matrix:
        """Return one vector a concept: the mean of all that stands for it."""
        centres = self._contexts.copy()
        np.add.at(centres, self._name_owners, self._names)
        np.add.at(centres, self._gloss_owners, self._glosses)
        scale_to_unit(centres)
        return centres


def _membership(ontology: Ontology, concepts: Sequence[Concept]) -> Scores:
    """Return rows of concepts, columns of disciplines; a concept's row is shared among its disciplines."""
    columns = {discipline.uri: i for i, discipline in enumerate(ontology.disciplines)}
    rows = np.zeros((len(concepts), len(columns)), dtype=np.float32)
    for i, concept in enumerate(concepts):
        rows[i, [columns[uri] for uri in concept.disciplines if uri in columns]] = 1
    shared: Scores = rows / np.maximum(rows.sum(axis=1, keepdims=True), 1)
    return shared


def _kin(concepts: Sequence[Concept]) -> NDArray[np.intp]:
    """Return pairs of places: a concept, and one just above or below it."""
    places = {concept.uri: i for i, concept in enumerate(concepts)}
    pairs = [
        (i, places[uri]) for i, c in enumerate(concepts) for uri in (*c.broader, *c.narrower) if uri in places
    ]
    return np.array(pairs, dtype=np.intp).reshape(-1, 2)


# Set on bench/data/routing_dev.yaml.
SAID = 3  # descriptions of a discipline, the closest ones, that count
VOTERS = 30  # concepts, the closest ones, that vote
SHARPNESS = 0.035  # how fast a voter's weight falls behind the first
SIZE = 0.25  # how far a discipline is kept from winning by having many concepts
CONTRAST = 0.8  # of the shares: the first gets on average about as much as it is right


def share_among_disciplines(index: ConceptIndex, vector: Matrix, close: Scores) -> Scores:
    """Return one number a discipline, all together 1: by its descriptions and the concepts that are close."""
    both = CONTRAST * (_standard(_descriptions(index, vector)) + _standard(_votes(index, close)))
    raised = np.exp(both - both.max())
    shared: Scores = raised / raised.sum()
    return shared


def _descriptions(index: ConceptIndex, vector: Matrix) -> Scores:
    likeness = cosines(index.fields, vector)
    count = index.membership.shape[1]
    nearest = [np.sort(likeness[index.field_owners == place])[-SAID:].mean() for place in range(count)]
    return np.array(nearest, dtype=np.float32)


def _votes(index: ConceptIndex, close: Scores) -> Scores:
    voters = np.argsort(-close)[:VOTERS]
    weights = np.exp((close[voters] - close[voters[0]]) / SHARPNESS)
    votes: Scores = (weights @ index.membership[voters]) / index.membership.sum(axis=0) ** SIZE
    return votes


def _standard(values: Scores) -> Scores:
    spread = values.std()
    return (values - values.mean()) / spread if spread else np.zeros_like(values)
