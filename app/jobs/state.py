"""Where a question stands. One enum for everybody; docs/service.md has the table of what DBOS calls them."""

from enum import StrEnum


class RunState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"  # there is a report, perhaps a partial one: its own status says so
    FAILED = "failed"
    CANCELLING = "cancelling"  # no new model call is made; what is finished is being written
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self in (RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED)
