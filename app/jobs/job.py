"""A question that was handed in, as the database holds it."""

from datetime import UTC, datetime

from pydantic import Field

from agents.schema import Pins, Status, Strict
from app.jobs.progress import JobProgress
from app.jobs.state import RunState
from app.settings.sections import RunChoices


class JobRequest(Strict):
    """What was handed in. The settings hold what was chosen, and the budget that was granted."""

    question: str
    pins: Pins = Pins()
    settings: RunChoices = RunChoices()
    library: bool = Field(default=True, description="the operator's own papers may be searched")
    parent: str | None = Field(default=None, description="the run that this one is forked from")
    project: str | None = Field(default=None, description="whose library is searched, where it has one")


class Spent(Strict):
    """What a run has cost so far."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = Field(default=0.0, description="null if the price of any call is unknown")

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens


class JobOutcome(Strict):
    """What came of a run, kept so that lists need not open reports."""

    status: Status | None = Field(default=None, description="the report's; null: there is none")
    models: list[str] = Field(default_factory=list)
    progress: JobProgress = JobProgress()
    spent: Spent = Spent()


class Job(Strict):
    number: int
    id: str
    owner: str
    asked: JobRequest
    state: RunState
    created: datetime
    started: datetime | None = None
    finished: datetime | None = None
    reason: str | None = None
    ended: JobOutcome | None = None
    attempt: int = Field(default=0, description="times that it was resumed after its end")

    @property
    def workflow(self) -> str:
        """Its name in the queue, where an attempt that has ended stays ended."""
        return f"{self.id}~{self.attempt}" if self.attempt else self.id

    @property
    def can_be_resumed(self) -> bool:
        """Whether it has ended and something is left to do."""
        whole = self.ended is not None and self.ended.status is Status.COMPLETE
        return self.state.is_final and not whole


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
