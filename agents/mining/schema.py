"""What mining keeps: pairs, what was answered, jobs and their cells."""

from enum import StrEnum

from pydantic import Field

from agents.schema import ConceptRef, Strict, Transfer, TransferVerdict


class TransferPair(Strict):
    """A method of a discipline and a problem of another, before anybody is asked."""

    id: str = Field(description="SHA-256 of the two URIs and disciplines, 32 digits")
    method: ConceptRef
    home: ConceptRef = Field(description="the discipline that the method is taken from")
    target: ConceptRef
    field: ConceptRef = Field(description="the target's discipline")
    methods_facet: str
    targets_facet: str
    fit: float = Field(description="the selection's score, comparable within a cell only")
    distance: int = Field(description="steps between the two in PhySH; -1: no chain joins them")


class KnownUse(Strict):
    """A work that a search for the two names together gave. Nobody has read it."""

    title: str
    source: str


class TransferFinding(Strict):
    """What was answered for a pair. More than one answer: the one in the middle, and the spread of all."""

    transfer: Transfer
    mark: float = Field(ge=0, le=100, description="mean of the marks 1 to 5, mapped to 0–100, over answers")
    spread: float | None = Field(description="standard deviation over answers; null for one answer")
    verdicts: list[TransferVerdict]
    model: str
    known_uses: list[KnownUse] | None = Field(description="null: nothing was searched")


class PairState(StrEnum):
    OPEN = "open"
    DONE = "done"
    FAILED = "failed"


class Mined(Strict):
    """A pair with what became of it."""

    pair: TransferPair
    state: PairState
    finding: TransferFinding | None = None
    reason: str | None = None
    rating: float | None = Field(
        default=None, description="strength in the tournament of its two disciplines; null: not ranked"
    )
    rating_low: float | None = None
    rating_high: float | None = None


class CellState(StrEnum):
    TRIED = "tried"
    SKIPPED = "skipped"
    FAILED = "failed"
    WAITING = "waiting"


class Cell(Strict):
    """A discipline's methods against another's problems, for one crossing of facets."""

    home: ConceptRef
    field: ConceptRef
    methods_facet: str
    targets_facet: str
    candidates: int = Field(ge=0)
    chosen: int = Field(ge=0)
    reason: str | None = Field(default=None, description="why nothing of it is tried")


class CellReport(Cell):
    """And what became of it."""

    state: CellState
    done: int
    failed: int


class JobState(StrEnum):
    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    BUDGET = "budget spent"
    CANCELLED = "cancelled"
    DONE = "done"

    @property
    def is_over(self) -> bool:
        """It can be neither paused nor cancelled any more."""
        return self in {JobState.CANCELLED, JobState.DONE}


class MiningProgress(Strict):
    """Of one job, now."""

    job: str
    state: JobState
    pairs: int
    done: int
    failed: int
    calls: int = Field(description="paid for by this job")
    tokens: int
    cost_usd: float | None = Field(description="null: not known")
    per_minute: float | None = Field(default=None, description="pairs ended a minute, over the last start")
    seconds_left: float | None = Field(default=None, description="at that pace; null: it does not run")
    failures: dict[str, int] = Field(default_factory=dict, description="by reason")
