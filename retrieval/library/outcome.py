"""What became of each file that was to be added."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"  # the same bytes as when it was added
    DUPLICATE = "duplicate"  # the same bytes as another file
    SKIPPED = "skipped"  # no kind of file that is read
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`problems` are of parts of a file; `reason` is why all of it was not taken."""

    name: str
    status: Status
    documents: int = 0
    passages: int = 0
    reason: str | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """One outcome a file, in the order in which they were read."""

    outcomes: tuple[Outcome, ...]

    def count(self, status: Status) -> int:
        return sum(outcome.status is status for outcome in self.outcomes)
