"""The experiments of a run: each plan on disk before anything is measured, each result before it is used."""

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from agents.records import RecordFile
from agents.schema import FoundInData, Strict
from tools.experiments import Experiment, ExperimentResult, InstrumentMatch, TypedClaim, Verdict


class ExperimentEntry(Strict):
    """A sweep, a plan, or a result, keyed by whose claim it is: planned once, whatever rules come later."""

    key: str = Field(description='"p01 sweep", "p01/c1 plan" or "p01/c1 result"')
    found: FoundInData | None = Field(default=None, description="of a sweep; null: it showed nothing")
    claim: TypedClaim | None = None
    considered: list[InstrumentMatch] = Field(default_factory=list)
    experiment: Experiment | None = Field(
        default=None, description="null in a plan: it cannot be tested here"
    )
    sha256: str | None = Field(default=None, description="of the experiment")
    result: ExperimentResult | None = None


class Experiments(RecordFile[ExperimentEntry]):
    """experiments.jsonl"""

    what: ClassVar[str] = "experiment"

    def __init__(self, path: Path, *, replay: bool = False) -> None:
        super().__init__(path, ExperimentEntry, replay=replay)

    @property
    def discoveries(self) -> list[bool]:
        """Of each test that was begun, in order, whether it gave a verdict that may be wrong.

        Verdicts of exact instruments have no error, and tests that measured nothing no verdict.
        """
        begun = [entry.key.removesuffix(" plan") for entry in self._known.values() if entry.experiment]
        results = {who: entry.result for who in begun if (entry := self._known.get(f"{who} result"))}
        counted = [result for who in begun if not _is_exact(result := results.get(who))]
        return [result is not None and result.verdict in _DECIDED for result in counted]


_DECIDED = {Verdict.SURVIVED, Verdict.REFUTED}


def _is_exact(result: ExperimentResult | None) -> bool:
    """Whether it uses no share of the error rate up."""
    if result is None:
        return False
    return result.verdict is Verdict.OUTSIDE or (result.verdict in _DECIDED and result.p_value is None)
