"""Several files may tell of one work: the PDF, and the reference manager's entry for it."""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence

from retrieval.identifiers import unversioned
from retrieval.passage import Work

FRAGMENT = "#"  # stands in the id of an entry of a bibliography
SHORT = 3  # letters: words like "the" make no two titles alike
FILLED = ("authors", "year", "venue", "doi", "arxiv", "url", "abstract")


def merge_works(works: Mapping[str, Work]) -> dict[str, Work]:
    """By document: the one work of all that share a DOI or an arXiv identifier. The first gives its id."""
    first = {document: document for document in works}  # of the documents of the same work
    by_name: dict[str, list[str]] = defaultdict(list)  # a document for each work of that DOI or identifier

    def origin(document: str) -> str:
        while first[document] != document:
            first[document] = document = first[first[document]]
        return document

    order = {document: place for place, document in enumerate(works)}
    for document, work in works.items():
        for name in _names(work):
            same = [other for other in by_name[name] if _may_be_one(work, works[other])]
            for other in same:
                early, late = sorted((origin(document), origin(other)), key=order.__getitem__)
                first[late] = early
            if not same:
                by_name[name].append(document)
    groups: dict[str, list[str]] = defaultdict(list)
    for document in works:
        groups[origin(document)].append(document)
    merged = {document: _merge(group, works) for document, group in groups.items()}
    return {document: merged[origin(document)] for document in works}


def _may_be_one(work: Work, other: Work) -> bool:
    """Two entries of bibliographies with no word of their titles and no author in common are two works."""
    if not (FRAGMENT in work.id and FRAGMENT in other.id and work.authors and other.authors):
        return True
    titles = [{word for word in fold(one.title).split() if len(word) > SHORT} for one in (work, other)]
    people = [{fold(name.partition(",")[0]) for name in one.authors} for one in (work, other)]
    return bool(titles[0] & titles[1] or people[0] & people[1])


def fold(text: str) -> str:
    """Without accents, case and punctuation."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))


def _names(work: Work) -> list[str]:
    arxiv = work.arxiv and f"arxiv:{unversioned(work.arxiv)}"
    return [name for name in (work.doi, arxiv) if name]


def _merge(group: Sequence[str], works: Mapping[str, Work]) -> Work:
    """A bibliography knows its titles and authors; what a PDF says of itself fills what is missing."""
    members = sorted((works[document] for document in group), key=lambda work: "#" not in work.id)
    found = {name: next((value for one in members if (value := getattr(one, name))), None) for name in FILLED}
    known = {name: value for name, value in found.items() if value}
    also = tuple(document for document in group[1:])
    return members[0].model_copy(update=known | {"id": group[0], "also": also})
