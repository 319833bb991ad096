"""What the ontology is made of. All links are URIs.

Named tuples, as these are written and read back as rows, and dataclasses would add a fifth to the start.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

Links = Mapping[str, tuple[str, ...]]


def reachable(start: Iterable[str], links: Links) -> list[str]:
    """Return `start` and all that follows from it, nearest first, each once."""
    found = dict.fromkeys(start)
    queue = list(found)
    for uri in queue:  # the queue grows as it is read
        new = [target for target in links.get(uri, ()) if target not in found]
        found.update(dict.fromkeys(new))
        queue.extend(new)
    return queue


class Concept(NamedTuple):
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


class Discipline(NamedTuple):
    """A field of physics. `top` are the concepts that hang on it directly; the rest is narrower."""

    uri: str
    label: str
    description: str
    deprecated: bool
    facets: tuple[str, ...]
    top: tuple[str, ...]


class Facet(NamedTuple):
    """A way to look at a field: research areas, systems, techniques, … `narrower` are facets too."""

    uri: str
    label: str
    narrower: tuple[str, ...]
    top: tuple[str, ...]


class Compiled(NamedTuple):
    """A file's content, ready to use."""

    version: str | None  # as the file says; the official one does not say
    triples: int
    disciplines: tuple[Discipline, ...]
    facets: tuple[Facet, ...]
    concepts: tuple[Concept, ...]


class Analogy(NamedTuple):
    """A method of another discipline: PhySH labels, what it does there, and how that carries over."""

    label: str
    discipline: str
    says: str
