"""Several services at once, and what each of them said."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import zip_longest

from pydantic import Field

from retrieval.errors import SourceUnavailable, UnknownSource
from retrieval.passage import Search, Strict, Work
from retrieval.sources.contract import Source
from retrieval.sources.merging import merge
from retrieval.sources.wording import keywords
from retrieval.web import Web


class ServiceResults(Strict):
    """What the services know, and what was asked of them: nothing found is not the same as nothing there."""

    works: tuple[Work, ...] = Field(description="those that services rank first come first, each work once")
    searches: tuple[Search, ...] = Field(description="one a service, in the order asked for")


def search_sources(
    sources: Mapping[str, Source], names: Sequence[str], query: str, *, limit: int, web: Web, now: datetime
) -> ServiceResults:
    """Ask all services; what keeps one from answering stands in its Search. Raises UnknownSource."""
    for name in names:
        if name not in sources:
            raise UnknownSource(f"no literature service is called {name!r}: choose from {', '.join(sources)}")
    words, chosen = keywords(query), [sources[name] for name in dict.fromkeys(names)]
    if not chosen:
        return ServiceResults(works=(), searches=())
    with ThreadPoolExecutor(len(chosen)) as pool:
        results = list(pool.map(lambda source: _search(source, words, limit, web, now), chosen))
    ranks = zip_longest(*(works for works, _ in results))
    works = merge(work for rank in ranks for work in rank if work)
    return ServiceResults(works=tuple(works), searches=tuple(search for _, search in results))


def join(found: Sequence[ServiceResults]) -> ServiceResults:
    """Return what several places know, the best of each first, each work once."""
    ranks = zip_longest(*(part.works for part in found))
    works = merge(work for rank in ranks for work in rank if work)
    return ServiceResults(
        works=tuple(works), searches=tuple(search for part in found for search in part.searches)
    )


def _search(source: Source, words: str, limit: int, web: Web, now: datetime) -> tuple[list[Work], Search]:
    works: list[Work] = []
    error = None if words else "the question has no word to search for"
    if words:
        try:
            works = source.search(words, limit, web)
        except SourceUnavailable as failure:
            error = str(failure)
    return works, Search(source=source.name, query=words, at=now, found=len(works), error=error)
