"""The ontology as a tree: disciplines, their facets, and concepts with what is narrower."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from agents.perspectives.pins import discipline_in_use
from physh import Concept, Discipline, Ontology, UnknownConcept


@dataclass
class OntologyBranch:
    """A discipline, facet or concept with what lies under it. The trunk of all has no URI."""

    uri: str | None
    label: str
    children: list["OntologyBranch"] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        return {
            "uri": self.uri,
            "label": self.label,
            "children": [child.as_json() for child in self.children],
        }

    def draw(self, depth: int = 0) -> Iterator[str]:
        """The lines of an indented list."""
        yield "  " * depth + self.label
        for child in self.children:
            yield from child.draw(depth + 1)


def grow(ontology: Ontology, name: str | None) -> OntologyBranch:
    """All disciplines with their facets; or one discipline, or one concept, down to the last leaf.

    Raises UnknownConcept.
    """
    if name is None:
        return OntologyBranch(
            None,
            f"PhySH {ontology.release}",
            [_facets(ontology, d, deep=False) for d in ontology.disciplines],
        )
    try:
        ontology.discipline(name)
    except UnknownConcept:
        return _narrower(ontology, ontology.concept(name))
    return _facets(ontology, discipline_in_use(ontology, name), deep=True)


def _facets(ontology: Ontology, discipline: Discipline, *, deep: bool) -> OntologyBranch:
    branch = OntologyBranch(discipline.uri, discipline.label)
    for uri in discipline.facets:
        facet = ontology.facet(uri)
        members = ontology.members(discipline.uri, uri) if deep else []
        inside = {concept.uri for concept in members}
        tops = [concept for concept in members if not inside.intersection(concept.broader)]
        branch.children.append(
            OntologyBranch(facet.uri, facet.label, [_narrower(ontology, top) for top in tops])
        )
    return branch


def _narrower(ontology: Ontology, concept: Concept) -> OntologyBranch:
    children = (ontology.concept(uri) for uri in concept.narrower)
    return OntologyBranch(
        concept.uri, concept.label, [_narrower(ontology, child) for child in children if not child.deprecated]
    )
