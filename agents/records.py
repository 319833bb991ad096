"""What a run has found out, one JSON line each, on disk before anyone uses it."""

import os
import shutil
from pathlib import Path
from typing import ClassVar, Generic, Protocol, Self, TypeVar

from pydantic import ValidationError

from agents.errors import DiskFull, ReplayMiss, RunError
from agents.files import explained

ROOM = 4 << 20  # bytes that must be free before anything is paid for: what comes of it has to fit on the disk


def require_room(path: Path) -> None:
    """Raises RunRefused where the disk that holds the file is nearly full."""
    with explained(path, "write"):
        free = shutil.disk_usage(path.parent).free
    if free < ROOM:
        raise DiskFull(
            f"cannot write {path}: the disk is full ({free:,} bytes free); "
            "free some space and resume, what is finished is kept"
        )


class Keyed(Protocol):
    """A pydantic object with a content key."""

    @property
    def key(self) -> str: ...

    def model_dump_json(self) -> str: ...

    @classmethod
    def model_validate_json(cls, json_data: bytes, /) -> Self: ...


T = TypeVar("T", bound=Keyed)


class RecordFile(Generic[T]):
    """A last line that was cut off is dropped and `notice` says so; other damage raises."""

    what: ClassVar[str]  # one of them, in messages

    def __init__(self, path: Path, kind: type[T], *, replay: bool = False, first: int | None = None) -> None:
        """With `first`, only that many are known: those that there were at an earlier time."""
        self.path, self.replay = path, replay
        self.notice: str | None = None
        self._kind, self._first = kind, first
        self._known: dict[str, T] = {}
        self._whole, self._gap = 0, b""  # bytes that hold whole lines, and what the next one must begin with
        with explained(path, "read"):
            content = path.read_bytes() if path.exists() else b""
        self._read(content)

    def get(self, key: str) -> T | None:
        """None means: find it out. Raises ReplayMiss where that is not allowed."""
        record = self._known.get(key)
        if record is None and self.replay:
            raise ReplayMiss(
                f"{self.path} does not hold {self.what} {key[:12]}…: the run's settings or prompts have "
                "changed since, or it was not finished. Resume it instead of replaying it"
            )
        return record

    def check_room(self) -> None:
        """Before anything is paid for: can its result be kept?"""
        require_room(self.path)

    def append(self, record: T) -> None:
        self._restore()
        line = self._gap + record.model_dump_json().encode() + b"\n"
        with explained(self.path, "write"), self.path.open("r+b" if self.path.exists() else "w+b") as file:
            file.truncate(self._whole)
            file.seek(self._whole)
            try:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                file.truncate(self._whole)  # no half line stays behind
                raise
        self._whole, self._gap = self._whole + len(line), b""
        self._known.setdefault(record.key, record)

    def _restore(self) -> None:
        """Write what is known again where somebody has deleted or cut the file: it may have been paid for."""
        with explained(self.path, "write"):
            if self._whole and (not self.path.exists() or self.path.stat().st_size < self._whole):
                content = b"".join(one.model_dump_json().encode() + b"\n" for one in self._known.values())
                self.path.write_bytes(content)
                self._whole, self._gap = len(content), b""

    def _read(self, content: bytes) -> None:
        *lines, rest = content.split(b"\n")
        for number, line in enumerate(lines, start=1):
            try:
                self._know(line)
            except ValidationError as error:
                raise RunError(self._damage(number, error)) from error
        self._whole = len(content) - len(rest)
        if rest:
            self._read_rest(rest)

    def _read_rest(self, rest: bytes) -> None:
        """What follows the last line's end: a record that lacks only its line's end, or half a one."""
        try:
            self._know(rest)
        except ValidationError:
            self.notice = (
                f"{self.path}: the last {self.what} was cut off while it was written, and is made again"
            )
        else:
            self._whole, self._gap = self._whole + len(rest), b"\n"

    def _know(self, line: bytes) -> None:
        record = self._kind.model_validate_json(line)
        if self._first is None or len(self._known) < self._first:
            self._known.setdefault(record.key, record)

    def _damage(self, number: int, error: ValidationError) -> str:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        return (
            f"{self.path}, line {number}: no recorded {self.what} ({f'{where}: ' if where else ''}"
            f"{first['msg']}). Restore the file, or delete that line and resume: only that is made again"
        )
