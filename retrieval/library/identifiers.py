"""DOIs and arXiv identifiers, as they stand in texts and in fields."""

import re

DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>{}|\\^`]+", re.IGNORECASE)
ARXIV = re.compile(
    r"arxiv[:./\s]*(?:abs/|pdf/)?(\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?)",
    re.IGNORECASE,
)
BARE_ARXIV = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(v\d+)?")
TRAILING = ".,;:'’”"


def find_doi(text: str) -> str | None:
    """The text's DOI, in lower case. None where it holds several: which of them is its own is not known."""
    return _only({_trim(found).lower() for found in DOI.findall(text)})


def find_arxiv(text: str) -> str | None:
    """The text's arXiv identifier, with its version where that is given; none where it holds several."""
    return _only(set(ARXIV.findall(text)))


def read_arxiv(field: str) -> str | None:
    """From a field that may hold the bare identifier."""
    found = BARE_ARXIV.fullmatch(field.strip())
    return found.group(0) if found else find_arxiv(field)


def _only(found: set[str]) -> str | None:
    return found.pop() if len(found) == 1 else None


def _trim(doi: str) -> str:
    """Without the sentence's full stop, and without a bracket that was opened before the DOI."""
    trimmed = doi.rstrip(TRAILING)
    for opening, closing in ("()", "[]"):
        while trimmed.endswith(closing) and trimmed.count(closing) > trimmed.count(opening):
            trimmed = trimmed[:-1].rstrip(TRAILING)
    return trimmed
