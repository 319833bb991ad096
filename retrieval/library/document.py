"""A document as its reader found it, before it is cut."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from retrieval.passage import Work

SOURCE = "library"


@dataclass(frozen=True, slots=True)
class Document:
    """A work and its text. `pages` are the positions at which they begin; none where there are no pages."""

    work: Work
    text: str
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FileReading:
    """What a file gave, and what in it could not be read."""

    documents: tuple[Document, ...] = ()
    problems: tuple[str, ...] = ()


class BibliographyEntry(NamedTuple):
    """A reference of a bibliography, and the line at which it begins."""

    line: int
    text: str


Parsed = tuple[str, Work, str, tuple[str, ...]]
"""Key, work, abstract, and what is odd in the entry without costing it."""


def read_entries(
    name: str, entries: list[BibliographyEntry], parse: Callable[[str], Parsed], problems: list[str]
) -> FileReading:
    """`parse` raises ValueError with what is wrong; `problems` are those of the file, to which it adds."""
    documents: dict[str, Document] = {}
    for entry in entries:
        try:
            key, work, abstract, notes = parse(entry.text)
        except ValueError as error:
            problems.append(f"line {entry.line}: {error}; skipped")
            continue
        problems += [f"line {entry.line}: {note}" for note in notes]
        if key in documents:
            problems.append(f"line {entry.line}: {key!r} stands here a second time; skipped")
            continue
        documents[key] = _with_abstract(replace_id(work, f"{name}#{key}"), abstract)
    bare = sum(not document.text for document in documents.values())
    if bare:
        problems.append(
            f"{bare} of {len(documents)} references have no abstract: nothing of them can be cited"
        )
    return FileReading(tuple(documents.values()), tuple(problems))


def replace_id(work: Work, name: str) -> Work:
    return work.model_copy(update={"id": name})


def rename(document: Document, name: str) -> Document:
    """The same document under a file's other name."""
    fragment = document.work.id.partition("#")[2]
    return replace(document, work=replace_id(document.work, f"{name}#{fragment}" if fragment else name))


def _with_abstract(work: Work, abstract: str) -> Document:
    if not abstract:
        return Document(work, "")
    return Document(work.model_copy(update={"abstract": abstract}), f"{work.title}\n\n{abstract}")
