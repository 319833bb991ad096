"""From a routed question to k perspectives: near ones in its own disciplines, far ones from structure.

Near: concepts of the question's disciplines, techniques first. Far: techniques that belong to none of those
disciplines, ordered by how well the structure of the problems that they were made for fits the question
(`data/structures.yaml`): structure transfers between fields, words do not. Within each kind the choice
trades relevance against likeness to what is already chosen (maximal marginal relevance, Carbonell and
Goldstein 1998, doi:10.1145/290941.291025), and every discipline of the question speaks before one speaks
twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from agents.data_files import roles, structures
from agents.pins import Framework, read_pins
from agents.schema import ConceptRef, Distance, Perspective, Pins
from physh import Concept, Ontology, Route, Router, Scored

MOST_DISCIPLINES = 3  # of the question's own; a fourth is noise in the routing
OWN = 0.5  # a discipline with at least this share of the best one's score is the question's own
POOL = 24  # candidates kept of each kind
FAR_SHARE = 3  # one perspective in three comes from afar
TECHNIQUE_BONUS = 0.1  # a method reasons better than a name of a thing
LIKENESS = 0.7  # weight of likeness to the chosen against relevance


@dataclass(frozen=True)
class Candidate:
    """A concept that could be a framework's narrow half."""

    discipline: ConceptRef
    concept: Concept
    relevance: float
    distance: Distance
    reason: str
    pin: Framework | None = None


