"""Runs tools and keeps what they say: a use that is recorded is never repeated, and a replay runs none."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import ClassVar

from pydantic import BaseModel

from agents.model.keys import content_key
from agents.model.reading import clean
from agents.records import Records
from agents.schema import Evidence, Strict
from tools import Tool, ToolError

MOST_SECONDS = 60.0  # for one use, unless whoever asks says otherwise; a slower one is reported as failed
AT_ONCE = 4  # uses of one tool that run: more would take each other's time
LONGEST_REASON = 300


class ToolUse(Strict):
    """One use of a tool: what was asked of it decides the key."""

    key: str
    evidence: Evidence


class ToolUses(Records[ToolUse]):
    """evidence.jsonl"""

    what: ClassVar[str] = "tool result"

    def __init__(self, path: Path, *, replay: bool = False) -> None:
        super().__init__(path, ToolUse, replay=replay)


class Toolbox:
    """The tools of one run."""

    def __init__(self, tools: Sequence[Tool], uses: ToolUses) -> None:
        self.tools, self._uses = tools, uses
        self._by_name = {tool.name: tool for tool in tools}
        self._free: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(AT_ONCE))
        self._using: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def use(self, name: str, arguments: BaseModel, *, seconds: float | None = None) -> Evidence:
        """What the tool says within so many seconds, a failure included. Of two that ask the same, one waits.

        Raises ReplayMiss, or RunError if the result cannot be recorded.
        """
        return await self.use_own(self._by_name[name], arguments, seconds=seconds)

    async def use_own(self, tool: Tool, arguments: BaseModel, *, seconds: float | None = None) -> Evidence:
        """The same for a tool of ours that no model may call."""
        inputs = json.loads(arguments.model_dump_json())
        key = content_key({"tool": tool.name, "version": tool.version, "arguments": inputs})
        async with self._using[key]:
            known = self._uses.get(key)
            if known is None:
                asked = Evidence(source=f"{tool.name} {tool.version}", inputs=inputs)
                answer = await self._answer(tool, arguments, asked, seconds or MOST_SECONDS)
                known = ToolUse(key=key, evidence=answer)
                self._uses.append(known)
            return known.evidence

    async def _answer(self, tool: Tool, arguments: BaseModel, asked: Evidence, seconds: float) -> Evidence:
        """Waiting for others to be done counts: the seconds are those of whoever asks."""
        try:
            async with asyncio.timeout(seconds), self._free[tool.name]:
                return await _in_background(lambda: _run(tool, arguments, asked))
        except TimeoutError:
            return asked.model_copy(update={"error": f"gave no result within {seconds:.0f} s"})


def _run(tool: Tool, arguments: BaseModel, asked: Evidence) -> Evidence:
    try:
        content = json.loads(tool.run(arguments).model_dump_json())
        return Evidence.model_validate({**dict(asked), "content": content})
    except ToolError as error:
        fault = _in_one_line(error)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a tool is foreign code, and its fault ends no run
        fault = f"broke off ({type(error).__name__}: {_in_one_line(error)})"
    return asked.model_copy(update={"error": fault})


def _in_one_line(error: BaseException) -> str:
    return clean(" ".join(str(error).split()))[:LONGEST_REASON]


async def _in_background(work: Callable[[], Evidence]) -> Evidence:
    """A thread of its own that dies with us: asyncio.to_thread's would hold up the end of the process."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Evidence] = loop.create_future()

    def settle(result: Evidence) -> None:
        if not done.done():  # nobody waits for what comes too late
            done.set_result(result)

    def run() -> None:
        result = work()
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(settle, result)

    Thread(target=run, daemon=True).start()
    return await done
