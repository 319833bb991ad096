"""Several literature services at once, each a `SearchService`; their accounts of one work become one."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import zip_longest
from typing import ClassVar, Protocol

from pydantic import Field

from retrieval.errors import SourceUnavailable, UnknownSource
from retrieval.identifiers import unversioned
from retrieval.passage import FrozenModel, Search, Work
from retrieval.web import ServiceSite, Web

MOST_WORDS = 10
LONGEST_WORD = 40
TELLING_TITLE = 15  # letters; "Introduction" and "Erratum" are the titles of many works
YEARS_APART = 1  # a preprint and its journal version

_STOP_WORDS = """
a about above across after all also an and andnot any are as at be because been between both but by
can could do does during each either every for from had has have how if in into is it its may might
more most must near no nor not of on only onto or other our over per same shall should so some such
than that the their them then there these they this those through to too under until up upon use
used using very via was we were what when where whether which while who whose why will with within
without would
"""
_STOP = frozenset(_STOP_WORDS.split())
_LATEX_COMMAND = re.compile(r"\\(?:mathrm|mathbf|mathcal|text|textit|textbf|rm|bf|it|emph)\b")
_FORMULA_MARKUP = re.compile(r"[${}^_]")
_WORD = re.compile(r"[^\W_]+")


class SearchService(Protocol):
    """A service that searches titles and abstracts."""

    name: ClassVar[str]
    title: ClassVar[str]
    site: ClassVar[ServiceSite]

    def search(self, query: str, limit: int, web: Web) -> list[Work]:
        """Return at most `limit` works that fit any of the words, best first. Raises SourceUnavailable.

        `query` is plain words with single spaces between them, as `keywords` gives.
        """
        ...


class ServiceResults(FrozenModel):
    """What the services know, and what was asked of them: nothing found is not the same as nothing there."""

    works: tuple[Work, ...] = Field(description="those that services rank first come first, each work once")
    searches: tuple[Search, ...] = Field(description="one a service, in the order asked for")


def search_sources(
    sources: Mapping[str, SearchService],
    names: Sequence[str],
    query: str,
    *,
    limit: int,
    web: Web,
    now: datetime,
) -> ServiceResults:
    """Ask all services; what keeps one from answering stands in its Search. Raises UnknownSource."""
    for name in names:
        if name not in sources:
            raise UnknownSource(f"no literature service is called {name!r}: choose from {', '.join(sources)}")
    words, chosen = keywords(query), [sources[name] for name in dict.fromkeys(names)]
    if not chosen:
        return ServiceResults(works=(), searches=())
    with ThreadPoolExecutor(len(chosen)) as pool:
        results = list(pool.map(lambda source: _search(source, words, limit, web, now), chosen))
    ranks = zip_longest(*(works for works, _ in results))
    works = merge(work for rank in ranks for work in rank if work)
    return ServiceResults(works=tuple(works), searches=tuple(search for _, search in results))


def join(found: Sequence[ServiceResults]) -> ServiceResults:
    """Return what several places know, the best of each first, each work once."""
    ranks = zip_longest(*(part.works for part in found))
    works = merge(work for rank in ranks for work in rank if work)
    return ServiceResults(
        works=tuple(works), searches=tuple(search for part in found for search in part.searches)
    )


def keywords(question: str) -> str:
    """Return the words of a text that are worth searching for, in their order, each once.

    Nothing that a service could take for an operator, a field or a wildcard is left of it.
    """
    text = _FORMULA_MARKUP.sub("", _LATEX_COMMAND.sub(" ", unicodedata.normalize("NFKC", question)))
    words = (word[:LONGEST_WORD] for word in _WORD.findall(text.lower()))
    telling = dict.fromkeys(word for word in words if len(word) > 1 and word not in _STOP)
    return " ".join(list(telling)[:MOST_WORDS])


def _search(
    source: SearchService, words: str, limit: int, web: Web, now: datetime
) -> tuple[list[Work], Search]:
    works: list[Work] = []
    error = None if words else "the question has no word to search for"
    if words:
        try:
            works = source.search(words, limit, web)
        except SourceUnavailable as failure:
            error = str(failure)
    return works, Search(source=source.name, query=words, at=now, found=len(works), error=error)


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