class Planner:
    """Chooses perspectives for one routed question. Raises UnknownConcept or PinsError for pins."""

    def __init__(self, ontology: Ontology, router: Router, route: Route, pins: Pins) -> None:
        self.ontology, self.router, self.route = ontology, router, route
        self.pins = read_pins(ontology, pins)
        self.own = self._own_disciplines()
        facets = {facet.uri for facet in ontology.facets if facet.label in roles().techniques}
        live = (concept for concept in ontology.concepts.values() if not concept.deprecated)
        self.techniques = {concept.uri for concept in live if facets & set(concept.facets)}

    def perspectives(self, k: int) -> list[Perspective]:
        """Exactly k perspectives, no two with the same narrow concept; the same input gives the same plan.

        Raises PinsError if k is too few for the pins.
        """
        return [
            self._perspective(f"p{number:02}", candidate, role)
            for number, (candidate, role) in enumerate(
                zip_longest(self._candidates(k), self.pins.roles), start=1
            )
        ]

    def reserve(self, k: int, count: int) -> list[Perspective]:
        """At most `count` far perspectives beyond the k: good hypotheses may be moved there."""
        chosen = self._candidates(k)
        self._choose(self._far(), k + count, chosen)
        return [self._perspective(f"f{i:02}", found, None) for i, found in enumerate(chosen[k:], start=1)]

    def _candidates(self, k: int) -> list[Candidate]:
        self.pins.require_room(k)
        chosen = [self._pinned(framework) for framework in self.pins.frameworks]
        free = k - len(chosen)
        far = min(round(free / FAR_SHARE), free - len(self.pins.unheard))
        near_pool, far_pool = self._near(), self._far()
        self._choose(near_pool, k - far, chosen)
        self._choose(far_pool, k, chosen)
        self._choose([*near_pool, *far_pool], k, chosen)
        return chosen

    def _own_disciplines(self) -> list[Scored]:
        if self.pins.disciplines:
            return [Scored(uri=d.uri, label=d.label, score=1.0) for d in self.pins.disciplines]
        best = self.route.disciplines[0].score
        return [d for d in self.route.disciplines if d.score >= OWN * best][:MOST_DISCIPLINES]

    def _near(self) -> list[Candidate]:
        pool = [candidate for discipline in self.own for candidate in self._near_in(discipline)]
        return sorted(pool, key=lambda c: -c.relevance)

    def _near_in(self, discipline: Scored) -> list[Candidate]:
        members = {concept.uri for concept in self.ontology.members(discipline.uri)}
        touched = {concept.uri for concept in self.route.concepts}
        close = self.router.similar(self.route.text, sorted(members & (self.techniques | touched)))
        weight = discipline.score / self.own[0].score
        return [
            Candidate(
                self._field(discipline.uri),
                self.ontology.concept(found.uri),
                weight * found.score + TECHNIQUE_BONUS * (found.uri in self.techniques),
                Distance.NEAR,
                f"in {discipline.label}, the question's own field; similarity {found.score:.2f}",
            )
            for found in close[:POOL]
        ]

    def _far(self) -> list[Candidate]:
        own = {discipline.uri for discipline in self.own}
        labels = {self.ontology.concepts[uri].label: uri for uri in self.techniques}
        known = {
            text: self.ontology.concepts[labels[label]]
            for label, text in structures().items()
            if label in labels
        }
        outside = {text: concept for text, concept in known.items() if not own & set(concept.disciplines)}
        likeness = self.router.liken(self.route.text, list(outside))
        pool = [
            Candidate(self._field(uri), concept, score, Distance.FAR, _far_reason(text, score))
            for (text, concept), score in zip(outside.items(), likeness, strict=True)
            for uri in sorted(concept.disciplines)
        ]
        return sorted(pool, key=lambda c: -c.relevance)[: 2 * POOL]

    def _field(self, uri: str) -> ConceptRef:
        return ConceptRef(uri=uri, label=self.ontology.discipline(uri).label)

    def _choose(self, pool: Sequence[Candidate], up_to: int, chosen: list[Candidate]) -> None:
        """Grow `chosen` to `up_to`, least used discipline first among equals of the pool's kind."""
        likeness = {candidate.concept.uri: 0.0 for candidate in pool}
        for candidate in chosen:
            self._raise_likeness(likeness, candidate)
        while len(chosen) < up_to:
            taken = {candidate.concept.uri for candidate in chosen}
            fresh = [candidate for candidate in pool if candidate.concept.uri not in taken]
            if not fresh:
                return
            uses = {d: sum(c.discipline.uri == d for c in chosen) for d in {c.discipline.uri for c in fresh}}
            fewest = min(uses.values())
            best = max(
                (c for c in fresh if uses[c.discipline.uri] == fewest),
                key=lambda c: c.relevance - LIKENESS * likeness[c.concept.uri],
            )
            chosen.append(best)
            self._raise_likeness(likeness, best)

    def _raise_likeness(self, likeness: dict[str, float], chosen: Candidate) -> None:
        for found in self.router.similar(chosen.concept.uri, list(likeness)):
            likeness[found.uri] = max(likeness[found.uri], found.score)

    def _pinned(self, pin: Framework) -> Candidate:
        """Speaks for the discipline that it names, else for one of the question's own, else for its first."""
        named = [pin.broad.uri] if pin.broad and pin.broad.uri in pin.narrow.disciplines else []
        own = [d.uri for d in self.own if d.uri in pin.narrow.disciplines]
        where = self._field((named or own or sorted(pin.narrow.disciplines))[0])
        words = f"; {pin.words!r} are the user's own words" if pin.words else ""
        return Candidate(where, pin.narrow, 1.0, Distance.PINNED, f"pinned by the user{words}", pin)

    def _perspective(self, key: str, candidate: Candidate, role: str | None) -> Perspective:
        concept = candidate.concept
        facets = [facet.label for facet in self.ontology.facets if facet.uri in concept.facets]
        return Perspective(
            key=key,
            discipline=candidate.discipline,
            role=role or roles().name(candidate.discipline.label, facets),
            broad=self._broad(candidate),
            narrow=ConceptRef(uri=concept.uri, label=concept.label),
            distance=candidate.distance,
            reason=candidate.reason,
        )

    def _broad(self, candidate: Candidate) -> ConceptRef:
        """As pinned, else what lies just above."""
        if candidate.pin and candidate.pin.broad:
            return candidate.pin.broad
        parent = self._parent(candidate)
        words = candidate.pin and candidate.pin.words
        return ConceptRef(uri=parent.uri, label=words) if words else parent

    def _parent(self, candidate: Candidate) -> ConceptRef:
        """In the same discipline where it can be; for a top concept its facet, else its discipline."""
        parents = [self.ontology.concept(uri) for uri in candidate.concept.broader]
        parents.sort(key=lambda p: (candidate.discipline.uri not in p.disciplines, p.label))
        if parents:
            return ConceptRef(uri=parents[0].uri, label=parents[0].label)
        facets = [facet for facet in self.ontology.facets if facet.uri in candidate.concept.facets]
        return ConceptRef(uri=facets[0].uri, label=facets[0].label) if facets else candidate.discipline


def _far_reason(structure: str, likeness: float) -> str:
    return f"from outside the question's fields; made for this structure: {structure} ({likeness:.2f})"
