"""Far perspectives: methods that do elsewhere what the question needs done, not used on it until now."""

from collections.abc import Collection

from agents.data_files import far_structures, roles
from agents.schema import ConceptRef, Distance
from agents.voices import Candidate
from physh import Concept, Ontology, Route, Router

POOL = 48  # candidates kept
HEADLINE = 3  # concepts of the question that a method must not be in use on
USED = 0.3  # strength of the pair, in log of observed over expected, from which it is in use
ABOUT = 5  # concepts of the question whose partners a method may share
BRIDGED = 0.5  # standard deviations of likeness that one of shared partners is worth
OBJECTS = 2  # of a method's own field, named in the mapping


def far_candidates(ontology: Ontology, router: Router, route: Route, own: Collection[str]) -> list[Candidate]:
    """Techniques with a known structure, outside the question's disciplines and literature, best first."""
    facets = {facet.uri for facet in ontology.facets if facet.label in roles().techniques}
    labels = {
        c.label: c
        for c in ontology.concepts.values()
        if not c.deprecated and facets & set(c.facets) and not set(own) & set(c.disciplines)
    }
    known = {text: labels[label] for label, text in far_structures().items() if label in labels}
    unused = {t: c for t, c in known.items() if not _is_used(router, c, route)}
    texts = list(unused or known)
    pool = []
    likeness = router.peculiar(route.text, texts)
    reach = router.atlas.reach([c.uri for c in route.concepts[:ABOUT]], [known[t].uri for t in texts])
    for text, alike, bridged in zip(texts, likeness, reach, strict=True):
        concept, score = known[text], alike + BRIDGED * bridged
        reason = _mapping(ontology, router, concept, text, route)
        for uri in sorted(concept.disciplines):
            field = ConceptRef(uri=uri, label=ontology.discipline(uri).label)
            pool.append(Candidate(field, concept, score, Distance.FAR, reason))
    return sorted(pool, key=lambda c: -c.relevance)[:POOL]


def _is_used(router: Router, method: Concept, route: Route) -> bool:
    """Whether abstracts join the method with a first concept of the question more often than by chance."""
    pairs = (router.atlas.pair(method.uri, about.uri) for about in route.concepts[:HEADLINE])
    return any(pair.strength > USED for pair in pairs)


def _mapping(ontology: Ontology, router: Router, method: Concept, structure: str, route: Route) -> str:
    """One sentence: what the method does to its own objects, and what of the question takes their place."""
    atlas = router.atlas
    objects = [
        ontology.concepts[uri].label
        for uri, _, _ in atlas.neighbours(method.uri, 40)
        if uri in ontology.concepts and not _is_method(ontology, ontology.concepts[uri])
    ][:OBJECTS]
    there = f" on {' and '.join(objects).lower()}" if objects else ""
    about = route.concepts[0]
    together = atlas.pair(method.uri, about.uri).together
    return (
        f"made for this structure: {structure}; used{there} so far, where {about.label.lower()} would take "
        f"their place ({together} of {atlas.total:,} abstracts until {atlas.years[-1]} join the two)"
    )


def _is_method(ontology: Ontology, concept: Concept) -> bool:
    return any(f.uri in concept.facets and f.label in roles().techniques for f in ontology.facets)
