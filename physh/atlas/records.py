"""Reads titles, abstracts and years from the files that people have: JSON Lines, plain or compressed.

Known are arXiv's metadata dump (`versions`, `update_date`), OpenAlex works (`abstract_inverted_index`), and
plain records with `id`, `title`, `abstract` and `date` or `year`. One record is in memory at a time. What
cannot be used is counted by its reason and passed over.
"""

import bz2
import gzip
import json
import lzma
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from physh.errors import AtlasError

LONGEST_LINE = 2_000_000  # bytes; OpenAlex's longest works have some hundred thousand
LONGEST_ABSTRACT = 50_000  # characters; what is longer is a paper or a mistake
FIRST_YEAR = 1800
OPENERS = {".gz": gzip.open, ".xz": lzma.open, ".bz2": bz2.open}
FIVE_DIGITS = 1501  # the month since which arXiv's numbers have five
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|2\d\d\d)(?!\d)")


class WorkRecord(BaseModel):
    """A work as it is counted. Fields of the source that are not named here are ignored: each has its own."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    title: str
    abstract: str
    year: int
    categories: str = ""
    authors: tuple[str, ...] = ()
    doi: str = ""


def read_records(path: Path, refused: Counter[str]) -> Iterator[WorkRecord]:
    """Records of one file in order. `refused` counts the rest by reason.

    Raises AtlasError if the file cannot be opened.
    """
    try:
        stream: IO[bytes] = OPENERS.get(path.suffix, open)(path, "rb")  # type: ignore[operator]  # four openers
    except OSError as error:
        raise AtlasError(f"{path} cannot be opened ({error.strerror}): give a file of JSON Lines") from error
    with stream:
        for line in _lines(stream, refused):
            record = _read(line, refused)
            if record is not None:
                yield record


def arxiv_identifier(said: str) -> str:
    """An identifier as it was before a table took it for a number; others unchanged.

    704.123 is 0704.1230, and 1501.0050099999999 is 1501.00501.
    """
    if not re.fullmatch(r"\d{3,4}\.\d{1,20}", said):
        return said
    digits = 4 if int(float(said)) < FIVE_DIGITS else 5
    return f"{float(said):.{digits}f}".zfill(5 + digits)


def _lines(stream: IO[bytes], refused: Counter[str]) -> Iterator[bytes]:
    """Lines up to LONGEST_LINE; a file that breaks off inside its compression ends there."""
    skipping = False
    while True:
        try:
            line = stream.readline(LONGEST_LINE)
        except (EOFError, lzma.LZMAError, zlib.error, OSError):
            refused["file broken off"] += 1
            return
        if not line:
            return
        whole = line.endswith(b"\n") or len(line) < LONGEST_LINE
        if skipping or not whole:
            refused["line too long"] += not skipping
            skipping = not whole
        elif line.strip():
            yield line


def _read(line: bytes, refused: Counter[str]) -> WorkRecord | None:
    try:
        raw = json.loads(_decode(line, refused))
    except (ValueError, RecursionError):
        refused["no JSON"] += 1
        return None
    if not isinstance(raw, dict):
        refused["no JSON object"] += 1
        return None
    try:
        record = WorkRecord.model_validate(_plain(raw))
    except (ValidationError, TypeError, ValueError, AttributeError, LookupError, OverflowError):
        refused["no id, title or year"] += 1
        return None
    if reason := _why_not(record):
        refused[reason] += 1
        return None
    return record


def _why_not(record: WorkRecord) -> str | None:
    if not FIRST_YEAR <= record.year <= datetime.now(UTC).year + 1:
        return "year out of range"
    if not record.abstract.strip():
        return "no abstract"
    return "abstract too long" if len(record.abstract) > LONGEST_ABSTRACT else None


def _decode(line: bytes, refused: Counter[str]) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        refused["not UTF-8, read as Latin-1"] += 1
        return line.decode("latin-1")


def _plain(raw: dict[str, Any]) -> dict[str, Any]:
    """One shape for the three; what is missing is left for the model to refuse."""
    inverted = raw.get("abstract_inverted_index")
    abstract = (
        _upright(inverted) if isinstance(inverted, dict) else raw.get("abstract") or raw.get("summary") or ""
    )
    return {
        "id": str(raw.get("id") or raw.get("doi") or ""),
        "title": raw.get("title") or raw.get("display_name"),
        "abstract": abstract,
        "year": _year(raw),
        "categories": raw.get("categories") if isinstance(raw.get("categories"), str) else "",
        "authors": _authors(raw),
        "doi": str(raw.get("doi") or ""),
    }


def _authors(raw: dict[str, Any]) -> tuple[str, ...]:
    """As arXiv parses or writes them, or OpenAlex lists them; none where they are told otherwise."""
    parsed, written, listed = raw.get("authors_parsed"), raw.get("authors"), raw.get("authorships")
    if isinstance(parsed, list):
        return tuple(" ".join(str(part) for part in reversed(one[:2]) if part) for one in parsed if one)
    if isinstance(listed, list):
        return tuple(str(one["author"]["display_name"]) for one in listed)
    if isinstance(written, list):
        return tuple(map(str, written))
    names = re.split(r",\s*|\s+and\s+", written.replace("\n", " ")) if isinstance(written, str) else ()
    return tuple(name.strip() for name in names if name.strip())


def _year(raw: dict[str, Any]) -> int | None:
    """Of the first version where there is one."""
    for name in ("publication_year", "year"):
        if isinstance(raw.get(name), int):
            return int(raw[name])
    versions = raw.get("versions")
    first = versions[0].get("created") if isinstance(versions, list) and versions else None
    for said in (first, raw.get("date"), raw.get("published"), raw.get("created"), raw.get("update_date")):
        found = _YEAR.search(str(said)) if said else None
        if found:
            return int(found.group())
        if said:
            return 0  # a date that is none is out of range
    return None


def _upright(inverted: dict[str, list[int]]) -> str:
    """The text of OpenAlex's word → positions."""
    placed = [(at, word) for word, places in inverted.items() for at in places]
    return " ".join(word for _, word in sorted(placed))
