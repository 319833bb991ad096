"""A run at a glance, folded from its events."""

from pydantic import Field

from agents.model import EventKind
from agents.schema import Perspective, Strict
from app.jobs.events import CallEvent, JoinedEvent, OutcomeEvent, PlanEvent, RunEvent, StageEvent

DOING = {
    EventKind.SENT: "asked",
    EventKind.TOKENS: "being written",
    EventKind.RETRY: "asked again",
    EventKind.UNREADABLE: "unreadable, asked again",
    EventKind.ANSWERED: "done",
    EventKind.RECALLED: "taken from the run's folder",
    EventKind.PLANNED: "being measured",
    EventKind.TESTED: "has its verdict",
}


class PerspectiveProgress(Strict):
    """One perspective on its way."""

    key: str
    role: str
    framework: str
    discipline: str
    doing: str = Field(default="", description="what was last heard of it, for a reader")
    tokens: int = Field(default=0, description="paid for, prompts and answers")
    writing: int = Field(default=0, description="tokens of the answer that is being written")
    score: float | None = None
    failed: str | None = Field(default=None, description="why it gave no hypothesis")


class StageProgress(Strict):
    """Something that concerns all hypotheses at once."""

    name: str
    done: int
    total: int


class JobProgress(Strict):
    perspectives: int = 0
    finished: int = Field(default=0, description="with a hypothesis")
    failed: int = 0
    best: float | None = Field(default=None, description="best score so far, 0 to 100")
    stage: StageProgress | None = None
    rows: list[PerspectiveProgress] = Field(default_factory=list)


class ProgressTracker:
    """Takes events as they come."""

    def __init__(self) -> None:
        self._rows: dict[str, PerspectiveProgress] = {}
        self._stage: StageProgress | None = None

    def add(self, event: RunEvent) -> None:
        match event:
            case PlanEvent():
                for perspective in event.perspectives:
                    self._begin(perspective)
            case JoinedEvent():
                self._begin(event.perspective)
            case CallEvent():
                self._hear(event)
            case OutcomeEvent():
                self._end(event)
            case StageEvent():
                self._stage = StageProgress(name=event.stage, done=event.done, total=event.total)
            case _:
                pass

    @property
    def progress(self) -> JobProgress:
        rows = list(self._rows.values())
        scores = [row.score for row in rows if row.score is not None]
        return JobProgress(
            perspectives=len(rows),
            finished=len(scores),
            failed=sum(row.failed is not None for row in rows),
            best=max(scores, default=None),
            stage=self._stage,
            rows=rows,
        )

    def _begin(self, perspective: Perspective) -> None:
        """A run that was taken up again tells its plan again: the row stays."""
        self._rows.setdefault(
            perspective.key,
            PerspectiveProgress(
                key=perspective.key,
                role=perspective.role,
                framework=perspective.framework,
                discipline=perspective.discipline.label,
            ),
        )

    def _hear(self, event: CallEvent) -> None:
        row = self._rows.get(event.who.partition("/")[0])
        if row is None:
            return
        paid = event.tokens if event.kind is EventKind.ANSWERED else 0
        writing = event.tokens if event.kind is EventKind.TOKENS else 0
        doing = f"{event.step}: {event.reason if event.kind is EventKind.TESTED else DOING[event.kind]}"
        self._rows[row.key] = row.model_copy(
            update={"doing": doing, "tokens": row.tokens + paid, "writing": writing}
        )

    def _end(self, event: OutcomeEvent) -> None:
        if row := self._rows.get(event.key):
            ended = {"score": event.score, "failed": event.reason, "writing": 0}
            self._rows[row.key] = row.model_copy(update=ended)
