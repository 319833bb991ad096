"""The router: everything that can be known before a question is made ready once."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from physh import atlas as atlases
from physh.concept import Concept, Discipline
from physh.errors import RouteError, UnknownConcept
from physh.ontology import Ontology
from physh.route.index import ConceptIndex, share_among_disciplines
from physh.route.lexicon import NAME_LENGTH, Scores
from physh.route.near import HEADLINE, WORKING, NearbyLiterature, Nearness, TextEvidence
from physh.route.problems import KnownProblem, Problems
from physh.route.results import RankedHeading, Route, TextEmbedder
from physh.route.texts import Glosses, load_glosses
from physh.route.vectors import Matrix, Progress, cosines, encode, recall_or_encode
from physh.vocabulary import PHYSH

KEPT = 8  # texts that were read last
VOTERS = 5  # known problems that say which discipline a text is of
FIELD = 4.0  # log odds that a discipline gains where a text is surely a known problem of it
LONGEST = 4000  # characters of a text that are read; the embedder sees about a thousand of them


class _Reading(NamedTuple):
    """A text, what is near to it, and the disciplines' shares. Nobody changes them."""

    asked: str
    closeness: Scores
    evidence: TextEvidence
    shares: Scores


class Router:
    """Routes texts to the concepts in use of one ontology; the vectors of these are kept in `cache`."""

    def __init__(
        self,
        ontology: Ontology,
        embedder: TextEmbedder,
        cache: Path,
        progress: Progress | None = None,
        described: Glosses | None = None,
        *,
        atlas: atlases.Atlas | None = None,
        literature: NearbyLiterature | None = None,
    ) -> None:
        """Texts of another release than the one that ships are embedded once, and `progress` hears of it.

        `atlas`: by default the one that ships. `literature`: works that a text is held against, where there
        are any.
        """
        self._ontology = ontology
        self._embedder = embedder
        told = described or load_glosses()
        self._index = ConceptIndex(ontology, embedder, cache / "physh", told, progress)
        self.atlas = atlas or atlases.load()
        problems = Problems(ontology, embedder, cache / "physh", progress)
        self._near = Nearness(ontology, self._index.concepts, self.atlas, literature, problems)
        self._others: dict[str, Matrix] = {}
        self._kept = cache / "physh"
        self._places = {concept.uri: i for i, concept in enumerate(self._index.concepts)}
        self._read = lru_cache(maxsize=KEPT)(self._read_text)  # a plan asks several things of one question

    def route(self, text: str, limit: int = 12) -> Route:
        """Return the concepts and disciplines that a text touches. Raises RouteError where it has no word."""
        read = self._read(_clean(text))
        closeness = read.closeness
        if len(read.asked.split()) > NAME_LENGTH:  # a sentence; a name says itself what it means
            closeness = self._share(read, HEADLINE)
        concepts = _ranked(self._index.concepts, closeness, limit)
        return Route(read.asked, _ranked(self._ontology.disciplines, read.shares), concepts)

    def working(self, text: str) -> list[RankedHeading]:
        """Return concepts that the literature nearest to a text works with, best first; scores 0 to 1."""
        return _ranked(self._index.concepts, self._share(self._read(_clean(text)), WORKING))

    def features(self, text: str) -> Matrix:
        """Return (concepts in use, features): what `working` and `route` weigh, for fitting the weights."""
        return self._features(self._read(_clean(text)))

    def problems(self, text: str, limit: int = 5) -> list[tuple[KnownProblem, float]]:
        """Return known problems that a text may be, best first, with how surely it is each, 0 to 1."""
        return self._near.problems(self._read(_clean(text)).evidence, limit)

    @property
    def concepts(self) -> Sequence[Concept]:
        """Return the concepts in the order of `features`."""
        return self._index.concepts

    def _read_text(self, asked: str) -> _Reading:
        vector = self._embed(asked)
        closeness = self._index.closeness(asked, vector)
        evidence = self._near.evidence(asked, vector)
        shares = share_among_disciplines(self._index, vector, closeness) * np.exp(
            FIELD * self._votes(evidence)
        )
        return _Reading(asked, closeness, evidence, shares / shares.sum())

    def _votes(self, evidence: TextEvidence) -> Scores:
        """Return for each discipline how surely the text is a known problem of it, up to 1."""
        votes: dict[str, float] = {}
        for problem, sure in self._near.problems(evidence, VOTERS):
            votes[problem.field] = max(votes.get(problem.field, 0.0), sure)
        return np.array([votes.get(d.label, 0.0) for d in self._ontology.disciplines], dtype=np.float32)

    def _features(self, read: _Reading) -> Matrix:
        return self._near.features(read.asked, read.evidence, read.closeness, self._home(read.shares))

    def _share(self, read: _Reading, weights: Sequence[float]) -> Scores:
        """Return weighted features between 0 and 1."""
        features = self._features(read)
        scores: Scores = 1 / (1 + np.exp(weights[-1] - features @ np.array(weights[:-1], dtype=np.float32)))
        return scores

    def _home(self, shares: Scores) -> Scores:
        """Return for each concept the share of its best discipline, over the largest share of all."""
        home: Scores = ((self._index.membership > 0) * shares).max(axis=1) / max(float(shares.max()), 1e-9)
        return home

    def similar(self, uri_or_text: str, among: Sequence[str]) -> list[RankedHeading]:
        """Return concepts in use by likeness of meaning to a concept or a text, best first."""
        centres = self._index.centres
        places = [self._place(uri) for uri in among]
        concepts = [self._index.concepts[place] for place in places]
        is_concept = uri_or_text.startswith(PHYSH)
        own = centres[self._place(uri_or_text)] if is_concept else self._embed(_clean(uri_or_text))
        likeness = cosines(centres[places], own)
        return _ranked(concepts, np.clip(likeness, 0, 1))

    def centres(self, uris: Sequence[str]) -> Matrix:
        """Return (uris, columns): one vector a concept in use, the mean of all texts that stand for it."""
        centres: Matrix = self._index.centres[[self._place(uri) for uri in uris]]
        return centres

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return (texts, columns) in the space of `centres`."""
        return encode(self._embedder, texts)

    def _place(self, uri: str) -> int:
        place = self._places.get(uri)
        if place is None:
            raise UnknownConcept(f"{uri!r} is no concept in use of PhySH {self._ontology.release}")
        return place

    def remember(self, texts: Sequence[str]) -> None:
        """Have the vectors of texts that `liken` will be asked for at hand, from the cache where they are."""
        if any(text not in self._others for text in texts):
            rows = recall_or_encode(self._embedder, texts, self._kept)
            self._others.update(zip(texts, rows, strict=True))

    def liken(self, text: str, others: Sequence[str]) -> list[float]:
        """Return how alike a text is to each of the others in meaning, 0 to 1; those are embedded once."""
        new = [other for other in others if other not in self._others]
        if new:
            self._others.update(zip(new, encode(self._embedder, new), strict=True))
        own = self._embed(_clean(text))
        return [max(0.0, round(float(self._others[other] @ own), 4)) for other in others]

    def peculiar(self, text: str, others: Sequence[str]) -> list[float]:
        """Return likeness as `liken`, in standard deviations of each other's likeness to all concepts.

        What is a little like everything is like nothing in particular.
        """
        if not others:
            return []
        likeness = np.array(self.liken(text, others), dtype=np.float32)
        usual = np.stack([self._others[other] for other in others]) @ self._index.centres.T
        scores = (likeness - usual.mean(axis=1)) / usual.std(axis=1)
        return [round(float(score), 4) for score in scores]

    def _embed(self, text: str) -> Matrix:
        row: Matrix = encode(self._embedder, [text])[0]
        return row


def _clean(text: str) -> str:
    """Return a printable line, not too long. What no encoding can hold becomes a question mark."""
    printable = "".join(c if c.isprintable() else " " for c in text[:LONGEST])
    cleaned = " ".join(printable.encode("utf-8", "replace").decode("utf-8").split())
    if not any(c.isalnum() for c in cleaned):
        raise RouteError("the text to route has no word in it: write a question or a topic")
    return cleaned


def _ranked(
    items: Sequence[Discipline | Concept], scores: Scores, limit: int | None = None
) -> list[RankedHeading]:
    order = np.argsort(-scores, kind="stable")[:limit]
    return [RankedHeading(items[i].uri, items[i].label, round(float(scores[i]), 4)) for i in order]
