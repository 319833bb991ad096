"""What is said of representations that were tried."""

from pydantic import Field

from tools.strict import Strict


class RepresentationTrial(Strict):
    """One representation with the learner that was best for it inside the training rows."""

    representation: str
    title: str
    learner: str = Field(description="chosen on a fifth of the training rows, fold by fold")
    numbers: int = Field(description="that describe a row")
    error: float = Field(description="of held-out rows, in the measure and unit of the choice")
    low: float = Field(description="95 % interval over resampled rows")
    high: float
    folds: list[float] = Field(description="the error of each fold")
    describing: float = Field(description="milliseconds of processor time for a row")
    learning: float = Field(description="seconds of processor time for all folds, the search included")
    loses: list[str]
    source: str
    enough: bool = Field(description="no representation is better than it beyond the noise of resampling")


class SkippedRepresentation(Strict):
    """A representation that was not tried."""

    representation: str
    reason: str


class RepresentationChoice(Strict):
    """Representations by error, and which is enough."""

    target: str
    unit: str
    measure: str = Field(description="mean absolute error, or 1 − ROC-AUC where the target has two values")
    rows: int
    floor: float = Field(description="of the median of the training rows, which looks at nothing")
    invariances: list[str] = Field(description="that a representation had to have")
    trials: list[RepresentationTrial] = Field(description="the best first")
    left_out: list[SkippedRepresentation]
    enough: str | None = Field(description="the one with the fewest numbers that is enough")
    notes: list[str]
