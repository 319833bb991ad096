"""What became of each file that was to be added."""

from dataclasses import dataclass
from enum import StrEnum


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
