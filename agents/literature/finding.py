"""One query, asked of the user's library and of all sources of the run."""

from datetime import UTC, datetime
from typing import NamedTuple

from agents.model.reading import clean
from agents.places import Places
from physh import Ontology, PhyshError
from retrieval import RetrievalError
from retrieval.passage import Passage, Search, Work
from tools import ToolError

LIBRARY = "library"


class Findings(NamedTuple):
    """Best first within each place, and how each was asked: what failed is among `searches`."""

    passages: list[Passage]
    searches: list[Search]


def find(places: Places, query: str, limit: int, within: str | None = None) -> Findings:
    """At most `limit` passages of the library and `limit` works of each source.

    Raises ToolError if `within` is no discipline or facet of PhySH.
    """
    own = _find_own(places, query, limit, within)
    foreign = _find_foreign(places, query, limit)
    return Findings([*own.passages, *foreign.passages], [*own.searches, *foreign.searches])


def _find_own(places: Places, query: str, limit: int, within: str | None) -> Findings:
    if places.library is None:
        return Findings([], [])
    search = Search(source=LIBRARY, query=query, at=datetime.now(UTC).replace(microsecond=0), found=0)
    try:
        hits = places.library.search(query, limit, _concepts(places.ontology, within))
    except RetrievalError as error:
        return Findings([], [search.model_copy(update={"error": str(error)})])
    return Findings([hit.passage for hit in hits], [search.model_copy(update={"found": len(hits)})])


def _find_foreign(places: Places, query: str, limit: int) -> Findings:
    if places.sources is None:
        return Findings([], [])
    found = places.sources(query, limit)
    return Findings(
        [as_passage(work) for work in found.works if work.abstract or work.title], list(found.searches)
    )


def _concepts(ontology: Ontology | None, within: str | None) -> list[str] | None:
    """URIs of everything in that discipline or facet; None means no limit."""
    if within is None or ontology is None:
        return None
    try:
        uri = ontology.discipline(within).uri
    except PhyshError:
        uri = _facet(ontology, within)
    return [c.uri for c in ontology.concepts.values() if uri in c.disciplines or uri in c.facets]


def _facet(ontology: Ontology, name: str) -> str:
    try:
        return ontology.facet(name).uri
    except PhyshError as error:
        raise ToolError(f"{name[:80]!r} is no discipline and no facet of PhySH") from error


def as_passage(work: Work) -> Passage:
    """A work's abstract, or its title where the source has none, as a passage that can be quoted."""
    from retrieval.library import passage_key

    text = clean(work.abstract or work.title)
    return Passage(key=passage_key(text), work=work, text=text, start=0, end=len(text))
