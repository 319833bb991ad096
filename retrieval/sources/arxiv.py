"""arXiv's query interface: https://info.arxiv.org/help/api/user-manual.html (Atom, by relevance).

Terms: one question every three seconds, one connection at a time; metadata are CC0.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from retrieval.errors import SourceUnavailable
from retrieval.identifiers import read_arxiv, read_doi
from retrieval.passage import Work
from retrieval.sources.answers import plain, read_abstract, read_names, read_title, read_year
from retrieval.web import ServiceSite, Web

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"
HOST = "export.arxiv.org"
LONGEST_VENUE = 200

_COMMENTED_WITHDRAWN = re.compile(
    r"\bwithdrawn\b.{0,40}\b(?:by|due|because|as|since)\b|\b(?:paper|article|submission|manuscript|work)\b"
    r".{0,30}\b(?:is|was|been)\b.{0,15}\bwithdrawn\b|^\s*withdrawn\b",
    re.IGNORECASE,
)
_WITHDRAWN = re.compile(  # in an abstract, where heat and charge are withdrawn as well
    r"\b(?:paper|article|submission|manuscript|preprint)"
    r"(?:\s+(?:has|have|is|was|been|being|now|since|hereby|therefore|temporarily)){1,4}\s+withdrawn\b"
    r"|\bwithdrawn\s+by\s+(?:the\s+)?(?:authors?|arxiv)\b|^\s*withdrawn\b",
    re.IGNORECASE,
)


class Arxiv:
    name: ClassVar[str] = "arxiv"
    title: ClassVar[str] = "arXiv"
    site: ClassVar[ServiceSite] = ServiceSite(
        origin=f"https://{HOST}", also=("https://arxiv.org",), every_s=3.0
    )

    def search(self, query: str, limit: int, web: Web) -> list[Work]:
        parameters = {
            "search_query": " OR ".join(f"all:{word}" for word in query.split()),
            "start": "0",
            "max_results": str(limit),
            "sortBy": "relevance",
            "sortOrder": "descending",
        }
        return web.ask(self.name, "/api/query", parameters, _read)[:limit]


def _read(body: bytes) -> list[Work]:
    return [work for work in map(_work, _entries(body)) if work]


def _entries(body: bytes) -> Iterator["Element"]:
    """Return a feed's entries; one with a document type could swell. Raises SourceUnavailable."""
    from xml.etree.ElementTree import ParseError, fromstring

    try:
        text = body.decode()
        if "<!" in text.replace("<![CDATA[", "").replace("<!--", ""):
            raise SourceUnavailable(f"{HOST} answered with a page or a document type, not with a plain feed")
        feed = fromstring(text)  # noqa: S314 - without a document type there are no entities to expand
    except (UnicodeDecodeError, ParseError):
        raise SourceUnavailable(f"{HOST} answered with something that is not its Atom feed") from None
    if feed.tag != f"{ATOM}feed":
        raise SourceUnavailable(f"{HOST} answered with something that is not its Atom feed")
    yield from feed.iter(f"{ATOM}entry")


def _work(entry: "Element") -> Work | None:
    address, title = _text(entry, f"{ATOM}id"), read_title(_text(entry, f"{ATOM}title"))
    if "/api/errors" in address:  # an error comes as a feed with one entry
        raise SourceUnavailable(f"{HOST} does not understand the question")
    arxiv = read_arxiv(address)
    if not arxiv or not title:
        return None
    abstract = read_abstract(_text(entry, f"{ATOM}summary"))
    year = _text(entry, f"{ATOM}published")[:4]
    return Work(
        source=Arxiv.name,
        id=arxiv,
        title=title,
        authors=read_names(_text(author, f"{ATOM}name") for author in entry.iter(f"{ATOM}author")),
        year=read_year(int(year)) if year.isdecimal() else None,
        venue=plain(_text(entry, f"{ARXIV}journal_ref"), LONGEST_VENUE) or "arXiv",
        doi=read_doi(_text(entry, f"{ARXIV}doi")),
        arxiv=arxiv,
        url=f"https://arxiv.org/abs/{arxiv}",
        abstract=abstract,
        retracted=_is_withdrawn(_text(entry, f"{ARXIV}comment"), abstract or "") or None,
    )


def _is_withdrawn(comment: str, abstract: str) -> bool:
    return bool(_COMMENTED_WITHDRAWN.search(comment) or _WITHDRAWN.search(abstract[:300]))


def _text(parent: "Element", tag: str) -> str:
    return (parent.findtext(tag) or "").strip()
