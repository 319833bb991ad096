"""Plain text and Markdown."""

import codecs
import re
from pathlib import Path
from typing import NamedTuple

from retrieval.identifiers import find_arxiv, find_doi
from retrieval.library.document import SOURCE, Document, FileReading
from retrieval.passage import Work

LARGEST = 20_000_000  # bytes: some 30 books
HEAD = 3000  # characters in which a document says what it is
LONGEST_TITLE = 200
MOSTLY = 0.7  # of a Latin text's characters have a zero byte in UTF-16
FRONT_MATTER = re.compile(  # YAML's, or TOML's between +++
    r"\s*(?:---[ \t]*\n(?=[\w-]+:)(.*?)\n(?:---|\.\.\.)|\+\+\+[ \t]*\n(.*?)\n\+\+\+)[ \t]*(?:\n|\Z)",
    re.DOTALL,
)
FRONT_TITLE = re.compile(r"^title[ \t]{0,9}[:=][ \t]*([^\s|>].*)$", re.MULTILINE)
OWN = re.compile(  # a line that begins with an identifier; one within a sentence is another work's
    r"^[ \t]*(?:doi|arxiv|https?://(?:dx\.)?doi\.org/|https?://arxiv\.org/).*$", re.IGNORECASE | re.MULTILINE
)


def read(path: Path, name: str) -> FileReading:
    file = read_text(path)
    text = file.text
    if not any(c.isalnum() for c in text):
        raise ValueError("there is no text in it")
    own = " ".join(OWN.findall(text[:HEAD]))
    work = Work(source=SOURCE, id=name, title=_title(text, path), doi=find_doi(own), arxiv=find_arxiv(own))
    return FileReading((Document(work, text),), file.problems)


class DecodedText(NamedTuple):
    """What a file holds, and what had to be guessed of it."""

    text: str
    problems: tuple[str, ...] = ()


def read_text(path: Path) -> DecodedText:
    """UTF-8 or UTF-16; lines that are neither are taken for Western European, which is told.

    Raises ValueError for what is no text.
    """
    if path.stat().st_size > LARGEST:
        raise ValueError(
            f"{path.stat().st_size:,} bytes are more than the {LARGEST:,} that are read: split it"
        )
    raw = path.read_bytes()
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return DecodedText(_tidy(raw.decode("utf-16", errors="replace")))
    if b"\0" in raw:
        return DecodedText(_tidy(raw.decode(_utf16_without_mark(raw), errors="replace")))
    try:
        return DecodedText(_tidy(raw.decode("utf-8-sig")))
    except UnicodeDecodeError:
        lines = [_decoded(line) for line in raw.removeprefix(codecs.BOM_UTF8).split(b"\n")]
        guessed = sum(not is_utf8 for _, is_utf8 in lines)
        told = f"not UTF-8 and read as Western European: {guessed} lines. If that is wrong, save it as UTF-8"
        return DecodedText(_tidy("\n".join(line for line, _ in lines)), (told,))


def _decoded(line: bytes) -> tuple[str, bool]:
    """The line, and whether it was UTF-8: files that were pasted together hold both."""
    try:
        return line.decode(), True
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace"), False


def _utf16_without_mark(raw: bytes) -> str:
    """Which UTF-16 it is: nearly every second byte is zero then. Raises ValueError where it is none."""
    for encoding, zeros in (("utf-16-le", raw[1::2]), ("utf-16-be", raw[::2])):
        if len(raw) % 2 == 0 and zeros.count(0) > MOSTLY * len(zeros):
            return encoding
    raise ValueError("it is not text")


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _title(text: str, path: Path) -> str:
    """The one that the front matter gives, else the first line, where it reads like one."""
    front = FRONT_MATTER.match(text)
    told = FRONT_TITLE.search(front[1] or front[2]) if front else None
    body = text[front.end() :] if front else text
    lines = (line.lstrip("#").strip() for line in body.split("\n") if any(c.isalnum() for c in line))
    title = told[1].strip().strip("\"'").strip() if told else next(lines, "")
    return title if title and len(title) <= LONGEST_TITLE else path.stem
