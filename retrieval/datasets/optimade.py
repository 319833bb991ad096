"""Structures from databases that speak OPTIMADE: page by page, within bounds, with who told what and when.

Written from the specification (https://github.com/Materials-Consortia/OPTIMADE, version 1.2) and run against
the reference server of optimade-python-tools, not against the providers themselves.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Annotated, NamedTuple
from urllib.parse import parse_qsl, urljoin, urlsplit

from pydantic import Field

from retrieval.datasets.providers import Provider, Providers
from retrieval.datasets.query import StructureQuery
from retrieval.datasets.structure import FoundStructure, OptimadeRecord, UnusableRecord, read_structure
from retrieval.errors import BadQuery, SourceUnavailable
from retrieval.passage import FrozenModel
from retrieval.sources.answers import ForeignRecord, Maybe, read_json, some
from retrieval.web import ServiceSite, Web

PER_PAGE = 20  # what every provider gives
MOST = 10_000  # structures of one search
FIELDS = (
    "chemical_formula_reduced,nsites,lattice_vectors,cartesian_site_positions,species_at_sites,species,"
    "last_modified"
)
BARREN = 3  # pages in a row without anything new, after which a provider is left
REFUSED = ("answered 400", "answered 501")  # of a filter


class StructureSearch(FrozenModel):
    """One look into one database: what was asked, when, and what came of it."""

    provider: str
    title: str
    filter: str
    at: datetime
    found: int = Field(ge=0, description="structures that can be used")
    available: int | None = Field(default=None, description="matches there, as the provider counts them")
    left_out: dict[str, int] = Field(default={}, description="records that cannot be used, by reason")
    licence: str | None = None
    error: str | None = Field(default=None, description="why it gave nothing, or not all")


class FoundStructures(FrozenModel):
    structures: tuple[FoundStructure, ...]
    searches: tuple[StructureSearch, ...] = Field(description="one a provider, in the order asked for")


class StructurePage(NamedTuple):
    """What came with one answer."""

    structures: list[FoundStructure]
    left_out: Counter[str]
    available: int | None


class _Address(ForeignRecord):
    href: Maybe[str] = None


class _Links(ForeignRecord):
    next: Maybe[Annotated[str | _Address, Field(union_mode="left_to_right")]] = None


class _Meta(ForeignRecord):
    data_returned: Maybe[int] = None
    more_data_available: Maybe[bool] = None


class _Answer(ForeignRecord):
    data: list[Maybe[OptimadeRecord]]
    links: Maybe[_Links] = None
    meta: Maybe[_Meta] = None


def make_sites(providers: Providers) -> dict[str, ServiceSite]:
    """Return every address that is ever asked, by the provider's name."""
    return {name: provider.site for name, provider in providers.items() if provider.site}


def stream_structures(
    provider: Provider, query: StructureQuery, limit: int, web: Web
) -> Iterator[StructurePage]:
    """Yield pages until `limit` structures were given or there are no more.

    A record that was given already is passed over. Raises SourceUnavailable, also after the first pages.
    """
    if provider.site is None:
        raise SourceUnavailable(
            f"{provider.name} offers no encrypted address and is not asked: {provider.base}"
        )
    path, asked = provider.path, _first_question(query, limit)
    given, barren, known = 0, 0, set[str]()
    while given < limit:
        answer = _ask(provider, path, asked, web)
        page = _read_page(some(answer.data), provider, known)
        barren = 0 if page.structures or page.left_out else barren + 1
        room = limit - given
        given += len(page.structures)
        yield StructurePage(
            page.structures[:room], page.left_out, answer.meta.data_returned if answer.meta else None
        )
        following = _next(answer)
        if following is None or given >= limit:
            return
        if barren >= BARREN:
            raise SourceUnavailable(
                f"{web.sites[provider.name].host} gives pages without end and nothing new"
            )
        path, asked = _follow(following, path, web.sites[provider.name].host)


