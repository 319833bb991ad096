"""Where a reader finds a work, and what it is called in a sentence."""

import re
from urllib.parse import quote

from retrieval.passage import Work

_DOI = re.compile(r"10\.\d{4,9}/[\w.()/:;+-]+", re.ASCII)
_ARXIV = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?", re.ASCII)


def address(work: Work) -> str | None:
    """Made by us of its DOI or arXiv number. The address that a source or a file gives may lead anywhere."""
    if work.doi and _DOI.fullmatch(work.doi):
        return f"https://doi.org/{quote(work.doi, safe='/:;.+-')}"
    if work.arxiv and _ARXIV.fullmatch(work.arxiv):
        return f"https://arxiv.org/abs/{work.arxiv}"
    return None


def name(work: Work) -> str:
    """Short, for a sentence: first author, year and title."""
    authors = f"{work.authors[0]}{' et al.' if len(work.authors) > 1 else ''}" if work.authors else ""
    who = ", ".join(part for part in (authors, str(work.year or "")) if part)
    return f"“{work.title}”{f' ({who})' if who else ''}"
