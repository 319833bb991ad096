"""Long uses of tools, such as generating or judging many structures: in a process, kept, begun anew."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from agents.schema import Strict
from app.errors import InputError
from app.jobs.errors import Unanswerable
from app.jobs.job import now
from app.jobs.state import RunState
from app.jobs.tasks import Done, Task
from app.jobs.watching import Reporter, Stop
from app.results import keep
from app.tools import find_among, read_arguments, record
from tools import Tool, all_tools
from tools.runner import Runner

LONGEST = 3600.0  # s


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

    def perform(self, task: Task, stop: Stop, reporter: Reporter) -> Done:
        """Use the tool and keep what it says. Raises ToolError, or NotKept where it is too large."""
        use = ToolUse.model_validate_json(task.asked)
        tool, arguments = self.read(use)
        reporter.noticed(f"{tool.name} computes, for at most {use.seconds:g} s")
        content = asyncio.run(self._compute(tool, arguments, task.owner, use.seconds, stop))
        if content is None:
            return Done(state=RunState.CANCELLED)
        return Done(result=keep(self._runs, task.owner, record(tool, arguments, content), now()).id)

    async def _compute(
        self, tool: Tool, arguments: BaseModel, owner: str, seconds: float, stop: Stop
    ) -> dict[str, Any] | None:
        """Return None where somebody stopped it, and the process is ended."""
        with suppress(asyncio.CancelledError):
            stop.arm()
            return await self._runner.run(tool, arguments, owner, seconds=seconds)
        return None

    def close(self) -> None:
        self._runner.close()