def find_structures(
    providers: Providers, names: Sequence[str], query: StructureQuery, limit: int, *, web: Web, now: datetime
) -> FoundStructures:
    """Ask the named databases at once for at most `limit` structures each.

    Raises BadQuery. What keeps one from answering stands in its search; the others go on.
    """
    chosen = [find_provider(providers, name) for name in dict.fromkeys(names)]
    if not 1 <= limit <= MOST:
        raise BadQuery(f"{limit:,} structures of each database: 1 to {MOST:,} can be asked for")
    if not chosen:
        return FoundStructures(structures=(), searches=())
    with ThreadPoolExecutor(len(chosen)) as pool:
        results = list(pool.map(lambda one: look(one, query, limit, web, now), chosen))
    return FoundStructures(
        structures=tuple(structure for found, _ in results for structure in found),
        searches=tuple(search for _, search in results),
    )


def find_provider(providers: Providers, name: str) -> Provider:
    """Raises BadQuery with the names that there are."""
    if name not in providers:
        raise BadQuery(f"no OPTIMADE provider is called {name[:40]!r}: choose from {', '.join(providers)}")
    return providers[name]


def look(
    provider: Provider, query: StructureQuery, limit: int, web: Web, now: datetime
) -> tuple[list[FoundStructure], StructureSearch]:
    """Return what one database has, and how it was asked; what came before a failure is kept."""
    found: list[FoundStructure] = []
    left_out: Counter[str] = Counter()
    available, error = None, None
    try:
        for page in stream_structures(provider, query, limit, web):
            found += page.structures
            left_out += page.left_out
            available = page.available if page.available is not None else available
    except SourceUnavailable as failure:
        error = str(failure)
    search = StructureSearch(
        provider=provider.name,
        title=provider.title,
        filter=query.filter,
        at=now,
        found=len(found),
        available=available,
        left_out=dict(left_out),
        licence=provider.licence,
        error=error,
    )
    return found, search


def _first_question(query: StructureQuery, limit: int) -> dict[str, str]:
    return {
        "filter": query.filter,
        "page_limit": str(min(limit, PER_PAGE)),
        "response_fields": FIELDS,
        "response_format": "json",
    }


def _ask(provider: Provider, path: str, asked: Mapping[str, str], web: Web) -> _Answer:
    host = web.sites[provider.name].host
    try:
        return web.ask(provider.name, path, asked, lambda body: read_json(body, _Answer, host))
    except SourceUnavailable as error:
        if str(error).endswith(REFUSED):
            raise SourceUnavailable(f"{error}: it cannot filter by a part of {asked['filter']}") from error
        raise


def _read_page(entries: Sequence[OptimadeRecord], provider: Provider, known: set[str]) -> StructurePage:
    structures, left_out = [], Counter[str]()
    for entry in entries:
        if str(entry.id) in known:
            continue
        known.add(str(entry.id))
        read = read_structure(entry, provider.name, provider.licence)
        if isinstance(read, UnusableRecord):
            left_out[read.why] += 1
        else:
            structures.append(read)
    return StructurePage(structures, left_out, None)


def _next(answer: _Answer) -> str | None:
    told = answer.links.next if answer.links else None
    address = told.href if isinstance(told, _Address) else told
    if not address or (answer.meta and answer.meta.more_data_available is False):
        return None
    return address


def _follow(address: str, path: str, host: str) -> tuple[str, dict[str, str]]:
    """Return path and parameters of the next page, at the same host and nowhere else.

    Many servers stand behind a proxy and write http:// or their inner port: only the host must be the same.
    """
    try:
        parts = urlsplit(urljoin(f"https://{host}{path}", address))
        other = parts.hostname
    except ValueError:
        other, parts = None, urlsplit("")
    if other != host:
        raise SourceUnavailable(f"{host} sends us to another host for its next page, which is not followed")
    return parts.path, dict(parse_qsl(parts.query))
