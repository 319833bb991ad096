"""Many papers read into records: files and folders, results kept line by line, nothing read twice."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pydantic import Field, ValidationError

from agents.schema import Strict
from app.errors import InputError
from retrieval.library.files import walk
from retrieval.library.readers import find_reader
from tools import ToolError
from tools.reading import ExtractionChat, Form, ReadResult, load_form, read

if TYPE_CHECKING:
    from app.runtime import Observer
    from app.settings import Settings

LARGEST_SCHEMA = 1_000_000  # bytes


class PaperText(NamedTuple):
    """A text with its name; without a text, why there is none."""

    name: str
    text: str = ""
    problem: str = ""


class PaperLine(Strict):
    """What became of one paper: a line of the file of results."""

    source: str
    key: str = Field(description="hash of text, schema and reader: what is the same is not read again")
    result: ReadResult | None = None
    problem: str | None = None


def find_form(name: str) -> Form:
    """Return one of ours by name, or that of a file with a JSON schema. Raises InputError."""
    path = Path(name)
    if path.suffix.lower() != ".json":
        try:
            return load_form(name)
        except ToolError as error:
            raise InputError(str(error)) from error
    try:
        if path.stat().st_size > LARGEST_SCHEMA:
            raise InputError(
                f"{path} has {path.stat().st_size:,} bytes: a schema has {LARGEST_SCHEMA:,} at most"
            )
        given = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(
            f"the schema {path} cannot be read: {(error.strerror or str(error)).lower()}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"the schema {path} is not JSON: {' '.join(str(error).split())[:120]}") from error
    if not isinstance(given, dict):
        raise InputError(f"the schema {path} is not a JSON object")
    try:
        return load_form(given)
    except ToolError as error:
        raise InputError(f"{path}: {error}") from error


def open_papers(paths: Iterable[Path]) -> Iterator[PaperText]:
    """Yield the texts of files and folders: PDF, text, Markdown, BibTeX and RIS (with abstracts)."""
    for file in walk(paths):
        reader = find_reader(file.path)
        if not file.path.is_file():
            yield PaperText(file.name, problem="there is no such file")
        elif reader is None:
            yield PaperText(file.name, problem=f"{file.path.suffix or 'a file without a suffix'} is not read")
        else:
            try:
                documents = reader.read(file.path, file.name).documents
            except (ValueError, OSError) as error:
                yield PaperText(file.name, problem=" ".join(str(error).split()))
                continue
            texts = [PaperText(one.work.id, one.text) for one in documents if one.text]
            yield from texts or [PaperText(file.name, problem="nothing is readable")]


def read_papers(
    papers: Iterable[PaperText],
    form: Form,
    chat: ExtractionChat | None = None,
    out: Path | None = None,
    told: Callable[[PaperLine, bool], None] = lambda _line, _known: None,
) -> list[PaperLine]:
    """Read each paper that `out` does not hold yet, and add it there at once.

    `told` takes each line, and whether it was known. Raises InputError where `out` cannot be used, and what a
    chat model raises; what was read by then is kept.
    """
    known = _known(out) if out else {}
    lines = []
    for paper in papers:
        key = _key(paper, form, chat)
        line = known.get(key)
        told_before = line is not None
        if line is None:
            line = _read(paper, key, form, chat)
            if out is not None:
                _append(out, line)
        told(line, told_before)
        lines.append(line)
    return lines


def _read(paper: PaperText, key: str, form: Form, chat: ExtractionChat | None) -> PaperLine:
    if paper.problem:
        return PaperLine(source=paper.name, key=key, problem=paper.problem)
    try:
        return PaperLine(source=paper.name, key=key, result=read(paper.text, form, chat))
    except ToolError as error:
        return PaperLine(source=paper.name, key=key, problem=str(error))


def _key(paper: PaperText, form: Form, chat: ExtractionChat | None) -> str:
    reader = chat.name if chat else "without a model"
    parts = (paper.name, paper.text, paper.problem, form.digest, reader)
    return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()[:32]


def _known(out: Path) -> dict[str, PaperLine]:
    """The lines of an earlier reading that gave a result; a last line that was cut off is read again."""
    if not out.exists():
        return {}
    known: dict[str, PaperLine] = {}
    try:
        content = out.read_bytes()
    except OSError as error:
        raise InputError(f"{out} cannot be read: {(error.strerror or str(error)).lower()}") from error
    lines = content.split(b"\n")
    for number, text in enumerate(lines[:-1], 1):
        try:
            line = PaperLine.model_validate_json(text)
        except ValidationError as error:
            raise InputError(
                f"line {number} of {out} is no result of ours: give --out another name"
            ) from error
        if line.result is not None:
            known[line.key] = line
    if lines[-1]:
        with out.open("r+b") as file:
            file.truncate(len(content) - len(lines[-1]))
    return known


def _append(out: Path, line: PaperLine) -> None:
    try:
        with out.open("a", encoding="utf-8") as file:
            file.write(line.model_dump_json() + "\n")
    except OSError as error:
        raise InputError(f"{out} cannot be written: {(error.strerror or str(error)).lower()}") from error


@contextmanager
def open_chat(settings: "Settings", observer: "Observer", journal: Path | None) -> Iterator[ExtractionChat]:
    """A chat model as a reader; with a journal its answers are kept, and never paid twice."""
    from agents.chat_tools.reader import ChatReader
    from agents.model import Budget, Journal
    from app.runtime import open_models
    from app.strings.generating import Unrecorded

    limits = settings.run
    with open_models(settings, observer) as endpoints:
        yield ChatReader(
            endpoints,
            Journal(journal) if journal else Unrecorded(),
            budget=Budget(tokens=limits.budget_tokens, usd=limits.budget_usd),
            concurrency=limits.concurrency,
            seed=limits.seed,
        )


def write_table(lines: Iterable[PaperLine], form: Form, path: Path) -> int:
    """Write one row a record as .csv (headings with units, as `hypofind laws` reads them) or .parquet."""
    from tools.reading.tables import make_table, write_csv, write_parquet

    table = make_table(((line.source, line.result) for line in lines if line.result), form)
    writers: Mapping[str, Callable[..., None]] = {".csv": write_csv, ".parquet": write_parquet}
    if path.suffix not in writers:
        raise InputError(f"{path.name} ends in neither .csv nor .parquet")
    try:
        writers[path.suffix](table, path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from error
    return len(table.rows)
