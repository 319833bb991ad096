"""Semantic Scholar's Academic Graph: https://api.semanticscholar.org/api-docs/graph (paper relevance search).

One question a second with a key; without one the allowance is shared with everybody, and refusals are common.
"""

from typing import ClassVar

from pydantic import Field

from retrieval.identifiers import read_arxiv, read_doi
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

HOST = "api.semanticscholar.org"
FIELDS = "title,abstract,year,venue,authors,externalIds,citationCount"
LONGEST_VENUE = 200


class _Author(ForeignRecord):
    name: Maybe[str] = None


class _Ids(ForeignRecord):
    DOI: Maybe[str] = None
    ArXiv: Maybe[str] = None


class _Record(ForeignRecord):
    id: str = Field(alias="paperId")
    title: Maybe[str] = None
    abstract: Maybe[str] = None
    year: Maybe[int] = None
    venue: Maybe[str] = None
    authors: Maybe[list[Maybe[_Author]]] = None
    external_ids: Maybe[_Ids] = Field(default=None, alias="externalIds")
    cited_by: Maybe[int] = Field(default=None, alias="citationCount")


class _Answer(ForeignRecord):
    total: int  # there even when nothing is found; `data` is not
    data: Maybe[list[Maybe[_Record]]] = None


class SemanticScholar:
    name: ClassVar[str] = "semantic_scholar"
    title: ClassVar[str] = "Semantic Scholar"
    site: ClassVar[ServiceSite] = ServiceSite(
        origin=f"https://{HOST}", every_s=1.1, key_header=("x-api-key", "{}")
    )

    def search(self, query: str, limit: int, web: Web) -> list[Work]:
        parameters = {"query": query, "limit": str(min(limit, 100)), "offset": "0", "fields": FIELDS}
        return web.ask(self.name, "/graph/v1/paper/search", parameters, _read)[:limit]


def _read(body: bytes) -> list[Work]:
    return [work for work in map(_work, some(read_json(body, _Answer, HOST).data)) if work]


def _work(record: _Record) -> Work | None:
    title = read_title(record.title)
    if not title or not record.id.isalnum():
        return None
    ids = record.external_ids or _Ids()
    return Work(
        source=SemanticScholar.name,
        id=record.id,
        title=title,
        authors=read_names(author.name for author in some(record.authors)),
        year=read_year(record.year),
        venue=plain(record.venue or "", LONGEST_VENUE) or None,
        doi=read_doi(ids.DOI),
        arxiv=read_arxiv(ids.ArXiv) or (read_arxiv(ids.DOI) if ids.DOI and not read_doi(ids.DOI) else None),
        url=f"https://www.semanticscholar.org/paper/{record.id}",
        abstract=read_abstract(record.abstract),
        cited_by=record.cited_by,
    )
