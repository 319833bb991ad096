"""Which texts stand for a concept or a discipline when a question is compared with them.

Beside names and contexts they are glosses: plain-language descriptions, ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from physh.concept import Concept
from physh.ontology import Ontology

PATH = Path(__file__).parent.parent / "data" / "glosses.yaml"


class Glosses(BaseModel):
    """By PhySH label."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    disciplines: dict[str, list[str]]
    concepts: dict[str, str]


@cache
def load_glosses() -> Glosses:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is there
    return Glosses.model_validate(yaml.load(PATH.read_text(encoding="utf-8"), loader))  # noqa: S506 - it is safe


SHOWN_DISCIPLINES = 2  # of a concept's disciplines, in its context: more would make all contexts alike


@dataclass(frozen=True)
class Passages:
    """Texts, each with the place in `concepts` or `disciplines` of what it stands for."""

    owners: Sequence[int]
    texts: Sequence[str]


@dataclass(frozen=True)
class ConceptTexts:
    names: Passages
    contexts: Passages
    glosses: Passages
    disciplines: Passages

    @property
    def all(self) -> list[str]:
        parts = (self.names, self.contexts, self.glosses, self.disciplines)
        return [text for part in parts for text in part.texts]


def collect(ontology: Ontology, concepts: Sequence[Concept], glosses: Glosses) -> ConceptTexts:
    known = [
        (i, c.label, glosses.concepts[c.label]) for i, c in enumerate(concepts) if c.label in glosses.concepts
    ]
    fields = [
        (i, text)
        for i, discipline in enumerate(ontology.disciplines)
        for text in (discipline.label, *glosses.disciplines.get(discipline.label, ()))
    ]
    return ConceptTexts(
        names=_passages([(i, name) for i, concept in enumerate(concepts) for name in concept.names]),
        contexts=_passages([(i, _context(ontology, concept)) for i, concept in enumerate(concepts)]),
        glosses=_passages([(i, text) for i, label, gloss in known for text in (gloss, f"{label}: {gloss}")]),
        disciplines=_passages(fields),
    )


def _passages(pairs: Sequence[tuple[int, str]]) -> Passages:
    return Passages([owner for owner, _ in pairs], [text for _, text in pairs])


def _context(ontology: Ontology, concept: Concept) -> str:
    """Return the label with what it is a kind of and where it is at home."""
    broader = ", ".join(ontology.concepts[uri].label for uri in concept.broader)
    homes = [d.label for d in ontology.disciplines if d.uri in concept.disciplines][:SHOWN_DISCIPLINES]
    kind = f"; kind of {broader}" if broader else ""
    return f"{concept.label}{kind}; {', '.join(homes)}"
