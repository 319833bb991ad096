"""Long tests of claims and long uses of tools: each in a process of its own, begun anew after a crash."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, Field

from agents.model import Event, EventKind
from agents.schema import Strict
from app.errors import InputError
from app.jobs.errors import Unanswerable
from app.jobs.job import now
from app.jobs.state import RunState
from app.jobs.tasks import LONGEST, QueuedTask, TaskOutcome
from app.jobs.watching import Reporter, StopRequest, unless_stopped
from app.results import keep
from app.tools import ToolResult, find_among, read_arguments, record
from tools import Tool, all_tools
from tools.experiments import ExperimentResult
from tools.experiments.tool import TEST_CLAIM, ToTest
from tools.runner import Runner

BESIDE_S = 120.0  # of choosing an instrument, and on a machine with other work


class LongTest(ToTest):
    """A claim, and what its test may take."""

    seconds: float = Field(default=60.0, gt=0, le=LONGEST, description="of one core")


def as_use(claim: LongTest, result: ExperimentResult) -> ToolResult:
    """Return a test as what the tool said that made it, by which it is kept, cited and published.

    How long it might take is left out: the tool alone allows less, and the plan in the result says it.
    """
    used = record(TEST_CLAIM, claim, result.model_dump(mode="json"))
    asked = {name: value for name, value in used.inputs.items() if name != "seconds"}
    return used.model_copy(update={"inputs": asked})


class TestBench:
    """One test at once; tools that people wait for have processes of their own."""

    def __init__(self, runs: Path) -> None:
        """Results are kept beside `runs`."""
        self._runs = runs
        self._runner = Runner(places=1)

    def perform(self, task: QueuedTask, stop: StopRequest, reporter: Reporter) -> TaskOutcome:
        """Measure. Raises ToolError where the claim cannot be tested at all, or it takes too long."""
        claim = LongTest.model_validate_json(task.asked)
        reporter.noticed(f"an instrument is chosen, and at most {claim.seconds:g} s of a core are measured")
        seconds = 2 * claim.seconds + BESIDE_S
        work = self._runner.run(TEST_CLAIM, claim, task.owner, seconds=seconds)
        content = asyncio.run(unless_stopped(work, stop))
        if content is None:
            return TaskOutcome(state=RunState.CANCELLED)
        result = ExperimentResult.model_validate(content)
        told = f"{result.verdict.value}: {result.reason}"
        reporter.watch(Event(EventKind.TESTED, task.id, "test", reason=told))
        keep(self._runs, task.owner, as_use(claim, result), now())
        return TaskOutcome(result=result.model_dump_json())

    def close(self) -> None:
        self._runner.close()


class ToolUse(Strict):
    """A tool, what it is asked, and how long that may take."""

    tool: str = Field(max_length=100)
    arguments: dict[str, object] = Field(description="as its address under /v1/tools takes them")
    seconds: float = Field(default=600.0, gt=0, le=LONGEST, description="after which it is ended")


class ToolBench:
    """One use at once; tools that people wait for have processes of their own."""

    def __init__(self, runs: Path, tools: Sequence[Tool] | None) -> None:
        """Results are kept beside `runs`; None: all tools that are installed may be used."""
        self._runs, self._tools = runs, tools
        self._runner = Runner(places=1)

    def read(self, use: ToolUse) -> tuple[Tool, BaseModel]:
        """Return the tool and its arguments. Raises Unanswerable."""
        place = "/tool"
        try:
            tool, place = find_among(use.tool, self._tools or all_tools()), "/arguments"
            return tool, read_arguments(tool, json.dumps(use.arguments))
        except InputError as error:
            raise Unanswerable(place, str(error)) from error

    def perform(self, task: QueuedTask, stop: StopRequest, reporter: Reporter) -> TaskOutcome:
        """Use the tool and keep what it says. Raises ToolError, or NotKept where it is too large."""
        use = ToolUse.model_validate_json(task.asked)
        tool, arguments = self.read(use)
        reporter.noticed(f"{tool.name} computes, for at most {use.seconds:g} s")
        work = self._runner.run(tool, arguments, task.owner, seconds=use.seconds)
        content = asyncio.run(unless_stopped(work, stop))
        if content is None:
            return TaskOutcome(state=RunState.CANCELLED)
        return TaskOutcome(result=keep(self._runs, task.owner, record(tool, arguments, content), now()).id)

    def close(self) -> None:
        self._runner.close()
