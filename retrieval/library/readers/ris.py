"""RIS, as reference managers export it. Each record is parsed by itself: a broken one costs only itself."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from retrieval.identifiers import find_arxiv
from retrieval.library.document import SOURCE, BibliographyEntry, FileReading, read_entries
from retrieval.library.readers.markup import identifiers, plain_html
from retrieval.library.readers.plain import read_text
from retrieval.passage import Work

# Two characters, blanks and a hyphen. Exporters write none, one, two or three blanks, or a tab.
TAG = re.compile(r"^[ \t\ufeff]{0,8}([A-Za-z][A-Za-z0-9])[ \t]{0,4}-(?:[ \t]|$|(?<=  -))(.*)$")
START = re.compile(r"^[ \t\ufeff]{0,8}TY[ \t]{0,4}-", re.MULTILINE | re.IGNORECASE)
YEAR = re.compile(r"(?<!\d)(1[6-9]|20)\d\d(?!\d)")  # 2020a too
ET_AL = re.compile(r"(?:others|et\.? al\.?)\Z", re.IGNORECASE)
TITLES = ("TI", "T1", "CT", "TT", "ST")
VENUES = ("JO", "JF", "JA", "J2", "T2", "BT", "T3", "PB")
YEARS = ("PY", "Y1", "DA", "YR")
PEOPLE = (("AU", "A1"), ("A2", "ED"))
ABSTRACTS = ("AB", "N2")
TAGS = frozenset(  # of the format's documents: any other two letters and a hyphen are text
    """TY ER ID TI T1 T2 T3 TT CT BT ST AU A1 A2 A3 A4 ED PY Y1 Y2 DA YR JO JF JA J1 J2 DO AB N1 N2 UR L1 L2
    L3 L4 LK KW PB CY CP SP EP VL IS M1 M2 M3 SN C1 C2 C3 C4 C5 C6 C7 C8 U1 U2 U3 U4 U5 AD AN AV CA CN DB DP
    ET LA LB NV OP RI RN RP SE TA VO PP H1 H2""".split()  # noqa: SIM905 - as a list it would have a line each
)
OTHERS = {
    "PMID-": "this is PubMed's own format: export it as RIS",
    "FN ": "this is Web of Science's own format: export it as RIS",
    "%0 ": "this is EndNote's own format: export it as RIS",
}


def read(path: Path, name: str) -> FileReading:
    file = read_text(path)
    starts = [found.start() for found in START.finditer(file.text)]
    if not starts:
        told = next((why for begin, why in OTHERS.items() if file.text.lstrip().startswith(begin)), None)
        raise ValueError(told or "there is no RIS record (a line that begins with TY) in it")
    ends = [*starts[1:], len(file.text)]
    entries = [
        BibliographyEntry(file.text.count("\n", 0, start) + 1, file.text[start:end])
        for start, end in zip(starts, ends, strict=True)
    ]
    return read_entries(name, entries, _parse, list(file.problems))


def _parse(block: str) -> tuple[str, Work, str, tuple[str, ...]]:
    fields = _fields(block)
    if "ER" not in fields:
        raise ValueError("the record has no end (a line that begins with ER)")
    title = _first(fields, *TITLES) or _first(fields, "BT", "T2")
    if not title:
        raise ValueError("the record has no title")
    work = _work(fields, title)
    key = _first(fields, "ID") or work.doi or work.arxiv or title
    abstract = next((text for tag in ABSTRACTS if (text := " ".join(_all(fields, tag)))), "")
    return key, work, abstract, ()


def _fields(block: str) -> Mapping[str, Sequence[str]]:
    """Values by tag, as often as they stand there, up to ER. A line without a tag goes on with the last."""
    fields: dict[str, list[str]] = {}
    values: list[str] = []
    for line in block.split("\n"):
        found = TAG.match(line)
        tag = found[1].upper() if found else ""
        if found and tag in TAGS:
            values = fields.setdefault(tag, [])
            values.append(found[2].strip())
            if tag == "ER":
                break
        elif values and line.strip():
            values[-1] = f"{values[-1]} {line.strip()}"
    return fields


def _work(fields: Mapping[str, Sequence[str]], title: str) -> Work:
    year = YEAR.search(_first(fields, *YEARS))
    urls = " ".join(_all(fields, "UR", "L1", "L2", "LK"))
    doi, arxiv = identifiers(" ".join(_all(fields, "DO", "M3")), urls, "")
    return Work(
        source=SOURCE,
        id="",
        title=title,
        authors=next((people for tags in PEOPLE if (people := _people(_all(fields, *tags)))), ()),
        year=int(year.group()) if year else None,
        venue=next((venue for tag in VENUES if (venue := _first(fields, tag)) and venue != title), None),
        doi=doi,
        arxiv=find_arxiv(urls) or arxiv,
        url=urls.partition(" ")[0] or None,
    )


def _people(told: Sequence[str]) -> tuple[str, ...]:
    names = (name.strip() for line in told for name in line.split(";"))
    return tuple(name for name in names if name and not ET_AL.match(name))


def _all(fields: Mapping[str, Sequence[str]], *tags: str) -> list[str]:
    """What the tags hold, each on one line and without markup."""
    values = (plain_html(value) for tag in tags for value in fields.get(tag, ()))
    return [text for value in values if (text := " ".join(value.split()))]


def _first(fields: Mapping[str, Sequence[str]], *tags: str) -> str:
    return next(iter(_all(fields, *tags)), "")
