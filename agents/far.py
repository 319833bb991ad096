"""Far perspectives: methods that do elsewhere what the question needs done, not used on it until now.

What a question needs done is read from the known problems that it is most like (`physh.route.problems`). A
problem may name such a method; others that do the same in their own field stand in `data/operations.yaml`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.data_files import Operation, operations
from agents.schema import ConceptRef, Distance
from agents.voices import Candidate
from physh import Concept, FarMethod, Ontology, Route, Router, Scored
from physh.atlas.text import stems
from physh.route.problems import Problem

POOL = 48  # candidates kept
PROBLEMS = 4  # nearest known problems whose needs count
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
    offers = list(_offers(ontology, router, route, own))
    unused = [offer for offer in offers if not _is_used(router, offer[2], route)]
    offers = unused or offers
    if not offers:
        return []
    texts = [_said(method) for _, method, _ in offers]
    alike = router.peculiar(route.text, texts)
    bridged = router.atlas.reach(
        [c.uri for c in route.concepts[:ABOUT]], [concept.uri for _, _, concept in offers]
    )
    homes = {discipline.label: discipline.uri for discipline in ontology.disciplines}
    pool = [
        Candidate(
            ConceptRef(uri=homes[method.discipline], label=method.discipline),
            concept,
            need.weight + ALIKE * likeness + BRIDGED * shared,
            Distance.FAR,
            _mapping(router, need, method, concept, route),
        )
        for (need, method, concept), likeness, shared in zip(offers, alike, bridged, strict=True)
    ]
    return sorted(pool, key=lambda c: -c.relevance)[:POOL]


def operation_texts() -> list[str]:
    """What of the operations is embedded: what each needs done, and what its methods do to what."""
    table = operations().values()
    return list(
        dict.fromkeys([*(one.needs for one in table), *(_said(row) for one in table for row in one.rows)])
    )


def _said(method: FarMethod) -> str:
    return f"{method.does}, {method.objects}"


def _offers(
    ontology: Ontology, router: Router, route: Route, own: Sequence[Scored]
) -> Iterator[tuple[_Need, FarMethod, Concept]]:
    """Each method once, for the surest need that it serves."""
    labels = {c.label: c for c in ontology.concepts.values() if not c.deprecated}
    fields, taken = {d.label for d in own}, {c.uri for c in route.concepts[:HEADLINE]}
    known = router.problems(route.text, PROBLEMS)
    worked = {uri for problem, _ in known[:1] for uri in (*problem.about, *problem.works)}
    for need, method, is_named in _served(known, _needs(router, route)):
        concept = labels.get(method.label)
        if concept is None or concept.uri in taken | worked or method.discipline in fields:
            continue
        if not is_named and own[0].uri in concept.disciplines:
            continue
        taken.add(concept.uri)
        yield need, method, concept


def _served(
    known: Sequence[tuple[Problem, float]], needs: Sequence[_Need]
) -> Iterator[tuple[_Need, FarMethod, bool]]:
    """Methods that the problems themselves name, and then those of the operations that are needed."""
    table = operations()
    for rank, (problem, sure) in enumerate(known):
        if problem.far and sure > KNOWN:
            weight = sure + OWN_METHOD * sure / known[0][1] - NEXT * rank
            yield _Need(table[problem.needs[0]], problem.object, weight), problem.far, True
    for need in needs:
        yield from ((need, method, False) for method in need.operation.rows)


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


def _mapping(router: Router, need: _Need, method: FarMethod, concept: Concept, route: Route) -> str:
    """One sentence: what is needed, what the method does to its own objects, what takes their place."""
    atlas, about = router.atlas, route.concepts[0]
    together = atlas.pair(concept.uri, about.uri).together
    return (
        f"in {method.discipline}, {method.label} serves to {method.does} ({method.objects}); here "
        f"{need.object} would take their place, as the question needs to {need.operation.needs} "
        f"({together} of {atlas.total:,} abstracts until {atlas.years[-1]} join it with {about.label})"
    )
