"""What is asked for and what is answered, as objects."""

from pydantic import Field, model_validator

from tools.strict import Strict

MOST_ROWS = 20_000
MOST_COLUMNS = 60


class Column(Strict):
    """A column of numbers with its unit."""

    name: str = Field(min_length=1, max_length=100)
    unit: str = Field(default="1", max_length=60, description='as pint reads it; "1" where there is none')
    values: list[float | None] = Field(max_length=MOST_ROWS, description="null where a value is missing")


class LawRequest(Strict):
    """A table of columns of one length, and which of them is to be explained by the others."""

    columns: list[Column] = Field(min_length=2, max_length=MOST_COLUMNS)
    target: str = Field(max_length=100, description="name of the column to be explained")
    seconds: float = Field(default=30.0, gt=0, le=45.0, description="of one core")
    seed: int = Field(default=0, ge=0, lt=2**31)

    @model_validator(mode="after")
    def _rectangular(self) -> "LawRequest":
        lengths = {len(column.values) for column in self.columns}
        if len(lengths) > 1:
            raise ValueError(
                f"the columns have {', '.join(map(str, sorted(lengths)))} values: one length is needed"
            )
        return self


class Constant(Strict):
    """A constant of a law, fitted to the rows."""

    symbol: str
    value: float
    low: float = Field(description="lower end of the 95 % interval")
    high: float
    unit: str = Field(description="in SI base units")
    simple: str | None = Field(
        default=None, description="a simple number within the interval, if it is narrow"
    )


class DiscoveredLaw(Strict):
    """A formula between quantities in SI base units."""

    formula: str = Field(description="with the constants' values")
    form: str = Field(description="with the constants' symbols")
    latex: str
    constants: list[Constant]
    variables: list[str]
    error: float = Field(description="root mean square error in the rows it was fitted to, SI")
    relative_error: float = Field(description="the same over the spread (standard deviation) of the target")
    pure: bool = Field(description="whether its constants are plain numbers, so that it holds in all units")
    longer: float = Field(
        default=0.0, description="nats by which its description is longer than the best one"
    )


class VariableRange(Strict):
    """Where a variable's values lie, in SI base units."""

    name: str
    unit: str
    low: float
    high: float


class OutOfRange(Strict):
    """The test on the outer rows, which neither the form nor the constants had seen."""

    rows: int
    law: float = Field(description="mean squared error over the variance of the target in these rows")
    line: float = Field(description="the same of a model that is linear in the variables")
    passed: bool = Field(description="at most twice the error within the range, or below 1 % of the spread")


class Accuracy(Strict):
    """Of a law that tells two kinds of rows apart."""

    fitted: float = Field(description="share of right rows among those it was fitted to")
    validated: float = Field(description="the same for rows left out in turn (ten parts), form kept")
    majority: float = Field(description="share of the commoner kind: the floor")
    above: str = Field(description="the kind that a positive value of the formula means")


class FittedPoint(Strict):
    """One row: what was observed and what the law says, SI."""

    observed: float
    predicted: float
    outer: bool


class LawResult(Strict):
    """What was found, and how far it can be relied on."""

    target: str
    unit: str
    rows: int
    verdict: str
    law: DiscoveredLaw | None = None
    alternatives: list[DiscoveredLaw] = Field(default_factory=list)
    out_of_range: OutOfRange | None = None
    accuracy: Accuracy | None = None
    stability: float | None = Field(
        default=None, description="share of resamples in which the form is the best"
    )
    unexplained: float | None = Field(
        default=None, description="probability of residuals so related to the variables by chance"
    )
    rejected: list[str] = Field(
        default_factory=list, description="variables that the target does not depend on"
    )
    domain: list[VariableRange] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list)
    points: list[FittedPoint] = Field(default_factory=list)
    seconds: float
