"""DOIs and arXiv identifiers, as they stand in answers, files and prose."""

import re
from html import unescape
from urllib.parse import unquote

DOI = re.compile(r"10\.\d{4,9}/[^\s\"{}\\^~|`]+", re.ASCII)
ARXIV = re.compile(
    r"(?:\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,2})?", re.ASCII
)
ARXIV_DOI = "10.48550/arxiv."  # arXiv's own DOIs: they name the preprint, not a journal's version
_TRAILING = ".,;:!?'’”»*_"  # a sentence's, not the identifier's


def read_doi(text: str | None) -> str | None:
    """Return the DOI in lower case without its resolver; None where there is none or it is arXiv's own.

    Addresses and web pages write `<` as %3C and &lt;, which old DOIs hold (those of SICI form).
    """
    found = DOI.search(unescape(unquote(text or "")))
    if not found:
        return None
    doi = trim(found.group()).lower()
    return None if doi.startswith(ARXIV_DOI) else doi


def read_arxiv(text: str | None) -> str | None:
    """Return the arXiv identifier, with its version where given: bare, from an address or arXiv's DOI."""
    text = text or ""
    start = text.lower().find(ARXIV_DOI)
    found = ARXIV.search(text, start + len(ARXIV_DOI) if start >= 0 else 0)
    return found.group() if found else None


def unversioned(arxiv: str) -> str:
    return re.sub(r"v\d+$", "", arxiv)


def trim(identifier: str) -> str:
    """Return the text without the punctuation around it, and without brackets that it does not open."""
    while identifier and (
        identifier[-1] in _TRAILING
        or any(
            identifier[-1] == closing and identifier.count(closing) > identifier.count(opening)
            for opening, closing in ("()", "[]", "<>")
        )
    ):
        identifier = identifier[:-1]
    return identifier


NAMED_ARXIV = re.compile(rf"arxiv(?:\.org/(?:abs|pdf)/|[:\s]\s*)({ARXIV.pattern})", re.IGNORECASE)


def find_doi(text: str) -> str | None:
    """In lower case. None where the text holds several: which of them is its own is not known."""
    found = {trim(doi).lower() for doi in DOI.findall(text)}
    return _only({doi for doi in found if not doi.startswith(ARXIV_DOI)})


def find_arxiv(text: str) -> str | None:
    """With its version where that is given; None where the text holds several."""
    return _only(set(NAMED_ARXIV.findall(text)))


def _only(found: set[str]) -> str | None:
    return found.pop() if len(found) == 1 else None
