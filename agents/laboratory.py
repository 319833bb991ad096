"""Where claims are tested: the instruments there are, and how an experiment on them is planned and run."""

from collections.abc import Callable
from typing import Protocol

from tools.experiments import Experiment, Match, Result, Shortlist, TypedClaim


class Laboratory(Protocol):
    """What the test step needs. A replay needs none of it."""

    def shortlist(self, claim: TypedClaim) -> Shortlist:
        """Return the instruments that could test a claim, best first, and what a rule would do."""
        ...

    def plan(
        self,
        claim: TypedClaim,
        match: Match,
        *,
        error_rate: float,
        seed: int,
        seconds: float,
        revises: Experiment | None,
    ) -> Experiment:
        """Return the experiment, before anything is measured. One that `revises` has fresh conditions.

        Raises ToolError where the claim's settings lie outside the instrument.
        """
        ...

    def run(self, experiment: Experiment, stopped: Callable[[], bool]) -> Result:
        """Measure and compare. Ends early, with any result, once `stopped` says so."""
        ...
