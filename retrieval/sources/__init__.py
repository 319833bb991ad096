"""Services that know the literature: one file each, listed in SOURCES. A new one is a file and a line here.

`search_all` asks those that are named and merges what they know of the same works. Nothing is sent to others.
"""

from collections.abc import Sequence
from datetime import datetime

from retrieval.sources.arxiv import Arxiv
from retrieval.sources.crossref import Crossref
from retrieval.sources.inspire import Inspire
from retrieval.sources.openalex import OpenAlex
from retrieval.sources.searching import SearchService, ServiceResults, are_same, join, merge, search_sources
from retrieval.sources.semantic_scholar import SemanticScholar
from retrieval.web import Web

__all__ = ["SITES", "SOURCES", "SearchService", "ServiceResults", "are_same", "join", "merge", "search_all"]

SOURCES: tuple[SearchService, ...] = (Arxiv(), OpenAlex(), SemanticScholar(), Crossref(), Inspire())
SITES = {source.name: source.site for source in SOURCES}  # every address that is ever asked


def search_all(names: Sequence[str], query: str, limit: int, web: Web, now: datetime) -> ServiceResults:
    """Ask the named services at once for works that fit any telling word of `query`, `limit` from each.

    Raises UnknownSource. A service that cannot answer stands in `searches` with its error.
    """
    return search_sources(
        {source.name: source for source in SOURCES}, names, query, limit=limit, web=web, now=now
    )
