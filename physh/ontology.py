"""PhySH, as the rest of the project sees it: concepts to walk, and a graph to query."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from physh import sparql, words
from physh.concept import Compiled, Concept, Discipline, Facet, reachable
from physh.errors import UnknownConcept

if TYPE_CHECKING:
    import rdflib
    from pyoxigraph import Store

Item = TypeVar("Item", Concept, Discipline, Facet)


class Ontology:
    """One PhySH file. Immutable; the graph is parsed when it is first asked for."""

    def __init__(self, compiled: Compiled, *, turtle: bytes, sha256: str, release: str) -> None:
        self.release = release
        self.sha256 = sha256
        self.triples = compiled.triples
        self.concepts: Mapping[str, Concept] = {concept.uri: concept for concept in compiled.concepts}
        self.facets: list[Facet] = sorted(compiled.facets, key=lambda facet: facet.label)
        self.schemes = sorted(compiled.disciplines, key=lambda discipline: discipline.label)
        self.turtle = turtle

    @cached_property
    def disciplines(self) -> list[Discipline]:
        """Return the disciplines in use: neither the root "APS Taxonomy" nor deprecated ones."""
        return [d for d in self.schemes if not d.deprecated and not self.is_root(d)]

    def is_root(self, discipline: Discipline) -> bool:
        """Return whether it is the overview that facets hang on, which PhySH also types as a discipline."""
        facets = {facet.uri for facet in self.facets}
        return bool(discipline.top) and facets.issuperset(discipline.top)

    def discipline(self, name: str) -> Discipline:
        """Return a discipline by URI or label; a deprecated one is found too."""
        return _find({d.uri: d for d in self.schemes}, self._scheme_names, name, "discipline")

    def facet(self, name: str) -> Facet:
        names = {words.fold(facet.label): facet.uri for facet in self.facets}
        return _find({facet.uri: facet for facet in self.facets}, names, name, "facet")

    def branch(self, name: str) -> Discipline | Facet:
        """Return a discipline or, where none is called so, a facet."""
        try:
            return self.discipline(name)
        except UnknownConcept:
            return self.facet(name)

    def concept(self, name: str) -> Concept:
        """Return a concept by URI, label or altLabel, whatever the case. A deprecated one is found too."""
        return _find(self.concepts, self._names, name, "concept")

    def search(self, text: str, limit: int = 20) -> list[Concept]:
        """Return concepts by name, best first: exact, then beginning, then containing, then misspelt."""
        return [self.concepts[uri] for uri in words.search(self._live_names, text, limit)]

    def members(self, discipline: str, facet: str | None = None) -> list[Concept]:
        """Return all concepts in use of a discipline, or of one facet of it, its top concepts first."""
        top = self.discipline(discipline).top
        if facet is not None:
            top = tuple(uri for uri in top if uri in self._contents(facet))
        found = reachable(top, self._narrower)
        return [self.concepts[uri] for uri in found if not self.concepts[uri].deprecated]

    def ancestors(self, uri: str) -> list[Concept]:
        """Return everything broader, nearest first."""
        above = reachable(self.concept(uri).broader, self._broader)
        return [self.concepts[found] for found in above]

    @cached_property
    def graph(self) -> "rdflib.Graph":
        """Return all triples, on the store of `query`: a working copy that the concepts do not follow."""
        return sparql.graph(self._store)

    def query(self, select: str) -> list[dict[str, str | None]]:
        """Return the rows of a SPARQL SELECT; prefixes physh, physh_rdf, skos, dcterms and rdf are known."""
        return sparql.select(self._store, select)

    @cached_property
    def _store(self) -> "Store":
        return sparql.store(self.turtle)

    @cached_property
    def _narrower(self) -> dict[str, tuple[str, ...]]:
        return {uri: concept.narrower for uri, concept in self.concepts.items()}

    @cached_property
    def _broader(self) -> dict[str, tuple[str, ...]]:
        return {uri: concept.broader for uri, concept in self.concepts.items()}

    @cached_property
    def _names(self) -> dict[str, str]:
        """Return folded name → URI. A label wins over another's altLabel."""
        names = {words.fold(n): c.uri for c in self.concepts.values() for n in c.names}
        return names | {words.fold(concept.label): concept.uri for concept in self.concepts.values()}

    @cached_property
    def _scheme_names(self) -> dict[str, str]:
        return {words.fold(discipline.label): discipline.uri for discipline in self.schemes}

    @cached_property
    def _live_names(self) -> list[tuple[str, str]]:
        live = (concept for concept in self.concepts.values() if not concept.deprecated)
        return [(words.fold(name), concept.uri) for concept in live for name in concept.names]

    def _contents(self, facet: str) -> set[str]:
        tree = {found.uri: found.narrower for found in self.facets}
        return {uri for part in reachable([self.facet(facet).uri], tree) for uri in self.facet(part).top}


def _find(items: Mapping[str, Item], names: Mapping[str, str], name: str, kind: str) -> Item:
    uri = name if name in items else names.get(words.fold(name))
    if uri is None:
        near = ", ".join(words.nearest(names, name)) or "none is near"
        raise UnknownConcept(f"PhySH has no {kind} {name[:80]!r}. Nearest: {near}")
    return items[uri]
