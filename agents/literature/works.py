"""Whether two records are of one work, and where a reader finds it."""

import re

from retrieval.passage import Work

_DOI = re.compile(r"10\.\d{4,9}/[\w.()/:;+-]+", re.ASCII)
_ARXIV = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?", re.ASCII)


def same_work(one: Work, other: Work) -> bool:
    """By DOI where both have one, by arXiv number, else by title."""
    if one.doi and other.doi:
        return one.doi == other.doi
    if one.arxiv and other.arxiv:
        return _without_version(one.arxiv) == _without_version(other.arxiv)
    return _folded(one.title) == _folded(other.title)


def address(work: Work) -> str | None:
    """Made by us of its DOI or arXiv number. The address that a source or a file gives may lead anywhere."""
    if work.doi and _DOI.fullmatch(work.doi):
        return f"https://doi.org/{work.doi}"
    if work.arxiv and _ARXIV.fullmatch(work.arxiv):
        return f"https://arxiv.org/abs/{work.arxiv}"
    return None


def name(work: Work) -> str:
    """Short, for a sentence: first author, year and title."""
    authors = f"{work.authors[0]}{' et al.' if len(work.authors) > 1 else ''}" if work.authors else ""
    who = ", ".join(part for part in (authors, str(work.year or "")) if part)
    return f"“{work.title}”{f' ({who})' if who else ''}"


def _without_version(arxiv: str) -> str:
    return re.sub(r"v\d+$", "", arxiv)


def _folded(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.casefold()))
