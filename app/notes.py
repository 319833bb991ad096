"""Names, tags and notes that people give a run: notes.jsonl in its folder, one line each, never changed.

They are for those who work with the run: they influence no answer, and a published run leaves them out.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError, model_validator

from agents.files import append_line, explained
from agents.schema import Prose, Strict
from app.errors import AppError

FILE = "notes.jsonl"
MOST = 1_000  # lines of a run
LONGEST = 2_000
SHORT = 80  # characters of a name or a tag


class TooManyNotes(AppError):
    """The run has as many as it may."""


class NoteKind(StrEnum):
    NAME = "name"  # the last one holds
    TAG = "tag"
    UNTAG = "untag"  # takes a tag off again
    NOTE = "note"


def _plain(text: str) -> str:
    if any((ord(char) < 32 and char not in "\n\t") or 0x7F <= ord(char) < 0xA0 for char in text):  # noqa: PLR2004 - control characters
        raise ValueError("holds a control character: remove it")
    return text


class NewNote(Strict):
    """What a person writes."""

    kind: NoteKind = NoteKind.NOTE
    text: Annotated[Prose, AfterValidator(_plain)] = Field(max_length=LONGEST)

    @model_validator(mode="after")
    def _fit(self) -> "NewNote":
        if self.kind is not NoteKind.NOTE and (len(self.text) > SHORT or "\n" in self.text):
            raise ValueError(f"a {self.kind} is one line of {SHORT} characters at most")
        return self


class Note(Strict):
    """A line of the file."""

    kind: NoteKind
    text: str
    by: str = Field(description="whoever wrote it: an API key's id, or local")
    at: datetime


class Labels(Strict):
    """What holds now: the last name, and the tags that were not taken off."""

    name: str | None = None
    tags: list[str] = Field(default_factory=list)


def read_notes(folder: Path) -> list[Note]:
    """Return them in the order in which they were written; lines that cannot be read are left out."""
    path = folder / FILE
    with explained(path, "read"):
        content = path.read_bytes() if path.exists() else b""
    return [note for line in content.split(b"\n")[:-1] if (note := _read(line))]


def add_note(folder: Path, note: Note) -> None:
    """On disk when this returns. Raises TooManyNotes or RunRefused."""
    if len(read_notes(folder)) >= MOST:
        raise TooManyNotes(f"this run has {MOST:,} notes already, and may have no more")
    append_line(folder / FILE, note.model_dump_json(), folder / ".notes.lock")


def labels(notes: Sequence[Note]) -> Labels:
    names = [note.text for note in notes if note.kind is NoteKind.NAME]
    tags: dict[str, None] = {}
    for note in notes:
        if note.kind is NoteKind.TAG:
            tags[note.text] = None
        elif note.kind is NoteKind.UNTAG:
            tags.pop(note.text, None)
    return Labels(name=names[-1] if names else None, tags=list(tags))


def _read(line: bytes) -> Note | None:
    try:
        return Note.model_validate_json(line)
    except ValidationError:
        return None
