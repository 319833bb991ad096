"""Near perspectives: what the literature nearest to the question works with."""

import math
from collections.abc import Sequence

from agents.data_files import roles
from agents.schema import ConceptRef, Distance
from agents.voices import Candidate
from physh import Concept, Ontology, Router, Scored
from physh.atlas.text import stems

POOL = 60  # candidates kept
OFTEN = 300  # works from which a concept is in use on too much to say anything, unless specialists name it
COMMON = 0.6  # log odds that e times as many works cost then
BARE = 0.01  # share of all works from which a concept named by one word says too little ("electrons")
TECHNIQUE = 1.2  # log odds that a method is worth: it reasons better than a name of a thing
THING = 1.5  # log odds that a name of a system costs
SAID = 8.0  # log odds that a name which the question says costs, where it is no method: it tells nothing new
TOPIC = 1.5  # log odds that a name of what is asked about costs, where it is no method
UNLISTED = 8.0  # log odds that a concept costs which no specialist works with on a surely known problem
PROBLEMS, BEHIND = 5, 0.3  # known problems that count; of sureness, how far they may be behind the first
NO_KIND = 4.0  # log odds that what is neither method, thing nor area costs: people, professions
SAME_KIND = 1.0  # log odds that each chosen one of the same kind costs
ALIKE = 5.0  # log odds that likeness 1 to a chosen one costs
KINDS = ("Theoretical Techniques", "Computational Techniques", "Theoretical & Computational Techniques",
         "Experimental Techniques", "Physical Systems", "Properties", "Research Areas")  # fmt: skip


def near_candidates(
    ontology: Ontology, router: Router, text: str, own: Sequence[Scored], *, pinned: bool = False
) -> list[Candidate]:
    """Best first. Each speaks for the question's discipline that it is used in.

    Disciplines that the user pinned speak through concepts of their own only, POOL of each.
    """
    if pinned:
        pools = (_pool(ontology, router, text, [field], strict=True) for field in own)
        return sorted((candidate for pool in pools for candidate in pool), key=lambda c: -c.relevance)
    return _pool(ontology, router, text, own, strict=False)


def _pool(
    ontology: Ontology, router: Router, text: str, own: Sequence[Scored], *, strict: bool
) -> list[Candidate]:
    atlas = router.atlas
    techniques = {facet.uri for facet in ontology.facets if facet.label in roles().techniques}
    said = set(stems(text))
    topics, listed, sure = _listed(router, text)
    found = []
    working = router.working(text)
    if strict:
        working = [w for w in working if own[0].uri in ontology.concepts[w.uri].disciplines]
    for scored in working[: 2 * POOL]:
        concept = ontology.concepts[scored.uri]
        works = sum(atlas.concept(concept.uri).values())
        is_technique = bool(techniques & set(concept.facets))
        if " " not in concept.label and works > BARE * atlas.total and not is_technique:
            continue
        home = next((d for d in own if d.uri in concept.disciplines), own[0])
        odds = math.log(max(scored.score, 1e-6) / max(1 - scored.score, 1e-6))
        unlisted = sure * (concept.uri not in listed)
        odds -= UNLISTED * unlisted + COMMON * (1 - sure + unlisted) * math.log(max(1, works / OFTEN))
        if is_technique:
            odds += TECHNIQUE
        else:
            name = set(stems(concept.label))
            odds -= NO_KIND * (not kind(ontology, concept))
            odds -= THING * (kind(ontology, concept) == "Physical Systems")
            odds -= TOPIC * sure * (concept.uri in topics)
            odds -= SAID * len(name & said) / max(1, len(name))
        field = ConceptRef(uri=home.uri, label=ontology.discipline(home.uri).label)
        reason = (
            f"what literature near to the question works with ({scored.score:.2f}); in {works:,} of "
            f"{atlas.total:,} abstracts until {atlas.years[-1]}"
        )
        found.append(Candidate(field, concept, odds, Distance.NEAR, reason))
    return sorted(found, key=lambda c: -c.relevance)[:POOL]


def _listed(router: Router, text: str) -> tuple[set[str], set[str], float]:
    """What the problems most like a text are about, and all that specialists work with on them.

    Third, how surely the text is one of these problems, 0 to 1.
    """
    known = router.problems(text, PROBLEMS)
    best = known[0][1]
    near = [problem for problem, sure in known if sure > best - BEHIND]
    topics = {uri for problem in near for uri in problem.about}
    return topics, topics | {uri for problem in near for uri in problem.works}, best


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
