"""What an evaluation says: every number with its count, its interval and what real data score."""

from pydantic import Field

from tools.generation.schema import LossReason, SampleKind, Stage
from tools.strict import Strict


class Interval(Strict):
    """95 % of bootstrap draws lie in it."""

    low: float
    high: float


class Measure(Strict):
    """One number of one rule set."""

    name: str
    title: str
    value: float | None = Field(description="none: it could not be had, and the note says why")
    unit: str = ""
    lower_is_better: bool = False
    over: str = Field(description="what it is a fraction or a mean of, or what is compared")
    n: int = Field(description="how many of them")
    interval: Interval | None = None
    real: float | None = Field(default=None, description="the same measure of real data, by the same code")
    floor: float | None = Field(default=None, description="distance between halves of the real data")
    note: str = ""


class FunnelStep(Strict):
    """How many samples reached a stage; none where it was not judged."""

    stage: Stage
    count: int | None


class LossCount(Strict):
    stage: Stage
    reason: LossReason
    count: int
    examples: tuple[str, ...] = Field(default=(), description="'#number: detail', the first few")


class RuleSetScores(Strict):
    """One rule set's view of the samples."""

    rules: str
    title: str
    source: str
    note: str
    settings: dict[str, str] = Field(description="tolerances and tables by name")
    requested: int
    funnel: tuple[FunnelStep, ...]
    losses: tuple[LossCount, ...]
    measures: tuple[Measure, ...]

    def measure(self, name: str) -> Measure:
        """Raises KeyError."""
        found = next((m for m in self.measures if m.name == name), None)
        if found is None:
            raise KeyError(f"{name}: {self.rules} measures {', '.join(m.name for m in self.measures)}")
        return found


class FileNote(Strict):
    """A set that samples were compared with."""

    name: str
    entries: int
    unread: int = Field(default=0, description="entries that cannot be read: nothing is compared with them")
    sha256: str

    @property
    def told(self) -> str:
        """Its name, and what of it nothing was compared with."""
        return (
            f"{self.name} ({self.unread:,} of {self.entries:,} entries unreadable)"
            if self.unread
            else self.name
        )


class Provenance(Strict):
    """All that the numbers depend on beside the samples."""

    versions: dict[str, str]
    reference: FileNote | None
    training: FileNote | None
    seed: int
    seconds: float = Field(description="limit of time for one sample")
    repair: bool


class Evaluation(Strict):
    """What a file of strings, or a generator, is worth."""

    kind: SampleKind
    requested: int
    repaired: int
    scored: tuple[RuleSetScores, ...]
    provenance: Provenance

    def of(self, rules: str) -> RuleSetScores:
        """Raises KeyError."""
        return {scored.rules: scored for scored in self.scored}[rules]
