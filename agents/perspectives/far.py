"""Far perspectives: methods that do elsewhere what the question needs done, not used on it until now.

The known problems that a question is most like (`physh.route.problems`) name such methods and say how they
carry over. What a question needs done is read from them too: other methods that do it in their own field
stand in `data/operations.yaml`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agents.data_files import FarMethod, Operation, operations
from agents.perspectives.pins import Candidate
from agents.schema import ConceptRef, Distance
from physh import Concept, Ontology, RankedHeading, Route, Router
from physh.atlas.text import stems
from physh.route.problems import KnownProblem

POOL = 48  # candidates kept
PROBLEMS = 6  # nearest known problems whose needs and methods count
KNOWN = 0.05  # sureness from which a known problem says whose behaviour is asked and by what far method
NAMED = 1.0  # that a method which a known problem names has over others, in cosines
OWN_WORDS = 0.4  # of sureness, for likeness 1 to the words of an operation
CUE = 0.18  # of sureness, for a word of the operation in the question
LATER = 0.15  # of sureness, that each place in a problem's list of needs costs
HEADLINE = 3  # concepts of the question that a method must not be in use on
USED = 0.3  # strength of the pair, in log of observed over expected, from which it is in use
ABOUT = 5  # concepts of the question whose partners a method may share
ALIKE, BRIDGED = 0.08, 0.04  # of sureness, for a standard deviation of likeness and of shared partners
SEEN = " (seen together in "  # begins how often the literature joins a method with the question
HERE = "; here "  # begins what a method of another field would do for the problem


@dataclass(frozen=True)
class _Offer:
    """A method, how it would serve the question, and how well."""

    label: str
    discipline: str
    says: str
    weight: float


@dataclass(frozen=True)
class _Need:
    """An operation that the question needs, on whose behaviour, and how surely."""

    operation: Operation
    object: str
    weight: float


def far_candidates(
    ontology: Ontology, router: Router, route: Route, own: Sequence[RankedHeading]
) -> list[Candidate]:
    """Methods at home outside the question's disciplines and unused in its literature, best first."""
    offers = list(_fitting(ontology, router, route, own))
    unused = [offer for offer in offers if not _is_used(router, offer[1], route)]
    homes = {discipline.label: discipline.uri for discipline in ontology.disciplines}
    pool = [
        Candidate(
            ConceptRef(uri=homes[offer.discipline], label=offer.discipline),
            concept,
            offer.weight,
            Distance.FAR,
            f"in {offer.discipline}, {offer.label} {offer.says}{_seen(router, concept, route)}",
        )
        for offer, concept in unused or offers
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
    ontology: Ontology, router: Router, route: Route, own: Sequence[RankedHeading]
) -> Iterator[tuple[_Offer, Concept]]:
    """Each method of another field once: of a known problem, else for the surest need that it serves."""
    labels = {c.label: c for c in ontology.concepts.values() if not c.deprecated}
    fields, taken = {d.label for d in own}, {c.uri for c in route.concepts[:HEADLINE]}
    known = router.problems(route.text, PROBLEMS)
    worked = {uri for problem, _ in known[:1] for uri in (*problem.about, *problem.works)}
    for offer in (*_named(router, route, known), *_serving(router, route, labels)):
        concept = labels.get(offer.label)
        if concept is None or concept.uri in taken | worked or offer.discipline in fields:
            continue
        if own[0].uri in concept.disciplines:
            continue
        taken.add(concept.uri)
        yield offer, concept


def _named(router: Router, route: Route, known: Sequence[tuple[KnownProblem, float]]) -> list[_Offer]:
    """Methods that known problems name, by how like the question is to problem and method.

    The sum of the two cosines was best of a dozen measures on 80 questions whose 721 candidates were marked.
    """
    named = [(problem, one) for problem, sure in known if sure > KNOWN for one in problem.far]
    near = router.liken(route.text, [problem.text for problem, _ in named])
    here = router.liken(route.text, [one.says.partition(HERE)[2] for _, one in named])
    return [
        _Offer(one.label, one.discipline, one.says, NAMED + problem + method)
        for (_, one), problem, method in zip(named, near, here, strict=True)
    ]


def _serving(router: Router, route: Route, labels: Mapping[str, Concept]) -> list[_Offer]:
    """Methods that do what is needed in their own field, surest need first."""
    router.remember(operation_texts())
    surest: dict[tuple[str, str], tuple[_Need, FarMethod]] = {}  # several problems need the same done
    for need in _needs(router, route):
        for row in need.operation.rows:
            if row.label in labels:
                surest.setdefault((row.label, row.discipline), (need, row))
    rows = [*surest.values()]
    alike = router.peculiar(route.text, [_meaning(row) for _, row in rows])
    about = [concept.uri for concept in route.concepts[:ABOUT]]
    bridged = router.atlas.reach(about, [labels[row.label].uri for _, row in rows])
    return [
        _Offer(
            row.label,
            row.discipline,
            f"serves to {row.does} ({row.objects}){HERE}{need.object} would take their place, as the "
            f"question needs to {need.operation.needs}",
            need.weight + ALIKE * likeness + BRIDGED * shared,
        )
        for (need, row), likeness, shared in zip(rows, alike, bridged, strict=True)
    ]


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
    return f"{SEEN}{together} of {atlas.total:,} abstracts until {atlas.years[-1]} with {about.label})"
