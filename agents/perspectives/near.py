"""Near perspectives: what specialists and the literature work with on questions like this one."""

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from agents.data_files import roles
from agents.perspectives.pins import Candidate
from agents.schema import ConceptRef, Distance
from physh import Concept, Ontology, RankedHeading, Router
from physh.atlas.text import stems
from physh.route.problems import KnownProblem

POOL = 60  # candidates kept
BARE = 0.01  # share of all works from which a concept named by one word says too little ("electrons")
PROBLEMS = 6  # nearest known problems that count
TOPICS = 3  # of these, whose topics do
PLACE, TOPIC = 0.06, 0.1  # that each place costs in a list of what a problem is worked on with, and is about
LEAST = 1e-4  # of a share and of what is left of it
SAME_KIND = 0.4  # log odds that each chosen one of the same kind costs
ALIKE = 1.0  # log odds that likeness 1 to a chosen one costs
KINDS = ("Theoretical Techniques", "Computational Techniques", "Theoretical & Computational Techniques",
         "Experimental Techniques", "Physical Systems", "Properties", "Research Areas")  # fmt: skip


class Signals(NamedTuple):
    """What speaks for a concept as a perspective on a question, or against it."""

    first: float  # sureness of the nearest known problem, where it is listed there; late places cost a little
    second: float  # the same of the next
    about: float  # the same of what the nearest problems are about
    lists: float  # how many of the nearest problems name it
    alike: float  # likeness in meaning to the question, 0 to 1
    odds: float  # log odds by `Router.working`: the literature's say
    experiment: float  # whether it is an experimental method; and so on
    without_kind: float  # neither method, thing nor area: people, professions
    thing: float
    area: float
    technique: float
    said: float  # share of its name that the question says, where it is no method: it tells nothing new


WEIGHTS: Final = Signals(
    first=3.18,
    second=1.46,
    about=5.14,
    lists=0.68,
    alike=2.93,
    odds=0.13,
    experiment=-0.9,
    without_kind=-9.66,
    thing=-0.93,
    area=-0.05,
    technique=0.1,
    said=-1.69,
)
"""Log odds of being marked 2 and of being marked 1 or 2, together: `python -m bench.planning --fit-marks`."""


def near_candidates(
    ontology: Ontology, router: Router, text: str, own: Sequence[RankedHeading], *, pinned: bool = False
) -> list[Candidate]:
    """Best first. Each speaks for the question's discipline that it is used in.

    Disciplines that the user pinned speak through concepts of their own only, POOL of each.
    """
    if pinned:
        pools = (_pool(ontology, router, text, [field], strict=True) for field in own)
        return sorted((candidate for pool in pools for candidate in pool), key=lambda c: -c.relevance)
    return _pool(ontology, router, text, own, strict=False)


def _pool(
    ontology: Ontology, router: Router, text: str, own: Sequence[RankedHeading], *, strict: bool
) -> list[Candidate]:
    known = router.problems(text, PROBLEMS)
    shares = literature_shares(router, text)
    concepts = _told(ontology, router, known, shares, own[0].uri if strict else None)
    found = []
    for concept, told in zip(concepts, signals(ontology, router, text, concepts, shares), strict=True):
        field = home(ontology, own, concept)
        relevance = float(np.dot(told, WEIGHTS))
        reason = _reason(router, concept, told, known[0][0])
        found.append(Candidate(field, concept, relevance, Distance.NEAR, reason))
    return sorted(found, key=lambda c: -c.relevance)[:POOL]


def home(ontology: Ontology, own: Sequence[RankedHeading], concept: Concept) -> ConceptRef:
    """Return the question's discipline for which a concept speaks: the first that uses it."""
    uri = next((d.uri for d in own if d.uri in concept.disciplines), own[0].uri)
    return ConceptRef(uri=uri, label=ontology.discipline(uri).label)


def literature_shares(router: Router, text: str) -> dict[str, float]:
    """Return URI → score of all concepts by the literature nearest to the text, best first."""
    return {scored.uri: scored.score for scored in router.working(text)}


def _told(
    ontology: Ontology,
    router: Router,
    known: Sequence[tuple[KnownProblem, float]],
    shares: Mapping[str, float],
    discipline: str | None,
) -> list[Concept]:
    """What the nearest problems name, and what the literature works with, less bare words.

    With a discipline, of its concepts only.
    """
    named = [uri for problem, _ in known for uri in (*problem.works, *problem.about)]
    listed = dict.fromkeys([*named, *shares])
    concepts = [ontology.concepts[uri] for uri in listed]
    at_home = [c for c in concepts if discipline is None or discipline in c.disciplines][: 2 * POOL]
    return [c for c in at_home if c.uri in named or not _is_bare(ontology, router, c)]


