"""The experiments of a run: each plan on disk before anything is measured, each result before it is used."""

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from agents.records import Records
from agents.schema import Strict
from tools.experiments import Experiment, Match, Result, TypedClaim


class Entry(Strict):
    """A plan, or a result. Keyed by whose claim it is: planned once, whatever rules plan it later."""

    key: str = Field(description='"p01/c1 plan" or "p01/c1 result"')
    claim: TypedClaim | None = None
    considered: list[Match] = Field(default_factory=list)
    experiment: Experiment | None = Field(
        default=None, description="null in a plan: it cannot be tested here"
    )
    sha256: str | None = Field(default=None, description="of the experiment")
    result: Result | None = None


class Experiments(Records[Entry]):
    """experiments.jsonl"""

    what: ClassVar[str] = "experiment"

    def __init__(self, path: Path, *, replay: bool = False) -> None:
        super().__init__(path, Entry, replay=replay)
