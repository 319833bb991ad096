"""PDF, read in a child process that has a limit of time and of memory."""

import re
import subprocess
import sys
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from retrieval.identifiers import find_arxiv, find_doi
from retrieval.library.document import SOURCE, Document, FileReading
from retrieval.passage import Work

CHILD = Path(__file__).with_name("pdf_child.py")
SECONDS = 180  # a plain page takes 5 to 50 ms
MEMORY = 2 << 30  # bytes
CHARACTERS = 20_000_000
FEWEST = 20  # letters and digits a page; fewer means pictures of pages

LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})
UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
HYPHENATED = re.compile(r"\b([A-Za-z0-9]{1,30}(?:-[a-z]{1,30}){0,3})- ?\n([A-Za-z][a-z]{1,29})")
COMPOUND = re.compile(r"\b[a-z]{1,30}(?:-[a-z]{1,30}){1,4}\b")
PREFIXES = frozenset(  # that keep their hyphen, as most words with them do
    """well self high low one two three four six half long short free cross all ever so state of the and in on
    room ray fermi bose spin time order phase mean first second third""".split()  # noqa: SIM905 - as a list it would have a line each
)
LINE_ENDS = re.compile(r"(?<![ \t])[ \t]*+\n(?![^\S\n]*+\n)[ \t]*+")
PLACEHOLDER = re.compile(r"^(untitled|microsoft word|.*\.(docx?|tex|dvi|pdf|indd)$|[^ ]*$)", re.IGNORECASE)
DENSE = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
)  # scripts that need few characters and no blanks
TITLE_LENGTHS = range(10, 250)
DENSE_LENGTHS = range(4, 120)
LONGEST_FACT = 5_000  # characters of what a file says of itself


class ExtractorMessage(BaseModel):
    """What the child says, a line at a time."""

    model_config = ConfigDict(extra="forbid")

    error: str | None = None
    about: dict[str, str] = {}
    pages: int | None = None
    text: str | None = None


def read(path: Path, name: str) -> FileReading:
    lines, stopped = _ask_child(path.absolute())
    about = next((line for line in lines if line.pages is not None), None)
    facts = {name: value[:LONGEST_FACT] for name, value in about.about.items()} if about else {}
    pages = clean_pages([line.text for line in lines if line.text is not None])
    failed = next((line.error for line in lines if line.error), stopped)
    if about is None or not pages:
        raise ValueError(failed or "it has no pages")
    if sum(c.isalnum() for page in pages for c in page) < FEWEST * len(pages):
        raise ValueError(
            failed
            or f"there is no text on its {len(pages)} pages (a scan?): run OCR on it first, such as ocrmypdf"
        )
    text, starts = _join(pages)
    work = _work(path, name, facts, pages)
    problems = (*_missing(len(pages), about.pages or 0, failed), *_blank(pages))
    return FileReading((Document(work, text, starts),), problems)


def _ask_child(path: Path) -> tuple[list[ExtractorMessage], str | None]:
    """The lines that came, and why no more did."""
    limits = [str(MEMORY), str(SECONDS), str(CHARACTERS)]
    command = [sys.executable, "-P", str(CHILD), str(path), *limits]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and script; the path is one argument
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as late:
        return _lines(late.stdout or b""), f"reading took longer than {SECONDS} s"
    stopped = f"its reader ended with code {done.returncode}" if done.returncode else None
    return _lines(done.stdout), stopped


def _lines(said: bytes) -> list[ExtractorMessage]:
    lines = []
    for raw in said.split(b"\n")[:-1]:  # the last is empty, or was cut
        try:
            lines.append(ExtractorMessage.model_validate_json(raw))
        except ValidationError:
            return [*lines, ExtractorMessage(error="its reader was cut off")]
    return lines


def _missing(read: int, pages: int, failed: str | None) -> tuple[str, ...]:
    if read >= pages and not failed:
        return ()
    why = failed or f"it holds more than {CHARACTERS:,} characters"
    return (f"only {read} of {pages} pages were read: {why}",)


def _blank(pages: list[str]) -> tuple[str, ...]:
    """Pages without text among others: pictures of pages, as far as can be told."""
    bare = [str(number) for number, page in enumerate(pages, start=1) if not any(map(str.isalnum, page))]
    if not bare:
        return ()
    listed = ", ".join(bare[:5]) + (f" and {len(bare) - 5} more" if len(bare) > 5 else "")  # noqa: PLR2004 - shown
    return (f"no text on page {listed} (a scan?): run OCR on it, such as ocrmypdf, to have all of it",)


def clean_pages(pages: list[str]) -> list[str]:
    """Words whole, and a line a paragraph, as far as the page tells them apart."""
    plain = [UNREADABLE.sub(" ", page.translate(LIGATURES)).replace("\xad\n", "-\n") for page in pages]
    plain = [page.replace("\u2010\n", "-\n").replace("\xad", "") for page in plain]
    known = {word for page in plain for word in COMPOUND.findall(page)}

    def join(found: re.Match[str]) -> str:
        first, second = found.groups()
        last = first.rpartition("-")[2].lower()
        is_name = (
            not first[-1].islower() or second[0].isupper() or len(last) == 1
        )  # MoS2-, Fermi-Dirac, x-ray
        keeps = is_name or last in PREFIXES or f"{first}-{second}" in known
        return f"{first}{'-' * keeps}{second}"

    return [LINE_ENDS.sub(" ", HYPHENATED.sub(join, page)).strip() for page in plain]


def _join(pages: list[str]) -> tuple[str, tuple[int, ...]]:
    starts, position = [], 0
    for page in pages:
        starts.append(position)
        position += len(page) + 1
    return "\n".join(pages), tuple(starts)


def _work(path: Path, name: str, about: dict[str, str], pages: list[str]) -> Work:
    told = " ".join(about.get(field, "") for field in ("doi", "prism:doi", "wps-articledoi", "subject"))
    return Work(
        source=SOURCE,
        id=name,
        title=read_title(about.get("title", "")) or path.stem,
        authors=read_authors(about.get("author", "")),
        doi=find_doi(told) or find_doi(pages[0]),
        arxiv=find_arxiv(told) or find_arxiv(pages[0]),
    )


def read_title(told: str) -> str | None:
    """What the file calls itself, unless its word processor did."""
    title = " ".join(UNREADABLE.sub(" ", told).split())
    if DENSE.search(title):
        return title if len(title) in DENSE_LENGTHS else None
    return title if len(title) in TITLE_LENGTHS and not PLACEHOLDER.match(title) else None


def read_authors(told: str) -> tuple[str, ...]:
    line = " ".join(UNREADABLE.sub(" ", told).split())
    names = (name.strip() for name in re.split(r";| and |, ", line))
    return tuple(name for name in names if " " in name or DENSE.search(name))
