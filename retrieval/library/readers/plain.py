"""Plain text and Markdown."""

import codecs
import re
from pathlib import Path

from retrieval.library.document import SOURCE, Document, Reading
from retrieval.library.identifiers import find_arxiv, find_doi
from retrieval.passage import Work

LARGEST = 20_000_000  # bytes: some 30 books
HEAD = 3000  # characters in which a document says what it is
LONGEST_TITLE = 200
FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(?=[\w-]+:)(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
FRONT_TITLE = re.compile(r"^title:[ \t]*([^\s|>].*)$", re.MULTILINE)
OWN = re.compile(  # a line that begins with an identifier; one within a sentence is another work's
    r"^[ \t]*(?:doi|arxiv|https?://(?:dx\.)?doi\.org/|https?://arxiv\.org/).*$", re.IGNORECASE | re.MULTILINE
)


def read(path: Path, name: str) -> Reading:
    text = read_text(path)
    if not any(c.isalnum() for c in text):
        raise ValueError("there is no text in it")
    own = " ".join(OWN.findall(text[:HEAD]))
    work = Work(source=SOURCE, id=name, title=_title(text, path), doi=find_doi(own), arxiv=find_arxiv(own))
    return Reading((Document(work, text),))


def read_text(path: Path) -> str:
    """UTF-8 or UTF-16; what is neither is taken for Western European. Raises ValueError."""
    if path.stat().st_size > LARGEST:
        raise ValueError(
            f"{path.stat().st_size:,} bytes are more than the {LARGEST:,} that are read: split it"
        )
    raw = path.read_bytes()
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _tidy(raw.decode("utf-16", errors="replace"))
    if b"\0" in raw:
        raise ValueError("it is not text")
    try:
        return _tidy(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _tidy(raw.decode("cp1252", errors="replace"))


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _title(text: str, path: Path) -> str:
    """The one that the front matter gives, else the first line, where it reads like one."""
    front = FRONT_MATTER.match(text)
    told = FRONT_TITLE.search(front[1]) if front else None
    body = text[front.end() :] if front else text
    lines = (line.lstrip("#").strip() for line in body.split("\n") if any(c.isalnum() for c in line))
    title = told[1].strip().strip("\"'").strip() if told else next(lines, "")
    return title if title and len(title) <= LONGEST_TITLE else path.stem
