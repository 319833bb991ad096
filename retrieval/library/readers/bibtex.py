"""BibTeX: entries with an abstract become citable; the others tell what is known of a work.

Each entry is parsed by itself: a brace that is not closed costs one entry and not the rest of the file.
Where BibTeX only warns (an unknown abbreviation, a repeated field, a name of odd form), the work stays.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from retrieval.identifiers import find_arxiv
from retrieval.library.document import SOURCE, BibliographyEntry, FileReading, read_entries
from retrieval.library.readers.markup import identifiers, plain_identifier, plain_latex
from retrieval.library.readers.plain import read_text
from retrieval.passage import Work

START = re.compile(r"(?:^[ \t]*+|(?<=[})]))[ \t]*+@[ \t]*+(\w++)\s{0,100}([{(])", re.MULTILINE)
BRACES = re.compile(r"[{}]")
NOT_WORKS = {"comment", "preamble", "string"}
LINE = re.compile(r" in line \d+")
YEAR = re.compile(r"(?<!\d)(1[6-9]|20)\d\d(?!\d)")  # 2020a too
VENUES = ("journal", "journaltitle", "booktitle", "maintitle", "publisher", "institution", "school")
EXTENDED = re.compile(
    r"\s*(family|given|prefix|suffix)\s{0,9}=\s{0,9}(.*)", re.DOTALL
)  # biblatex's long form
NAME = re.compile(r"\s(?:and|AND|And)\s")
AUTHORS = 100_000  # characters: some 5,000 people
ET_AL = re.compile(r"(?:others|et\.? al\.?)\Z", re.IGNORECASE)


class BibtexCommand(NamedTuple):
    """A command of the file, from its @ to its end."""

    kind: str
    start: int
    text: str


class Macros(dict[str, str]):
    """Abbreviations, whatever their case. One that no @string defines is empty, and kept in `unknown`."""

    def __init__(self) -> None:
        from pybtex.database.input.bibtex import month_names

        super().__init__(month_names)
        self.unknown: list[str] = []

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __setitem__(self, name: str, value: str) -> None:
        super().__setitem__(name.lower(), value)

    def __missing__(self, name: str) -> str:
        self.unknown.append(name)
        return ""


def read(path: Path, name: str) -> FileReading:
    file = read_text(path)
    blocks = list(_blocks(file.text))
    if not blocks:
        raise ValueError("there is no BibTeX entry in it")
    macros, problems = Macros(), list(file.problems)
    for block in blocks:
        if block.kind == "string":
            problems += _define(block, macros, file.text)
    macros.unknown.clear()
    entries = [
        BibliographyEntry(_line(file.text, block), block.text)
        for block in blocks
        if block.kind not in NOT_WORKS
    ]
    return read_entries(name, entries, lambda text: _parse(text, macros), problems)


def _line(text: str, block: BibtexCommand) -> int:
    return text.count("\n", 0, block.start) + 1


def _blocks(text: str) -> Iterator[BibtexCommand]:
    """Commands that stand in no other; one without its closing brace ends where the next begins."""
    closing = _closing_braces(text)
    starts = list(START.finditer(text))
    reached = 0
    for number, found in enumerate(starts):
        if found.start(1) < reached:
            continue
        following = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        opened = found.end() - 1
        end = _closing_parenthesis(text, opened, following) if found[2] == "(" else closing.get(opened)
        at = text.index("@", found.start())
        yield BibtexCommand(found[1].lower(), at, text[at : following if end is None else end + 1])
        reached = following if end is None else end + 1


def _closing_braces(text: str) -> dict[int, int]:
    """Where each brace is closed. As in BibTeX, a backslash before a brace changes nothing."""
    pairs, opened = {}, []
    for brace in BRACES.finditer(text):
        if brace[0] == "{":
            opened.append(brace.start())
        elif opened:
            pairs[opened.pop()] = brace.start()
    return pairs


def _closing_parenthesis(text: str, opened: int, following: int) -> int | None:
    depth = 0
    for brace in re.finditer(r"[{})]", text[opened + 1 : following]):
        if brace[0] == ")" and depth == 0:
            return opened + 1 + brace.start()
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
    return None


def _define(block: BibtexCommand, macros: Macros, text: str) -> list[str]:
    """What is wrong with an @string, which costs no entry."""
    from pybtex.database.input.bibtex import LowLevelParser
    from pybtex.scanner import PybtexSyntaxError

    try:
        list(LowLevelParser(block.text, macros=macros))
    except PybtexSyntaxError as error:
        return [f"line {_line(text, block)}: {LINE.sub('', str(error))}; this @string is left out"]
    return []


def _parse(block: str, macros: Macros) -> tuple[str, Work, str, tuple[str, ...]]:
    from pybtex.database.input.bibtex import LowLevelParser
    from pybtex.scanner import PybtexSyntaxError

    macros.unknown.clear()
    try:
        parsed = list(LowLevelParser(block, macros=macros))
    except PybtexSyntaxError as error:
        raise ValueError(
            LINE.sub("", str(error))
        ) from error  # its line is counted from the entry's own first
    if not parsed:
        raise ValueError("the entry cannot be read")
    key, raw = parsed[0][1]
    fields: dict[str, str] = {}
    for name, parts in raw:
        fields.setdefault(name.lower(), "".join(parts))
    title = plain_latex(fields.get("title", ""))
    if not title:
        raise ValueError(f"{key!r} has no title")
    unknown = [
        name for name in macros.unknown if name[:3] not in macros
    ]  # "sept" for September costs nothing
    notes = tuple(f"no @string defines {name}, which is left empty" for name in unknown)
    return key, _work(fields, title), plain_latex(fields.get("abstract", "")), notes


def _work(fields: Mapping[str, str], title: str) -> Work:
    year = YEAR.search(fields.get("year", "")) or YEAR.search(fields.get("date", ""))
    doi, url, eprint = (plain_identifier(fields.get(name, "")) for name in ("doi", "url", "eprint"))
    own_doi, arxiv = identifiers(doi, url, eprint or plain_identifier(fields.get("arxivid", "")))
    venue = next((text for name in VENUES if (text := plain_latex(fields.get(name, "")))), None)
    return Work(
        source=SOURCE,
        id="",
        title=title,
        authors=_people(fields.get("author") or fields.get("editor") or ""),
        year=int(year.group()) if year else None,
        venue=venue,
        doi=own_doi,
        arxiv=arxiv or find_arxiv(url),
        url=url or None,
    )


def _people(told: str) -> tuple[str, ...]:
    """Family before given names, with a comma; a name that cannot be split is kept whole."""
    from pybtex.bibtex.utils import split_name_list

    names = split_name_list(" ".join(told[:AUTHORS].split()))
    people = (_person(name) for name in names)
    return tuple(person for person in people if person and not ET_AL.match(person))


def _person(name: str) -> str:
    from pybtex.database import InvalidNameString, Person

    parts = [found for part in name.split(",") if (found := EXTENDED.match(part))]
    if parts:
        said = {found[1]: plain_latex(found[2].strip(" \"'")) for found in parts}
        family = " ".join(said[one] for one in ("prefix", "family") if said.get(one))
        return ", ".join(text for text in (family, said.get("suffix"), said.get("given")) if text)
    try:
        return plain_latex(str(Person(name)))
    except (InvalidNameString, RecursionError):
        return plain_latex(name)
