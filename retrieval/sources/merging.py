"""Several accounts of the same work become one."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from retrieval.identifiers import unversioned
from retrieval.passage import Work

TELLING_TITLE = 15  # letters; "Introduction" and "Erratum" are the titles of many works
YEARS_APART = 1  # a preprint and its journal version


def merge(works: Iterable[Work]) -> list[Work]:
    """Return works in their first one's order, each once: same DOI, arXiv identifier, or title and year."""
    groups: list[list[Work]] = []
    for work in works:
        joined = [group for group in groups if any(are_same(work, other) for other in group)]
        if not joined:
            groups.append([work])
            continue
        first, *rest = joined
        first.append(work)
        for group in rest:  # the work is the link between what seemed to be two
            first.extend(group)
            groups.remove(group)
    return [_join(group) for group in groups]


def are_same(a: Work, b: Work) -> bool:
    """Return whether two accounts are of one work. Differing DOIs or arXiv identifiers say no."""
    if a.doi and b.doi:
        return a.doi == b.doi
    if a.arxiv and b.arxiv:
        return unversioned(a.arxiv) == unversioned(b.arxiv)
    if (a.source, a.id) == (b.source, b.id):
        return True
    title = normal_title(a.title)
    return len(title) >= TELLING_TITLE and title == normal_title(b.title) and _fit(a, b)


def _fit(a: Work, b: Work) -> bool:
    """Return whether works of one title may be the same: near in time, not by other first authors."""
    if a.year and b.year and abs(a.year - b.year) > YEARS_APART:
        return False
    return not (a.authors and b.authors) or _surname(a.authors[0]) == _surname(b.authors[0])


def normal_title(title: str) -> str:
    """Return letters and digits only: without LaTeX, accents and case."""
    bare = re.sub(r"\\[A-Za-z]+", "", title)
    folded = unicodedata.normalize("NFKD", bare).casefold()
    return "".join(char for char in folded if char.isalnum())


def _surname(name: str) -> str:
    return normal_title(name.rsplit(maxsplit=1)[-1]) if name.split() else ""


def _join(group: Sequence[Work]) -> Work:
    first = group[0]
    others = dict.fromkeys(source for work in group for source in (work.source, *work.also))
    verdicts = {work.retracted for work in group}
    filled = {
        field: next((value for work in group if (value := getattr(work, field))), getattr(first, field))
        for field in ("authors", "year", "venue", "doi", "url", "abstract")
    }
    return first.model_copy(
        update=filled
        | {
            "arxiv": max((work.arxiv for work in group if work.arxiv), key=_version, default=None),
            "cited_by": max((work.cited_by for work in group if work.cited_by is not None), default=None),
            "retracted": True if True in verdicts else False if False in verdicts else None,
            "also": tuple(source for source in others if source != first.source),
        }
    )


def _version(arxiv: str) -> int:
    found = re.search(r"v(\d+)$", arxiv)
    return int(found[1]) if found else 0
