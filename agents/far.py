"""Far perspectives: methods that do elsewhere what the question needs done, not used on it until now.

The known problems that a question is most like (`physh.route.problems`) name such methods and say how they
carry over. What a question needs done is read from them too: other methods that do it in their own field
stand in `data/operations.yaml`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.data_files import FarMethod, Operation, operations
from agents.schema import ConceptRef, Distance
from agents.voices import Candidate
from physh import Concept, Ontology, Route, Router, Scored
from physh.atlas.text import stems
from physh.route.problems import Problem

POOL = 48  # candidates kept
PROBLEMS = 4  # nearest known problems whose needs and methods count
KNOWN = 0.05  # sureness from which a known problem says whose behaviour is asked and by what far method
OWN_WORDS = 0.4  # of sureness, for likeness 1 to the words of an operation
CUE = 0.18  # of sureness, for a word of the operation in the question
LATER = 0.15  # of sureness, that each place in a problem's list of needs costs
OWN_METHOD = 0.9  # of sureness, that a method has over others where the first problem itself names it
NEXT = 0.15  # of sureness, that each problem that is nearer costs
HEADLINE = 3  # concepts of the question that a method must not be in use on
USED = 0.3  # strength of the pair, in log of observed over expected, from which it is in use
ABOUT = 5  # concepts of the question whose partners a method may share
ALIKE, BRIDGED = 0.08, 0.04  # of sureness, for a standard deviation of likeness and of shared partners


@dataclass(frozen=True)
class _Offer:
    """A method, and how it would serve the question."""

    label: str
    discipline: str
    weight: float
    meaning: str  # what is compared with the question
    says: str


@dataclass(frozen=True)
class _Need:
    """An operation that the question needs, on whose behaviour, and how surely."""

    operation: Operation
    object: str
    weight: float


def far_candidates(
    ontology: Ontology, router: Router, route: Route, own: Sequence[Scored]
) -> list[Candidate]:
    """Methods at home outside the question's disciplines and unused in its literature, best first."""
    router.remember(operation_texts())
    offers = list(_fitting(ontology, router, route, own))
    unused = [offer for offer in offers if not _is_used(router, offer[1], route)]
    offers = unused or offers
    if not offers:
        return []
    alike = router.peculiar(route.text, [offer.meaning for offer, _ in offers])
    bridged = router.atlas.reach(
        [c.uri for c in route.concepts[:ABOUT]], [concept.uri for _, concept in offers]
    )
    homes = {discipline.label: discipline.uri for discipline in ontology.disciplines}
    pool = [
        Candidate(
            ConceptRef(uri=homes[offer.discipline], label=offer.discipline),
            concept,
            offer.weight + ALIKE * likeness + BRIDGED * shared,
            Distance.FAR,
            f"{offer.says} ({_seen(router, concept, route)})",
        )
        for (offer, concept), likeness, shared in zip(offers, alike, bridged, strict=True)
    ]
    return sorted(pool, key=lambda c: -c.relevance)[:POOL]


def operation_texts() -> list[str]:
    """What of the operations is embedded: what each needs done, and what its methods do to what."""
    table = operations().values()
    return list(
        dict.fromkeys([*(one.needs for one in table), *(_meaning(row) for one in table for row in one.rows)])
    )


def _meaning(method: FarMethod) -> str:
    return f"{method.does}, {method.objects}"


def _fitting(
    ontology: Ontology, router: Router, route: Route, own: Sequence[Scored]
) -> Iterator[tuple[_Offer, Concept]]:
    """Each method of another field once, for the surest need that it serves."""
    labels = {c.label: c for c in ontology.concepts.values() if not c.deprecated}
    fields, taken = {d.label for d in own}, {c.uri for c in route.concepts[:HEADLINE]}
    known = router.problems(route.text, PROBLEMS)
    worked = {uri for problem, _ in known[:1] for uri in (*problem.about, *problem.works)}
    for offer in (*_named(known), *_serving(_needs(router, route))):
        concept = labels.get(offer.label)
        if concept is None or concept.uri in taken | worked or offer.discipline in fields:
            continue
        if own[0].uri in concept.disciplines:
            continue
        taken.add(concept.uri)
        yield offer, concept


def _named(known: Sequence[tuple[Problem, float]]) -> Iterator[_Offer]:
    """Methods that the known problems themselves name."""
    for rank, (problem, sure) in enumerate(known):
        if sure > KNOWN:
            weight = sure + OWN_METHOD * sure / known[0][1] - NEXT * rank
            for one in problem.far:
                says = f"in {one.discipline}, {one.label} {one.says}"
                yield _Offer(one.label, one.discipline, weight, one.says, says)


def _serving(needs: Sequence[_Need]) -> Iterator[_Offer]:
    """Methods that do what is needed in their own field."""
    for need in needs:
        for row in need.operation.rows:
            says = (
                f"in {row.discipline}, {row.label} serves to {row.does} ({row.objects}); here {need.object} "
                f"would take their place, as the question needs to {need.operation.needs}"
            )
            yield _Offer(row.label, row.discipline, need.weight, _meaning(row), says)


def _needs(router: Router, route: Route) -> list[_Need]:
    """Surest first: operations by their own words, and more so those that the nearest known problems need."""
    table = operations()
    said = set(stems(route.text))
    alike = router.liken(route.text, [operation.needs for operation in table.values()])
    own = {
        name: OWN_WORDS * likeness + CUE * min(1, len(said & set(stems(operation.words))))
        for (name, operation), likeness in zip(table.items(), alike, strict=True)
    }
    about = route.concepts[0].label.lower()
    needs = [_Need(operation, about, own[name]) for name, operation in table.items()]
    for problem, sure in router.problems(route.text, PROBLEMS):
        whose = problem.object if sure > KNOWN else about
        for place, name in enumerate(problem.needs):
            needs.append(_Need(table[name], whose, sure - LATER * place + own[name]))
    return sorted(needs, key=lambda need: -need.weight)


def _is_used(router: Router, method: Concept, route: Route) -> bool:
    """Whether abstracts join the method with a first concept of the question more often than by chance."""
    pairs = (router.atlas.pair(method.uri, about.uri) for about in route.concepts[:HEADLINE])
    return any(pair.strength > USED for pair in pairs)


def _seen(router: Router, concept: Concept, route: Route) -> str:
    atlas, about = router.atlas, route.concepts[0]
    together = atlas.pair(concept.uri, about.uri).together
    return f"{together} of {atlas.total:,} abstracts until {atlas.years[-1]} join it with {about.label}"
