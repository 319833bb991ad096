"""All that is searched and embedded for one hypothesis, as a tool of ours: recorded, and never repeated."""

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import zip_longest
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from agents.literature.finding import Findings, find
from agents.literature.joining import Joiner, LinkQuery, say
from agents.schema import AtlasLink, Nearest, Strict
from agents.schema.base import is_empty
from agents.tool_context import ToolContext
from retrieval.passage import Passage, Search, Work

if TYPE_CHECKING:
    from physh import Router, TextEmbedder

SHOWN = 6  # passages: about 2,000 tokens, which fit even a small model's context beside the hypothesis
FROM_EACH = 6  # of each source and query
MOST_COMPARED = 40  # passages that are embedded, with their sentences: 4 s on one core
NEAREST = 5
SECONDS = 90.0  # then no further query is begun; the rest of the toolbox's time is for embedding


class SurveyQuery(Strict):
    """What is searched, and the statement that prior work is compared with."""

    queries: list[str]
    statement: str


class PairsQuery(SurveyQuery):
    """As SurveyQuery, with pairs of phrases of which the atlas is asked, as older runs wrote them."""

    pairs: list[tuple[str, str]]


class LinksQuery(SurveyQuery):
    """As SurveyQuery, with what the atlas is asked of."""

    links: list[LinkQuery]


class Survey(Strict):
    """What was found, best first."""

    searches: list[Search]
    passages: list[Passage]
    nearest: list[Nearest]
    found: int = Field(default=0, ge=0, description="different passages and abstracts, over all queries")
    compared: int = Field(default=0, ge=0, description="how many of these were embedded")
    known: list[str] = Field(
        default=[], description="what the atlas says of pairs of concepts, a sentence each"
    )
    joined: list[AtlasLink] = Field(default=[], exclude_if=is_empty, description="the same in full")


class Surveyor:
    """Fits `tools.Tool`. No model may call it: it is in no registry."""

    name = "literature_survey"
    version = "1"
    purpose = "what library and sources have on a hypothesis"
    arguments: type[BaseModel] = SurveyQuery

    def __init__(self, context: ToolContext, *, asks_atlas: bool = False, joins: bool = False) -> None:
        """`asks_atlas`: whether hypotheses are also looked up in the atlas, as runs did not always.

        `joins`: whether that is told in full; before, there were sentences alone.
        """
        self._context, self.asks_atlas, self.joins = context, asks_atlas, joins

    def run(self, arguments: BaseModel) -> Survey:
        """Raises ToolError."""
        given = arguments.model_fields_set
        kind = LinksQuery if "links" in given else PairsQuery if "pairs" in given else SurveyQuery
        wanted = kind.model_validate(arguments.model_dump())
        joined = self._join(wanted.links) if isinstance(wanted, LinksQuery) else []
        embedder = self._context.load_embedder()
        asked = list(self._search(wanted.queries))
        found = _in_turn([findings.passages for findings in asked])
        passages = found[:MOST_COMPARED]
        return Survey(
            searches=[search for findings in asked for search in findings.searches],
            passages=_best(wanted.statement, passages, embedder),
            nearest=find_nearest(wanted.statement, passages, embedder),
            found=len(found),
            compared=len(passages),
            known=self._known(wanted.pairs) if isinstance(wanted, PairsQuery) else self._say(joined),
            joined=joined,
        )

    def _join(self, links: Sequence[LinkQuery]) -> list[AtlasLink]:
        ontology, router = self._context.ontology, self._context.router
        if ontology is None or router is None:
            return []
        joiner = Joiner(ontology, router)
        return [joiner.join(link) for link in links]

    def _say(self, joined: Sequence[AtlasLink]) -> list[str]:
        router = self._context.router
        if router is None:
            return []
        total, until = router.atlas.total, int(router.atlas.years[-1])
        return [said for one in joined if (said := say(one, total, until))]

    def _known(self, pairs: Sequence[tuple[str, str]]) -> list[str]:
        router = self._context.router
        return [] if router is None else [said for pair in pairs if (said := say_of_pair(router, *pair))]

    def _search(self, queries: Iterable[str]) -> Iterator[Findings]:
        end = time.monotonic() + SECONDS
        for query in queries:
            yield find(self._context, query, FROM_EACH) if time.monotonic() < end else _unasked(query)


def say_of_pair(router: "Router", first: str, second: str) -> str | None:
    """How the literature joins what two phrases are about; None if that is one concept or nothing."""
    from physh import RouteError

    try:
        one, other = (router.route(phrase, 1).concepts[0] for phrase in (first, second))
    except RouteError:
        return None
    if one.uri == other.uri:
        return None
    atlas = router.atlas
    pair = atlas.pair(one.uri, other.uri)
    among = f"of {atlas.total:,} abstracts until {atlas.years[-1]}"
    if not pair.together:
        return f"{one.label} and {other.label} stand together in none {among}"
    return (
        f"{one.label} and {other.label} stand together in {pair.together} {among}, "
        f"since {pair.first_year} ({pair.direction})"
    )


def _in_turn(rows: Sequence[Sequence[Passage]]) -> list[Passage]:
    """Each once: the best of every query, then the second ones, so that no query crowds out another."""
    passages = (passage for row in zip_longest(*rows) for passage in row if passage is not None)
    return list({passage.key: passage for passage in passages}.values())


def find_nearest(statement: str, passages: Sequence[Passage], embedder: "TextEmbedder") -> list[Nearest]:
    """Works by the cosine of the statement and their likest passage or abstract, likest first."""
    if not passages:
        return []
    from retrieval.sources import merge

    rows = embedder.encode([statement, *(passage.text for passage in passages)])
    cosines = [round(min(1.0, max(-1.0, float(cosine))), 3) for cosine in rows[1:] @ rows[0]]
    order = sorted(range(len(passages)), key=lambda i: -cosines[i])
    likeness: dict[tuple[str, str], float] = {}
    for i in order:
        likeness.setdefault(_identity(passages[i].work), cosines[i])
    works = merge(passages[i].work for i in order)  # each stands where its likest account stood
    return [Nearest(work=work, likeness=likeness[_identity(work)]) for work in works[:NEAREST]]


def _identity(work: Work) -> tuple[str, str]:
    return work.source, work.id


def _best(statement: str, passages: list[Passage], embedder: "TextEmbedder") -> list[Passage]:
    from retrieval.library import rerank

    return [hit.passage for hit in rerank(statement, passages, embedder, SHOWN)]


def _unasked(query: str) -> Findings:
    at = datetime.now(UTC).replace(microsecond=0)
    error = f"not asked: earlier searches for this hypothesis took {SECONDS:.0f} s"
    return Findings([], [Search(source="all", query=query, at=at, found=0, error=error)])