def _is_bare(ontology: Ontology, router: Router, concept: Concept) -> bool:
    works = sum(router.atlas.concept(concept.uri).values())
    often = works > BARE * router.atlas.total
    return often and " " not in concept.label and not _is_technique(ontology, concept)


def signals(
    ontology: Ontology, router: Router, text: str, concepts: Sequence[Concept], shares: Mapping[str, float]
) -> list[Signals]:
    """Return what speaks for each of the concepts as a perspective on the text."""
    known = router.problems(text, PROBLEMS)
    alike = {scored.uri: scored.score for scored in router.similar(text, [c.uri for c in concepts])}
    said = set(stems(text))
    found = []
    for concept in concepts:
        of, is_technique = kind(ontology, concept), _is_technique(ontology, concept)
        works = [_place(concept.uri, problem.works, sure, PLACE) for problem, sure in known]
        topics = [_place(concept.uri, problem.about, sure, TOPIC) for problem, sure in known[:TOPICS]]
        share, name = shares[concept.uri], set(stems(concept.label))
        found.append(
            Signals(
                first=works[0],
                second=works[1],
                about=max(topics),
                lists=sum(place > 0 for place in works),
                alike=alike[concept.uri],
                odds=math.log(max(share, LEAST) / max(1 - share, LEAST)),
                experiment=of == "Experimental Techniques",
                without_kind=not of,
                thing=of == "Physical Systems",
                area=of == "Research Areas",
                technique=is_technique,
                said=0 if is_technique else len(name & said) / max(1, len(name)),
            )
        )
    return found


def _place(uri: str, listed: Sequence[str], sure: float, cost: float) -> float:
    return sure * max(0.0, 1 - cost * listed.index(uri)) if uri in listed else 0.0


def _reason(router: Router, concept: Concept, told: Signals, problem: KnownProblem) -> str:
    named = problem.text.partition(",")[0]
    by = f"specialists work with on {named}" if told.first else "literature near to it works with"
    return f"what {by}; {seen_in_literature(router, concept)}"


def seen_in_literature(router: Router, concept: Concept) -> str:
    """Return in how many abstracts of the atlas a concept is."""
    works = sum(router.atlas.concept(concept.uri).values())
    return f"in {works:,} of {router.atlas.total:,} abstracts until {router.atlas.years[-1]}"


def _is_technique(ontology: Ontology, concept: Concept) -> bool:
    labels = roles().techniques
    return any(facet.label in labels for facet in ontology.facets if facet.uri in concept.facets)


def choose_near(
    ontology: Ontology, router: Router, pool: Sequence[Candidate], up_to: int, chosen: list[Candidate]
) -> None:
    """Grow `chosen` to `up_to` with candidates different in kind, none above or below another."""
    likeness = {candidate.concept.uri: 0.0 for candidate in pool}
    for candidate in chosen:
        _raise(router, likeness, candidate)
    while len(chosen) < up_to:
        taken = {c.concept.uri for c in chosen}
        fresh = [c for c in pool if c.concept.uri not in taken]
        apart = [c for c in fresh if not any(_kin(ontology, c.concept, other.concept) for other in chosen)]
        if not fresh:
            return
        kinds = [kind(ontology, c.concept) for c in chosen]
        best = max(
            apart or fresh,
            key=lambda c: (
                c.relevance
                - SAME_KIND * kinds.count(kind(ontology, c.concept))
                - ALIKE * likeness[c.concept.uri]
            ),
        )
        chosen.append(best)
        _raise(router, likeness, best)


def kind(ontology: Ontology, concept: Concept) -> str:
    """Theory, computation, experiment, system, property or area: the first facet of KINDS."""
    labels = {facet.label for facet in ontology.facets if facet.uri in concept.facets}
    return next((name for name in KINDS if name in labels), "")


def _kin(ontology: Ontology, one: Concept, other: Concept) -> bool:
    """Whether one is above or below the other, or PhySH relates them."""
    above = {uri: {c.uri for c in ontology.ancestors(uri)} for uri in (one.uri, other.uri)}
    return (
        one.uri in above[other.uri]
        or other.uri in above[one.uri]
        or other.uri in one.related
        or one.uri in other.related
    )


def _raise(router: Router, likeness: dict[str, float], chosen: Candidate) -> None:
    if likeness:
        for found in router.similar(chosen.concept.uri, list(likeness)):
            likeness[found.uri] = max(likeness[found.uri], found.score)
