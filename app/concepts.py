"""PhySH for a reader: all that is known of a concept, and the tree from disciplines to the last leaf."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from agents.perspectives.pins import discipline_in_use
from agents.schema import ConceptRef, Strict
from physh import Concept, Discipline, Ontology, UnknownConcept


class Card(Strict):
    """A concept for a reader."""

    uri: str
    label: str
    alt_labels: list[str]
    scope_note: str | None
    deprecated: bool
    disciplines: list[ConceptRef]
    facets: list[ConceptRef]
    broader: list[ConceptRef]
    narrower: list[ConceptRef]
    related: list[ConceptRef]

    def rows(self) -> list[tuple[str, str]]:
        """Field and value, a label a line, without what is empty."""
        cells = ((name.replace("_", " "), _as_cell(value)) for name, value in self)
        return [(name, cell) for name, cell in cells if cell]


def make_card(ontology: Ontology, concept: Concept) -> Card:
    return Card(
        uri=concept.uri,
        label=concept.label,
        alt_labels=list(concept.alt_labels),
        scope_note=concept.scope_note,
        deprecated=concept.deprecated,
        disciplines=_refs(ontology, concept.disciplines),
        facets=_refs(ontology, concept.facets),
        broader=_refs(ontology, concept.broader),
        narrower=_refs(ontology, concept.narrower),
        related=_refs(ontology, concept.related),
    )


def _refs(ontology: Ontology, uris: Sequence[str]) -> list[ConceptRef]:
    fields = {d.uri: d.label for d in ontology.schemes} | {f.uri: f.label for f in ontology.facets}
    return [ConceptRef(uri=uri, label=fields.get(uri) or ontology.concepts[uri].label) for uri in uris]


def _as_cell(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(item.label if isinstance(item, ConceptRef) else str(item) for item in value)
    return "yes" if value is True else str(value or "")


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
