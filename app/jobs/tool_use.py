"""Long uses of tools, such as generating or judging many structures: in a process, kept, begun anew."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, Field

from agents.schema import Strict
from app.errors import InputError
from app.jobs.errors import Unanswerable
from app.jobs.job import now
from app.jobs.state import RunState
from app.jobs.tasks import LONGEST, QueuedTask, TaskOutcome
from app.jobs.watching import Reporter, StopRequest, unless_stopped
from app.results import keep
from app.tools import find_among, read_arguments, record
from tools import Tool, all_tools
from tools.runner import Runner


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
