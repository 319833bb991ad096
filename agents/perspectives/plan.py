"""From a routed question to k perspectives: near ones from specialists and literature, far ones by operation.

Near (`near`): concepts that specialists name for the nearest known problems, or that the literature
nearest to the question works with, different in kind, none of them above or below another. Far
(`far`): techniques of other disciplines that the literature does not use on the question's concepts,
and that do to other objects what the question needs done (known problems and `data/operations.yaml`). Within
each kind the choice trades relevance against likeness to what is already chosen (maximal marginal relevance,
Carbonell and Goldstein 1998, doi:10.1145/290941.291025).
"""

from collections.abc import Sequence
from itertools import zip_longest

from agents.data_files import roles
from agents.perspectives.far import far_candidates
from agents.perspectives.near import choose_near, home, near_candidates, seen_in_literature
from agents.perspectives.pins import Candidate, Framework, read_pins
from agents.schema import ConceptRef, Distance, Perspective, Pins
from physh import Concept, Ontology, RankedHeading, Route, Router, UnknownConcept

MOST_DISCIPLINES = 3  # of the question's own; a fourth is noise in the routing
OWN = 0.5  # a discipline with at least this share of the best one's score is the question's own
FAR_SHARE = 3  # one perspective in three comes from afar
LIKENESS = 0.7  # weight of likeness to the chosen against relevance
SAME_NAME = 0.65  # of a concept that is meant by a name: spelt otherwise, or more exact than PhySH is
FAR_LIKENESS = 0.05  # among far ones: what fits best is worth more than what differs most


class Planner:
    """Chooses perspectives for one routed question. Raises UnknownConcept or PinsError for pins."""

    def __init__(self, ontology: Ontology, router: Router, route: Route, pins: Pins) -> None:
        self.ontology, self.router, self.route = ontology, router, route
        self.pins = read_pins(ontology, pins)
        self.own = self._own_disciplines()

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
        self._choose(self._far(), k + count, chosen, FAR_LIKENESS)
        return [self._perspective(f"f{i:02}", found, None) for i, found in enumerate(chosen[k:], start=1)]

    def shortlist(self, k: int, near: int, far: int) -> list[Perspective]:
        """The near and far ones of k perspectives and more, for somebody else to choose from.

        The rule's own choice stands first, then near ones by relevance alone: who chooses sees which are
        akin. What is pinned is not among them: it speaks anyhow.
        """
        rule = self._candidates(k)
        close, distant = (
            [candidate for candidate in rule if candidate.distance is distance]
            for distance in (Distance.NEAR, Distance.FAR)
        )
        pinned = bool(self.pins.disciplines)
        pool = near_candidates(self.ontology, self.router, self.route.text, self.own, pinned=pinned)
        barred = {framework.narrow.uri for framework in self.pins.frameworks}
        barred |= {candidate.concept.uri for candidate in close}
        further = [c for c in pool if c.concept.uri not in barred][: max(0, near - len(close))]
        close, barred = [*close, *further], barred | {candidate.concept.uri for candidate in further}
        self._choose([c for c in self._far() if c.concept.uri not in barred], far, distant, FAR_LIKENESS)
        return [
            self._perspective(f"s{number:02}", found, None)
            for number, found in enumerate((*close, *distant), start=1)
        ]

    def named(self, name: str) -> Perspective | None:
        """A near perspective on a concept that somebody names; None where PhySH has nothing so called.

        Disciplines that the user pinned speak through concepts of their own only.
        """
        concept = self._meant(name)
        pinned = {discipline.uri for discipline in self.pins.disciplines}
        if concept is None or (pinned and pinned.isdisjoint(concept.disciplines)):
            return None
        field = home(self.ontology, self.own, concept)
        seen = seen_in_literature(self.router, concept)
        return self._perspective("n01", Candidate(field, concept, 1.0, Distance.NEAR, seen), None)

    def _meant(self, name: str) -> Concept | None:
        """The concept in use that is called so, or nearly so."""
        try:
            concept = self.ontology.concept(name)
        except UnknownConcept:
            nearest = self.router.route(name, 1).concepts if any(map(str.isalpha, name)) else []
            near = [scored.uri for scored in nearest if scored.score >= SAME_NAME]
            return self.ontology.concepts[near[0]] if near else None
        return None if concept.deprecated else concept

    def _candidates(self, k: int) -> list[Candidate]:
        self.pins.require_room(k)
        chosen = [self._pinned(framework) for framework in self.pins.frameworks]
        free = k - len(chosen)
        far = min(round(free / FAR_SHARE), free - len(self.pins.unheard))
        pinned = bool(self.pins.disciplines)
        near = near_candidates(self.ontology, self.router, self.route.text, self.own, pinned=pinned)
        self._choose_near(near, k - far, chosen)
        self._choose(self._far(), k, chosen, FAR_LIKENESS)
        self._choose_near(near, k, chosen)
        return chosen

    def _choose_near(self, pool: Sequence[Candidate], up_to: int, chosen: list[Candidate]) -> None:
        """Disciplines that the user pinned speak in turn; else the most relevant concepts speak."""
        if self.pins.disciplines:
            self._choose(pool, up_to, chosen, LIKENESS)
        else:
            choose_near(self.ontology, self.router, pool, up_to, chosen)

    def _far(self) -> list[Candidate]:
        return far_candidates(self.ontology, self.router, self.route, self.own)

    def _own_disciplines(self) -> list[RankedHeading]:
        if self.pins.disciplines:
            return [RankedHeading(uri=d.uri, label=d.label, score=1.0) for d in self.pins.disciplines]
        best = self.route.disciplines[0].score
        return [d for d in self.route.disciplines if d.score >= OWN * best][:MOST_DISCIPLINES]

    def _field(self, uri: str) -> ConceptRef:
        return ConceptRef(uri=uri, label=self.ontology.discipline(uri).label)

    def _choose(self, pool: Sequence[Candidate], up_to: int, chosen: list[Candidate], apart: float) -> None:
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
                key=lambda c: c.relevance - apart * likeness[c.concept.uri],
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
