"""Several files may tell of one work: the PDF, and the reference manager's entry for it."""

from collections.abc import Mapping, Sequence

from retrieval.identifiers import unversioned
from retrieval.passage import Work

FILLED = ("authors", "year", "venue", "doi", "arxiv", "url", "abstract")


def merge_works(works: Mapping[str, Work]) -> dict[str, Work]:
    """By document: the one work of all that share a DOI or an arXiv identifier. The first gives its id."""
    groups: list[list[str]] = []
    by_name: dict[str, list[str]] = {}
    for document, work in works.items():
        found = [by_name[name] for name in _names(work) if name in by_name]
        group = found[0] if found else []
        for other in found[1:]:
            if other is not group:  # its DOI was in one group and its arXiv identifier in another
                group += [one for one in other if one not in group]
                groups.remove(other)
        if not found:
            groups.append(group)
        group.append(document)
        by_name.update((name, group) for one in group for name in _names(works[one]))
    return {document: merged for group in groups for merged in [_merge(group, works)] for document in group}


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
