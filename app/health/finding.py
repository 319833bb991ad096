"""One thing that was looked at."""

from enum import StrEnum

from agents.schema import Strict


class FindingState(StrEnum):
    OK = "ok"
    WARN = "warn"  # works, or will after a download
    MISSING = "missing"


class HealthFinding(Strict):
    what: str
    state: FindingState
    found: str
    mend: str | None = None
