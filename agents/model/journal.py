"""Every answered call of a run, one JSON line each, on disk before anyone uses the answer."""

import os
import shutil
from pathlib import Path

from pydantic import ValidationError

from agents.errors import ReplayMiss, RunError
from agents.files import explained
from agents.schema import Call

ROOM = 4 << 20  # bytes that must be free before a call is paid for: its answer has to fit on the disk


class Journal:
    """calls.jsonl. A last line that was cut off is dropped and `notice` says so; other damage is an error."""

    def __init__(self, path: Path, *, replay: bool = False) -> None:
        self.path, self.replay = path, replay
        self.notice: str | None = None
        self._calls: dict[str, Call] = {}
        self._whole, self._gap = 0, b""  # bytes that hold whole calls, and what the next one must begin with
        with explained(path, "read"):
            content = path.read_bytes() if path.exists() else b""
        self._read(content)

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(self._calls.values())

    def get(self, key: str) -> Call | None:
        """The recorded call; None means: ask the model. Raises ReplayMiss where that is not allowed."""
        call = self._calls.get(key)
        if call is None and self.replay:
            raise ReplayMiss(
                f"{self.path} does not hold call {key[:12]}…: the run's settings or prompts have changed "
                "since, or it was not finished. Resume it instead of replaying it"
            )
        return call

    def check_room(self) -> None:
        """Before a call is paid for: can its answer be kept?"""
        with explained(self.path, "write"):
            free = shutil.disk_usage(self.path.parent).free
        if free < ROOM:
            raise RunError(
                f"cannot write {self.path}: the disk is full ({free:,} bytes free); "
                "free some space and resume, what is finished is kept"
            )

    def append(self, call: Call) -> None:
        line = self._gap + call.model_dump_json().encode() + b"\n"
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
        self._calls.setdefault(call.key, call)

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
        """What follows the last line's end: a call that lacks only its line's end, or half a call."""
        try:
            self._know(rest)
        except ValidationError:
            self.notice = f"{self.path}: the last call was cut off while it was written, and is made again"
        else:
            self._whole, self._gap = self._whole + len(rest), b"\n"

    def _know(self, line: bytes) -> None:
        call = Call.model_validate_json(line)
        self._calls.setdefault(call.key, call)

    def _damage(self, number: int, error: ValidationError) -> str:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        return (
            f"{self.path}, line {number}: no recorded call ({f'{where}: ' if where else ''}{first['msg']}). "
            f"Restore the file, or delete that line and resume: only its call is made again"
        )
