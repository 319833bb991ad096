"""OpenAlex: https://developers.openalex.org/guides/searching (CC0).

A search costs 0.001 USD of a daily allowance: 1 USD with a free key, 0.01 to 0.10 USD without one.
"""

from collections.abc import Mapping
from typing import ClassVar

from retrieval.identifiers import ARXIV_DOI, read_arxiv, read_doi
from retrieval.passage import Work
from retrieval.sources.answers import (
    ForeignRecord,
    Maybe,
    plain,
    read_abstract,
    read_json,
    read_names,
    read_title,
    read_year,
    some,
)
from retrieval.web import ServiceSite, Web

HOST = "api.openalex.org"
FIELDS = (
    "id,doi,display_name,publication_year,authorships,primary_location,locations,cited_by_count,is_retracted,"
    "abstract_inverted_index"
)
LONGEST_VENUE = 200
MOST_PLACES = 5_000  # words of an abstract


class _Named(ForeignRecord):
    display_name: Maybe[str] = None


class _Authorship(ForeignRecord):
    author: Maybe[_Named] = None


class _Location(ForeignRecord):
    landing_page_url: Maybe[str] = None
    source: Maybe[_Named] = None


class _Record(ForeignRecord):
    id: str
    doi: Maybe[str] = None
    display_name: Maybe[str] = None
    publication_year: Maybe[int] = None
    authorships: Maybe[list[Maybe[_Authorship]]] = None
    primary_location: Maybe[_Location] = None
    locations: Maybe[list[Maybe[_Location]]] = None
    cited_by_count: Maybe[int] = None
    is_retracted: Maybe[bool] = None
    abstract_inverted_index: Maybe[dict[str, list[int]]] = None


class _Answer(ForeignRecord):
    results: list[Maybe[_Record]]


class OpenAlex:
    name: ClassVar[str] = "openalex"
    title: ClassVar[str] = "OpenAlex"
    site: ClassVar[ServiceSite] = ServiceSite(
        origin=f"https://{HOST}", every_s=0.2, key_header=("Authorization", "Bearer {}")
    )

    def search(self, query: str, limit: int, web: Web) -> list[Work]:
        parameters = {
            "search": " OR ".join(query.split()),  # words alone would all have to occur
            "per_page": str(min(limit, 100)),
            "select": FIELDS,
        }
        return web.ask(self.name, "/works", parameters, _read)[:limit]


def _read(body: bytes) -> list[Work]:
    return [work for work in map(_work, some(read_json(body, _Answer, HOST).results)) if work]


def _work(record: _Record) -> Work | None:
    identifier, title = record.id.rsplit("/", 1)[-1], read_title(record.display_name)
    if not title or not identifier.isalnum():
        return None
    names = (entry.author.display_name for entry in some(record.authorships) if entry.author)
    venue = record.primary_location and record.primary_location.source
    return Work(
        source=OpenAlex.name,
        id=identifier,
        title=title,
        authors=read_names(names),
        year=read_year(record.publication_year),
        venue=plain((venue and venue.display_name) or "", LONGEST_VENUE) or None,
        doi=read_doi(record.doi),
        arxiv=_arxiv(record),
        url=f"https://openalex.org/{identifier}",
        abstract=read_abstract(unfold(record.abstract_inverted_index or {})),
        cited_by=record.cited_by_count,
        retracted=record.is_retracted,
    )


def _arxiv(record: _Record) -> str | None:
    if record.doi and ARXIV_DOI in record.doi.lower():
        return read_arxiv(record.doi)
    pages = [place.landing_page_url or "" for place in some(record.locations)]
    return next((read_arxiv(page.split("/abs/", 1)[1]) for page in pages if "arxiv.org/abs/" in page), None)


def unfold(index: Mapping[str, list[int]]) -> str:
    """Return an abstract from its inverted index: each word with its places, counted from 0."""
    places = sorted((place, word) for word, at in index.items() for place in at[:MOST_PLACES])
    return " ".join(word for _, word in places[:MOST_PLACES])
