"""Tournament, literature and overview as triples."""

import hashlib

from rdflib import DCTERMS, PROV, Literal, URIRef

from agents.rank import PERSON
from agents.schema import AtlasLink, Citation, Literature, Match, Overview, Rating, Tournament
from app.exports.triples import HF, Facts, Triples
from retrieval.passage import Work


def add_tournament(graph: Triples, tournament: Tournament) -> None:
    graph.describe("people", [PROV.Person], {})
    facts: Facts = {
        DCTERMS.isPartOf: graph.here.report,
        HF.stopped: tournament.stopped.value,
        HF.canRank: tournament.can_rank,
        HF.verdict: tournament.verdict,
        HF.alpha: tournament.alpha,
        HF.match: [_match(graph, i, match) for i, match in enumerate(tournament.matches, start=1)],
        HF.rating: [_rating(graph, rating) for rating in tournament.ratings],
    }
    graph.describe("tournament", [HF.Tournament, PROV.Entity], facts)


def _match(graph: Triples, position: int, match: Match) -> URIRef:
    facts: Facts = {
        HF.first: graph.hypothesis(match.first),
        HF.second: graph.hypothesis(match.second),
        PROV.wasAttributedTo: graph.here.people if match.judge == PERSON else graph.agent(match.judge),
        HF.outcome: match.outcome.value,
        HF["split"]: match.split,
    }
    return graph.describe(f"match-{position:03d}", [HF.Match, PROV.Entity], facts)


def _rating(graph: Triples, rating: Rating) -> URIRef:
    facts: Facts = {
        HF.about: graph.hypothesis(rating.hypothesis),
        HF.matches: rating.matches,
        HF.ranked: rating.ranked,
        HF.strength: rating.strength,
        HF.low: rating.low,
        HF.high: rating.high,
        HF.probabilityOfBeingBest: rating.best,
    }
    return graph.describe(f"rating-{rating.hypothesis}", [HF.Rating], facts)


def add_overview(graph: Triples, overview: Overview, call: URIRef | None) -> None:
    facts: Facts = {
        DCTERMS.isPartOf: graph.here.report,
        PROV.wasAttributedTo: graph.agent(overview.model),
        PROV.wasGeneratedBy: call,
        HF.agreement: overview.review.agreements,
        HF.disagreement: overview.review.splits,
        HF.experiment: overview.review.experiment,
    }
    graph.describe("overview", [HF.Overview, PROV.Entity], facts)


def add_literature(graph: Triples, owner: URIRef, literature: Literature) -> None:
    """Every citation is a quote in a passage of a work; what did not hold is not told as one."""
    name = owner.split("#hypothesis-")[-1]
    works = {passage.key: _work(graph, passage.work) for passage in literature.passages}
    for i, citation in enumerate(literature.citations, start=1):
        _citation(graph, f"citation-{name}-{i}", owner, citation, works.get(citation.passage))
    for i, near in enumerate(literature.nearest, start=1):
        facts: Facts = {HF.about: owner, HF.work: _work(graph, near.work), HF.likeness: near.likeness}
        graph.describe(f"nearest-{name}-{i}", [HF.NearestWork], facts)
    for i, search in enumerate(literature.searches, start=1):
        asked: Facts = {
            HF.about: owner,
            DCTERMS.source: search.source,
            HF.query: search.query,
            PROV.endedAtTime: search.at,
            HF.found: search.found,
            HF.error: search.error,
        }
        graph.describe(f"search-{name}-{i}", [HF.Search, PROV.Activity], asked)
    for i, joined in enumerate(literature.joined, start=1):
        _joined(graph, f"joined-{name}-{i}", owner, joined)
    graph.describe(owner, [], {HF.novelty: literature.novelty, HF.gap: literature.gap})


def _joined(graph: Triples, name: str, owner: URIRef, joined: AtlasLink) -> None:
    """Nothing is said of phrases that name no two concepts: there was nothing to look up."""
    if joined.first is None or joined.second is None or not joined.is_looked_up:
        return
    facts: Facts = {
        HF.about: owner,
        HF.of: joined.of,
        HF.concept: [URIRef(joined.first.uri), URIRef(joined.second.uri)],
        HF.together: joined.together,
        HF.firstYear: joined.first_year,
        HF.trend: joined.direction if joined.together else None,
        HF.between: [URIRef(concept.uri) for concept in joined.between],
        HF.work: [_work(graph, work) for work in joined.works],
    }
    graph.describe(name, [HF.Joined], facts)


def _citation(graph: Triples, name: str, owner: URIRef, citation: Citation, work: URIRef | None) -> None:
    facts: Facts = {
        HF.about: owner,
        HF.work: work,
        HF.quote: citation.quote,
        HF.passage: citation.passage,
        HF.stance: citation.stance.value if citation.stance else None,
        PROV.wasAttributedTo: graph.agent(citation.judge) if citation.judge else None,
        HF.reason: citation.reason,
    }
    graph.describe(name, [HF.Citation, PROV.Entity], facts)


def _work(graph: Triples, work: Work) -> URIRef:
    told = hashlib.sha256(f"{work.source} {work.id}".encode()).hexdigest()[:12]
    facts: Facts = {
        DCTERMS.title: work.title,
        DCTERMS.creator: list(work.authors),
        DCTERMS.date: Literal(work.year) if work.year else None,
        DCTERMS.identifier: [f"doi:{work.doi}"] * bool(work.doi) + [f"arXiv:{work.arxiv}"] * bool(work.arxiv),
        DCTERMS.source: work.source,
        HF.retracted: work.retracted,
    }
    return graph.describe(f"work-{told}", [HF.Work], facts)
