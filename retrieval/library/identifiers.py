"""A text's own DOI and arXiv identifier, among those that it may hold of others."""

import re

from retrieval.identifiers import ARXIV, ARXIV_DOI, DOI, trim

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
