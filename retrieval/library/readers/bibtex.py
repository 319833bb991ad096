"""BibTeX: entries with an abstract become citable; the others tell what is known of a work.

Each entry is parsed by itself: a brace that is not closed costs one entry and not the rest of the file.
"""

import codecs
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from retrieval.identifiers import read_arxiv, read_doi
from retrieval.library.document import SOURCE, Entry, Reading, read_entries
from retrieval.library.identifiers import find_arxiv
from retrieval.library.readers.plain import read_text
from retrieval.passage import Work

START = re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t]*[{(]", re.MULTILINE)
BRACES = re.compile(r"[{})]")
NOT_WORKS = {"comment", "preamble", "string"}
LINE = re.compile(r" in line \d+")
YEAR = re.compile(r"\b(1[6-9]|20)\d\d\b")


def read(path: Path, name: str) -> Reading:
    text = read_text(path)
    starts = list(START.finditer(text))
    if not starts:
        raise ValueError("there is no BibTeX entry in it")
    ends = [start.start() for start in starts[1:]] + [len(text)]
    kinds = [start.group(1).lower() for start in starts]
    blocks = [_cut(text[start.start() : end], start) for start, end in zip(starts, ends, strict=True)]
    macros = "".join(block for kind, block in zip(kinds, blocks, strict=True) if kind == "string")
    entries = [
        Entry(text.count("\n", 0, start.start(1)) + 1, block)
        for kind, start, block in zip(kinds, starts, blocks, strict=True)
        if kind not in NOT_WORKS
    ]
    return read_entries(name, entries, partial(_parse, macros))


def _cut(block: str, start: re.Match[str]) -> str:
    """Up to the brace that closes the entry, as anything may stand between entries; all where none does."""
    opened, depth = start.end() - start.start(), 0
    closing = "}" if block[opened - 1] == "{" else ")"
    for brace in BRACES.finditer(block, opened):
        if depth == 0 and brace[0] == closing:
            return block[: brace.end()] + "\n"
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
    return block


def _parse(macros: str, block: str) -> tuple[str, Work, str]:
    from pybtex.database.input.bibtex import Parser
    from pybtex.errors import capture

    with capture() as errors:
        entries = Parser().parse_string(macros + block).entries
    for error in errors:
        raise ValueError(LINE.sub("", str(error)))  # its line is counted from the entry's own first
    if not entries:
        raise ValueError("the entry cannot be read")
    key, entry = next(iter(entries.items()))
    fields = {field.lower(): _plain(value) for field, value in entry.fields.items()}
    if not fields.get("title"):
        raise ValueError(f"{key!r} has no title")
    people = entry.persons.get("author") or entry.persons.get("editor") or ()
    return key, _work(fields, tuple(_plain(str(person)) for person in people)), fields.get("abstract", "")


def _work(fields: Mapping[str, str], authors: tuple[str, ...]) -> Work:
    year = YEAR.search(fields.get("year", "") or fields.get("date", ""))
    return Work(
        source=SOURCE,
        id="",
        title=fields["title"],
        authors=authors,
        year=int(year.group()) if year else None,
        venue=fields.get("journal") or fields.get("booktitle") or fields.get("publisher"),
        doi=read_doi(fields.get("doi") or fields.get("url")),
        arxiv=read_arxiv(fields.get("eprint")) or find_arxiv(fields.get("url", "")),
        url=fields.get("url"),
    )


def _plain(value: str) -> str:
    r"""Without LaTeX: M{\"u}ller becomes Müller. Formulas stay as they are."""
    import latexcodec  # noqa: F401 - registers the codec

    decoded: str = codecs.getdecoder("ulatex")(value, "ignore")[0]  # type: ignore[arg-type]  # from text to text
    parts = decoded.split("$")
    parts[::2] = [part.replace("{", "").replace("}", "") for part in parts[::2]]
    return " ".join("$".join(parts).split())
