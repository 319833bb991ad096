"""Two phrases of a hypothesis, read as concepts and looked up in the atlas."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from agents.schema import AtlasLink, ConceptRef, Strict
from retrieval.passage import Work

if TYPE_CHECKING:
    from physh import Concept, Ontology, Router
    from physh.atlas import ConceptTagger

SURE = 0.6  # the router's score of a concept that a phrase of other words may be read as
BETWEEN = 3  # concepts named
WORKS = 2  # shipped papers named


class LinkQuery(Strict):
    """Two things to look up: phrases, or URIs of concepts."""

    of: str
    first: str
    second: str


class Joiner:
    """Reads phrases with one ontology and one router, and asks the router's atlas."""

    def __init__(self, ontology: "Ontology", router: "Router") -> None:
        self._ontology, self._router = ontology, router

    def join(self, link: LinkQuery) -> AtlasLink:
        """Return what is known of the two. A phrase that names no concept leaves nothing to look up."""
        one, other = self._read(link.first), self._read(link.second)
        phrases = tuple(
            concept.label if concept and said == concept.uri else said
            for said, concept in ((link.first, one), (link.second, other))
        )
        named = AtlasLink(of=link.of, phrases=phrases, first=_ref(one), second=_ref(other))
        if one is None or other is None or one.uri == other.uri:
            return named
        pair = self._router.atlas.pair(one.uri, other.uri)
        told = {
            "together": pair.together,
            "first_year": pair.first_year,
            "direction": pair.direction,
            "between": self._between(one.uri, other.uri),
            "works": _works([one.uri, other.uri]) if pair.together else [],
        }
        return named.model_copy(update=told)

    def _read(self, said: str) -> "Concept | None":
        """The concept that a URI or a phrase names: the last name in the phrase, as its head stands last."""
        from physh import RouteError

        concepts = self._ontology.concepts
        if said in concepts:
            return concepts[said]
        named = [place for place, _, _ in self._tagger.find(said)]
        if named:
            return self._tagger.concepts[named[-1]]
        try:
            best = self._router.route(said, 1).concepts[0]
        except RouteError:
            return None
        return concepts[best.uri] if best.score >= SURE else None

    def _between(self, first: str, second: str) -> list[ConceptRef]:
        chains = self._router.atlas.between(first, second, BETWEEN)
        known = (self._ontology.concepts.get(uri) for chain in chains for uri in chain)
        return [ConceptRef(uri=concept.uri, label=concept.label) for concept in known if concept]

    @property
    def _tagger(self) -> "ConceptTagger":
        return _tagger_of(self._ontology)


@lru_cache(maxsize=2)  # one takes 150 ms, and a service joins phrases for many runs at once
def _tagger_of(ontology: "Ontology") -> "ConceptTagger":
    from physh.atlas import ConceptTagger

    return ConceptTagger(ontology)


def say(joined: AtlasLink, total: int, until: int) -> str | None:
    """One sentence; None where there is nothing to say, as the two are one concept or no concepts."""
    if joined.first is None or joined.second is None or not joined.is_looked_up:
        return None
    names = f"{joined.first.label} and {joined.second.label} stand together in"
    among = f"of {total:,} abstracts until {until}"
    if not joined.together:
        return f"{names} none {among}"
    return f"{names} {joined.together} {among}, since {joined.first_year} ({joined.direction})"


def _ref(concept: "Concept | None") -> ConceptRef | None:
    return ConceptRef(uri=concept.uri, label=concept.label) if concept else None


def _works(uris: Sequence[str]) -> list[Work]:
    from retrieval.papers import as_work, load_papers

    return [as_work(paper) for paper in load_papers().with_concepts(uris, WORKS)]
