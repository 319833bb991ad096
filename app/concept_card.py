"""All that is known of a concept, with labels beside the URIs."""

from collections.abc import Sequence

from agents.schema import ConceptRef, Strict
from physh import Concept, Ontology


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
