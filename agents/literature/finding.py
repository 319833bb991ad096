"""One query, asked of the user's library and of all sources of the run."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from agents.model.reading import clean
from agents.tool_context import ToolContext
from physh import Ontology
from retrieval import RetrievalError
from retrieval.passage import Passage, Search, Work

LIBRARY = "library"


class Findings(NamedTuple):
    """Best first within each place, and how each was asked: what failed is among `searches`."""

    passages: list[Passage]
    searches: list[Search]


def find(context: ToolContext, query: str, limit: int, within: Sequence[str] | None = None) -> Findings:
    """At most `limit` passages of the library and `limit` works of each source.

    `within` are URIs of concepts: a passage of the library must touch one of them.
    """
    own = _find_own(context, query, limit, within)
    foreign = _find_foreign(context, query, limit)
    return Findings([*own.passages, *foreign.passages], [*own.searches, *foreign.searches])


def _find_own(context: ToolContext, query: str, limit: int, within: Sequence[str] | None) -> Findings:
    if context.library is None:
        return Findings([], [])
    search = Search(source=LIBRARY, query=query, at=datetime.now(UTC).replace(microsecond=0), found=0)
    try:
        hits = context.library.search(query, limit, within)
    except RetrievalError as error:
        return Findings([], [search.model_copy(update={"error": str(error)})])
    return Findings([hit.passage for hit in hits], [search.model_copy(update={"found": len(hits)})])


def _find_foreign(context: ToolContext, query: str, limit: int) -> Findings:
    if context.sources is None:
        return Findings([], [])
    found = context.sources(query, limit)
    return Findings(
        [as_passage(work) for work in found.works if work.abstract or work.title], list(found.searches)
    )


def concepts_within(ontology: Ontology, name: str) -> list[str]:
    """URIs of everything in a discipline or facet. Raises UnknownConcept."""
    uri = ontology.branch(name).uri
    return [c.uri for c in ontology.concepts.values() if uri in c.disciplines or uri in c.facets]


def as_passage(work: Work) -> Passage:
    """A work's abstract, or its title where the source has none, as a passage that can be quoted."""
    from retrieval.library import passage_key

    text = clean(work.abstract or work.title)
    return Passage(key=passage_key(text), work=work, text=text, start=0, end=len(text))
