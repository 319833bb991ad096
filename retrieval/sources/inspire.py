"""INSPIRE-HEP: https://github.com/inspirehep/rest-api-doc (literature search; metadata mostly CC0).

15 questions within 5 seconds are allowed, and after a refusal 5 seconds must pass.
"""

from typing import ClassVar

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

HOST = "inspirehep.net"
FIELDS = (
    "control_number,titles.title,authors.full_name,abstracts.value,dois.value,arxiv_eprints.value,"
    "publication_info.journal_title,publication_info.year,earliest_date,citation_count,withdrawn"
)
LONGEST_VENUE = 200


class _Title(ForeignRecord):
    title: Maybe[str] = None


class _Value(ForeignRecord):
    value: Maybe[str] = None


class _Author(ForeignRecord):
    full_name: Maybe[str] = None


class _Publication(ForeignRecord):
    journal_title: Maybe[str] = None
    year: Maybe[int] = None


class _Metadata(ForeignRecord):
    control_number: int
    titles: Maybe[list[Maybe[_Title]]] = None
    authors: Maybe[list[Maybe[_Author]]] = None
    abstracts: Maybe[list[Maybe[_Value]]] = None
    dois: Maybe[list[Maybe[_Value]]] = None
    arxiv_eprints: Maybe[list[Maybe[_Value]]] = None
    publication_info: Maybe[list[Maybe[_Publication]]] = None
    earliest_date: Maybe[str] = None
    citation_count: Maybe[int] = None
    withdrawn: Maybe[bool] = None


class _Hit(ForeignRecord):
    metadata: _Metadata


class _Hits(ForeignRecord):
    hits: list[Maybe[_Hit]]


class _Answer(ForeignRecord):
    hits: _Hits


class Inspire:
    name: ClassVar[str] = "inspire"
    title: ClassVar[str] = "INSPIRE-HEP"
    site: ClassVar[ServiceSite] = ServiceSite(origin=f"https://{HOST}", every_s=0.4, pause_s=5.0)

    def search(self, query: str, limit: int, web: Web) -> list[Work]:
        words = " or ".join(query.split())  # words alone would all have to occur
        parameters = {"q": words, "size": str(min(limit, 100)), "page": "1", "fields": FIELDS}
        return web.ask(self.name, "/api/literature", parameters, _read)[:limit]


def _read(body: bytes) -> list[Work]:
    hits = some(read_json(body, _Answer, HOST).hits.hits)
    return [work for work in (_work(hit.metadata) for hit in hits) if work]


def _work(record: _Metadata) -> Work | None:
    title = read_title(next((entry.title for entry in some(record.titles)), None))
    if not title:
        return None
    published = next(iter(some(record.publication_info)), _Publication())
    earliest = (record.earliest_date or "")[:4]
    return Work(
        source=Inspire.name,
        id=str(record.control_number),
        title=title,
        authors=read_names(author.full_name for author in some(record.authors)),
        year=read_year(published.year or (int(earliest) if earliest.isdecimal() else None)),
        venue=plain(published.journal_title or "", LONGEST_VENUE) or None,
        doi=read_doi(_first(record.dois)),
        arxiv=read_arxiv(_first(record.arxiv_eprints)),
        url=f"https://inspirehep.net/literature/{record.control_number}",
        abstract=read_abstract(_first(record.abstracts)),
        cited_by=record.citation_count,
        retracted=record.withdrawn or None,  # no flag is no statement
    )


def _first(values: list[_Value | None] | None) -> str | None:
    return next((entry.value for entry in some(values) if entry.value), None)
