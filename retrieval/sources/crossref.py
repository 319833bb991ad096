"""Crossref: https://api.crossref.org (works). Facts are free to use; abstracts stay their publishers'.

Retractions come from publishers and from Retraction Watch, as `updated-by`. Whoever gives a mail address is
served better; lists are allowed once a second without one.
"""

from typing import ClassVar

from pydantic import Field

from retrieval.identifiers import read_doi
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

HOST = "api.crossref.org"
FIELDS = "DOI,title,author,issued,container-title,abstract,is-referenced-by-count,update-to,updated-by"
LONGEST_VENUE = 200
RETRACTING = frozenset({"retraction", "withdrawal", "removal", "partial_retraction"})


class _Author(ForeignRecord):
    given: Maybe[str] = None
    family: Maybe[str] = None
    name: Maybe[str] = None

    @property
    def full(self) -> str:
        return " ".join(part for part in (self.given, self.family) if part) or self.name or ""


class _Date(ForeignRecord):
    date_parts: Maybe[list[list[int | None]]] = Field(default=None, alias="date-parts")

    @property
    def year(self) -> int | None:
        return self.date_parts[0][0] if self.date_parts and self.date_parts[0] else None


class _Update(ForeignRecord):
    DOI: Maybe[str] = None
    type: Maybe[str] = None


class _Record(ForeignRecord):
    DOI: str
    title: Maybe[list[str]] = None
    author: Maybe[list[Maybe[_Author]]] = None
    issued: Maybe[_Date] = None
    venue: Maybe[list[str]] = Field(default=None, alias="container-title")
    abstract: Maybe[str] = None
    cited_by: Maybe[int] = Field(default=None, alias="is-referenced-by-count")
    update_to: Maybe[list[Maybe[_Update]]] = Field(default=None, alias="update-to")
    updated_by: Maybe[list[Maybe[_Update]]] = Field(default=None, alias="updated-by")


class _Message(ForeignRecord):
    items: list[Maybe[_Record]]


class _Answer(ForeignRecord):
    message: _Message


class Crossref:
    name: ClassVar[str] = "crossref"
    title: ClassVar[str] = "Crossref"
    site: ClassVar[ServiceSite] = ServiceSite(origin=f"https://{HOST}", every_s=1.1)

    def search(self, query: str, limit: int, web: Web) -> list[Work]:
        parameters = {"query.bibliographic": query, "rows": str(min(limit, 100)), "select": FIELDS}
        return web.ask(self.name, "/works", parameters, _read)[:limit]


def _read(body: bytes) -> list[Work]:
    """Return works without the notices that retract others; what they retract is flagged."""
    records = some(read_json(body, _Answer, HOST).message.items)
    retracted = {read_doi(update.DOI) for record in records for update in _retractions(record.update_to)}
    works = (_work(record, retracted) for record in records if not _retractions(record.update_to))
    return [work for work in works if work]


def _retractions(updates: list[_Update | None] | None) -> list[_Update]:
    return [update for update in some(updates) if (update.type or "").lower() in RETRACTING]


def _work(record: _Record, retracted: set[str | None]) -> Work | None:
    doi, title = read_doi(record.DOI), read_title(next(iter(record.title or []), None))
    if not title or not doi:
        return None
    gone = bool(_retractions(record.updated_by)) or doi in retracted
    return Work(
        source=Crossref.name,
        id=doi,
        title=title,
        authors=read_names(author.full for author in some(record.author)),
        year=read_year(record.issued.year if record.issued else None),
        venue=plain(next(iter(record.venue or []), ""), LONGEST_VENUE) or None,
        doi=doi,
        url=f"https://doi.org/{doi}",
        abstract=read_abstract(record.abstract),
        cited_by=record.cited_by,
        retracted=gone or None,  # no notice is no statement
    )
