"""Frameworks of perspectives: pins, which the user fixes and which are checked before anything is paid for.

And `Candidate`: a concept that may become one, pinned or not, of which planning chooses.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from agents.errors import PinsError
from agents.schema import ConceptRef, Distance, Pins
from physh import Concept, Discipline, Ontology, UnknownConcept

LONGEST_ROLE = 200  # characters: it is a name
FORM = 'a framework is a PhySH concept, or "broad :: narrow"'


@dataclass(frozen=True)
class Framework:
    """A pinned one. Without `broad` the concept's own parent is meant, which `words` may rename."""

    narrow: Concept
    broad: ConceptRef | None = None
    words: str | None = None  # the user's own, where they name nothing that is wider than `narrow`


@dataclass(frozen=True)
class Pinned:
    """Pins that the ontology knows."""

    frameworks: Sequence[Framework]
    disciplines: Sequence[Discipline]
    roles: Sequence[str]

    @property
    def unheard(self) -> list[Discipline]:
        """Disciplines that no pinned framework speaks for."""
        heard = {uri for framework in self.frameworks for uri in framework.narrow.disciplines}
        return [discipline for discipline in self.disciplines if discipline.uri not in heard]

    def require_room(self, perspectives: int) -> None:
        """Raises PinsError if not all of them can be obeyed."""
        needed = max(len(self.roles), len(self.frameworks) + len(self.unheard))
        if needed > perspectives:
            raise PinsError(
                f"the pins need {needed} perspectives and {perspectives} "
                f"{'is' if perspectives == 1 else 'are'} asked for: ask for more, or pin less"
            )


def read_pins(ontology: Ontology, pins: Pins) -> Pinned:
    """Raises UnknownConcept or PinsError."""
    disciplines = [discipline_in_use(ontology, name) for name in pins.disciplines]
    frameworks = [_framework(ontology, text) for text in pins.frameworks]
    _require_different(discipline.label for discipline in disciplines)
    _require_different(framework.narrow.label for framework in frameworks)
    if long := next((role for role in pins.roles if len(role) > LONGEST_ROLE), None):
        raise PinsError(f"a role has {len(long):,} characters and may have {LONGEST_ROLE}: give a name")
    return Pinned(frameworks, disciplines, pins.roles)


def discipline_in_use(ontology: Ontology, name: str) -> Discipline:
    """By URI or label; neither the root of all nor a deprecated one. Raises UnknownConcept."""
    found = ontology.discipline(name)
    if found not in ontology.disciplines:
        known = ", ".join(discipline.label for discipline in ontology.disciplines)
        raise UnknownConcept(f"the discipline {found.label!r} holds no concepts; these do: {known}")
    return found


def _framework(ontology: Ontology, text: str) -> Framework:
    halves = [half.strip() for half in text.split("::")]
    if len(halves) > 2 or not all(halves):  # noqa: PLR2004 - broad and narrow
        raise PinsError(f"{text!r} cannot be read: {FORM}")
    narrow = ontology.concept(halves[-1])
    if narrow.deprecated:
        raise PinsError(f"{narrow.label!r} is deprecated in PhySH {ontology.release}: pin another concept")
    if len(halves) == 1:
        return Framework(narrow)
    broad = _wider(ontology, narrow, halves[0])
    return Framework(narrow, broad, None if broad else halves[0])


def _wider(ontology: Ontology, narrow: Concept, name: str) -> ConceptRef | None:
    """The concept, facet or discipline of that name if `narrow` lies below it."""
    above = {concept.uri for concept in ontology.ancestors(narrow.uri)}
    above.update(narrow.facets, narrow.disciplines)
    above |= {facet.uri for facet in ontology.facets if above.intersection(facet.narrower)}
    for find in (ontology.concept, ontology.facet, ontology.discipline):
        with suppress(UnknownConcept):
            found = find(name)
            if found.uri in above:
                return ConceptRef(uri=found.uri, label=found.label)
    return None


def _require_different(labels: Iterable[str]) -> None:
    seen: set[str] = set()
    for label in labels:
        if label in seen:
            raise PinsError(f"{label!r} is pinned twice: leave one out")
        seen.add(label)


@dataclass(frozen=True)
class Candidate:
    """`discipline` is that for which it would speak; `relevance` orders candidates of one distance."""

    discipline: ConceptRef
    concept: Concept
    relevance: float
    distance: Distance
    reason: str
    pin: Framework | None = None
