"""A person's marks on the hypotheses of a run: marks.jsonl in its folder, one line each, never changed.

Whoever marks a hypothesis again adds a line; the last one of a person counts.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydantic import Field, ValidationError

from agents.errors import RunError
from agents.files import append_line, explained
from agents.schema import Strict

FILE = "marks.jsonl"
LONGEST_NOTE = 2_000


class PersonMark(Strict):
    """What a person thinks of a hypothesis."""

    hypothesis: str = Field(min_length=1, max_length=100, description="its key")
    mark: int = Field(ge=1, le=5, description="1 poor, 2 weak, 3 fair, 4 good, 5 excellent")
    note: str | None = Field(default=None, max_length=LONGEST_NOTE)
    by: str = Field(description="whoever gave it: an API key's id, or local")
    at: datetime


def read_marks(folder: Path) -> list[PersonMark]:
    """In the order they were given; a last line that was cut off is left out. Raises RunError."""
    path = folder / FILE
    with explained(path, "read"):
        content = path.read_bytes() if path.exists() else b""
    *lines, _cut_off = content.split(b"\n")
    return [_read(path, number, line) for number, line in enumerate(lines, start=1)]


def add_mark(folder: Path, mark: PersonMark) -> None:
    """On disk when this returns. Raises RunRefused."""
    append_line(folder / FILE, mark.model_dump_json(), folder / ".marks.lock")


def last_marks(marks: Sequence[PersonMark]) -> list[PersonMark]:
    """One a person and hypothesis: the last."""
    return list({(mark.by, mark.hypothesis): mark for mark in marks}.values())


def _read(path: Path, number: int, line: bytes) -> PersonMark:
    try:
        return PersonMark.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise RunError(f"{path}, line {number}: no mark ({first}). Delete that line") from error
