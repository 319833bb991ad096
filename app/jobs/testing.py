"""Long tests of claims: measured in a process of their own, begun anew after a crash."""

import asyncio
from contextlib import suppress

from pydantic import Field

from app.jobs.state import RunState
from app.jobs.tasks import Done, Task
from app.jobs.watching import Stop
from tools.experiments import Result
from tools.experiments.tool import TEST_CLAIM, ToTest
from tools.runner import Runner

LONGEST = 3600.0  # s of one core
BESIDE_S = 120.0  # of choosing an instrument, and on a machine with other work


class LongTest(ToTest):
    """A claim, and what its test may take."""

    seconds: float = Field(default=60.0, gt=0, le=LONGEST, description="of one core")


class Bench:
    """One test at once; tools that people wait for have processes of their own."""

    def __init__(self) -> None:
        self._runner = Runner(places=1)

    def perform(self, task: Task, stop: Stop) -> Done:
        """Measure. Raises ToolError where the claim cannot be tested at all, or it takes too long."""
        claim = LongTest.model_validate_json(task.asked)
        result = asyncio.run(self._measure(claim, task.owner, stop))
        if result is None:
            return Done(state=RunState.CANCELLED)
        return Done(result=result.model_dump_json())

    async def _measure(self, claim: LongTest, owner: str, stop: Stop) -> Result | None:
        """Return None where somebody stopped it, and the process is ended."""
        seconds = 2 * claim.seconds + BESIDE_S
        with suppress(asyncio.CancelledError):
            stop.arm()
            return Result.model_validate(await self._runner.run(TEST_CLAIM, claim, owner, seconds=seconds))
        return None

    def close(self) -> None:
        self._runner.close()
