"""What the ontology is made of. All links are URIs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Concept:
    """A subject of physics. Disciplines and facets are those of its own and of everything broader."""

    uri: str
    label: str
    alt_labels: tuple[str, ...]
    hidden_labels: tuple[str, ...]  # spellings to find it by, not to show
    scope_note: str | None
    deprecated: bool
    broader: tuple[str, ...]
    narrower: tuple[str, ...]
    related: tuple[str, ...]
    disciplines: tuple[str, ...]
    facets: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (self.label, *self.alt_labels, *self.hidden_labels)


@dataclass(frozen=True, slots=True)
class Discipline:
    """A field of physics. `top` are the concepts that hang on it directly; the rest is narrower."""

    uri: str
    label: str
    description: str
    deprecated: bool
    facets: tuple[str, ...]
    top: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to look at a field: research areas, systems, techniques, … `narrower` are facets too."""

    uri: str
    label: str
    narrower: tuple[str, ...]
    top: tuple[str, ...]
