"""Which files of the given paths are read, what they are called in the library, and what became of each."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple


class File(NamedTuple):
    path: Path
    name: str


def walk(paths: Iterable[Path]) -> Iterator[File]:
    """Files in order, folders with all that is in them. What is hidden is left out; links are not followed.

    A file's name begins with the folder that was given, and tells nothing of where that lies.
    """
    for given in paths:
        root = given.expanduser().absolute()
        if not root.is_dir():
            yield File(root, root.name)
            continue
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                if not name.startswith("."):
                    path = Path(folder) / name
                    yield File(path, path.relative_to(root.parent).as_posix())


class FileStatus(StrEnum):
    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"  # the same bytes as when it was added
    DUPLICATE = "duplicate"  # the same bytes as another file
    SKIPPED = "skipped"  # no kind of file that is read
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """`problems` are of parts of a file; `reason` is why all of it was not taken."""

    name: str
    status: FileStatus
    documents: int = 0
    passages: int = 0
    reason: str | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """One outcome a file, in the order in which they were read."""

    outcomes: tuple[FileOutcome, ...]

    def count(self, status: FileStatus) -> int:
        return sum(outcome.status is status for outcome in self.outcomes)
