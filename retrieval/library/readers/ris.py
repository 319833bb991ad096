"""RIS, as reference managers export it. Each record is parsed by itself: a broken one costs only itself."""

import re
from pathlib import Path
from typing import Any

from retrieval.identifiers import read_doi
from retrieval.library.document import SOURCE, Entry, Reading, read_entries
from retrieval.library.identifiers import find_arxiv
from retrieval.library.readers.plain import read_text
from retrieval.passage import Work

START = re.compile(r"^TY  -", re.MULTILINE)
END = re.compile(r"^ER  -[ \t]*$", re.MULTILINE)
YEAR = re.compile(r"\b(1[6-9]|20)\d\d\b")


def read(path: Path, name: str) -> Reading:
    text = read_text(path)
    starts = [found.start() for found in START.finditer(text)]
    if not starts:
        raise ValueError("there is no RIS record (a line that begins with TY) in it")
    ends = [*starts[1:], len(text)]
    entries = [
        Entry(text.count("\n", 0, start) + 1, text[start:end])
        for start, end in zip(starts, ends, strict=True)
    ]
    return read_entries(name, entries, _parse)


def _parse(block: str) -> tuple[str, Work, str]:
    import rispy

    if not END.search(block):
        raise ValueError("the record has no end (a line that begins with ER)")
    found: list[dict[str, Any]] = rispy.loads(block)
    if not found:
        raise ValueError("the record cannot be read")
    record = found[0]
    title = _first(record, "title", "primary_title", "translated_title", "short_title")
    if not title:
        raise ValueError("the record has no title")
    work = _work(record, title)
    key = _first(record, "id") or work.doi or work.arxiv or title
    return key, work, _first(record, "abstract", "notes_abstract")


def _work(record: dict[str, Any], title: str) -> Work:
    year = YEAR.search(_first(record, "year", "publication_year", "date"))
    urls = " ".join(record.get("urls", ()))
    return Work(
        source=SOURCE,
        id="",
        title=title,
        authors=tuple(record.get("authors", ()) or record.get("first_authors", ())),
        year=int(year.group()) if year else None,
        venue=_first(record, "journal_name", "secondary_title", "alternate_title1", "publisher") or None,
        doi=read_doi(_first(record, "doi") or urls),
        arxiv=find_arxiv(urls),
        url=urls.partition(" ")[0] or None,
    )


def _first(record: dict[str, Any], *names: str) -> str:
    """The first field that holds something, on one line."""
    return next((text for name in names if (text := " ".join(str(record.get(name) or "").split()))), "")
