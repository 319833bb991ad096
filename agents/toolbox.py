"""Runs tools and keeps what they say: a use that is recorded is never repeated, and a replay runs none."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel

from agents.model.journal import content_key
from agents.model.reading import clean
from agents.records import RecordFile
from agents.schema import Evidence, Strict
from tools import Tool, ToolError, all_tools

if TYPE_CHECKING:
    from tools.runner import RunsTools

MOST_WAITING = 8  # uses of one run that are handed to the runner at once
MOST_SECONDS = 60.0  # for one use, unless whoever asks says otherwise; a slower one is reported as failed
AT_ONCE = 4  # threads of one tool: more would take each other's time
LONGEST_REASON = 300


class RecordedToolUse(Strict):
    """One use of a tool: what was asked of it decides the key."""

    key: str
    evidence: Evidence


class ToolUses(RecordFile[RecordedToolUse]):
    """evidence.jsonl"""

    what: ClassVar[str] = "tool result"

    def __init__(self, path: Path, *, replay: bool = False) -> None:
        super().__init__(path, RecordedToolUse, replay=replay)

    def recall(self, key: str, tool: str, inputs: dict[str, object]) -> RecordedToolUse | None:
        """The use of that key; in a replay also what another version of the tool said to the same inputs.

        None means: run the tool. Raises ReplayMiss where that is not allowed.
        """
        if self.replay and key not in self._known:
            key = next((use.key for use in self._known.values() if _is_use_of(use, tool, inputs)), key)
        return self.get(key)


def _is_use_of(use: RecordedToolUse, tool: str, inputs: dict[str, object]) -> bool:
    """Arguments that the tool has gained since were not given then."""
    asked = use.evidence
    return asked.source.rpartition(" ")[0] == tool and asked.inputs.items() <= inputs.items()


class Toolbox:
    """The tools of one run. A runner's processes compute those that need nothing of the run."""

    def __init__(
        self, tools: Sequence[Tool], uses: ToolUses, runner: "RunsTools | None" = None, caller: str = ""
    ) -> None:
        """`caller` takes turns with the runner's other callers."""
        self.tools, self._uses, self._runner, self._caller = tools, uses, runner, caller
        self._outside = asyncio.Semaphore(MOST_WAITING)
        self._by_name = {tool.name: tool for tool in tools}
        self._threads: defaultdict[str, _Threads] = defaultdict(_Threads)
        self._using: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def use(self, name: str, arguments: BaseModel, *, seconds: float | None = None) -> Evidence:
        """What the tool says within so many seconds of its start, a failure included. Of twins one waits.

        Raises ReplayMiss, or RunError if the result cannot be recorded.
        """
        return await self.use_own(self._by_name[name], arguments, seconds=seconds)

    async def use_own(self, tool: Tool, arguments: BaseModel, *, seconds: float | None = None) -> Evidence:
        """The same for a tool of ours that no model may call."""
        inputs = json.loads(arguments.model_dump_json())
        key = content_key({"tool": tool.name, "version": tool.version, "arguments": inputs})
        async with self._using[key]:
            known = self._uses.recall(key, tool.name, inputs)
            if known is None:
                asked = Evidence(source=f"{tool.name} {tool.version}", inputs=inputs)
                answer = await self._answer(tool, arguments, asked, seconds or MOST_SECONDS)
                known = RecordedToolUse(key=key, evidence=answer)
                self._uses.append(known)
            return known.evidence

    async def _answer(self, tool: Tool, arguments: BaseModel, asked: Evidence, seconds: float) -> Evidence:
        if self._runner is not None and any(tool is one for one in all_tools()):
            return await self._answer_outside(self._runner, tool, arguments, asked, seconds)
        try:
            return await self._threads[tool.name].run(lambda: _run(tool, arguments, asked), seconds)
        except TimeoutError:
            return asked.model_copy(update={"error": f"gave no result within {seconds:.0f} s"})

    async def _answer_outside(
        self, runner: "RunsTools", tool: Tool, arguments: BaseModel, asked: Evidence, seconds: float
    ) -> Evidence:
        from tools.runner import BrokeOff

        try:
            async with self._outside:
                content = await runner.run(tool, arguments, self._caller, seconds=seconds)
        except (ToolError, BrokeOff) as error:
            return asked.model_copy(update={"error": _in_one_line(error)})
        return Evidence.model_validate({**dict(asked), "content": content})


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


class _Threads:
    """Those of one tool. One that is given up keeps its place until it ends: nothing can stop it.

    They are threads that die with us: asyncio.to_thread's would hold up the end of the process.
    """

    def __init__(self) -> None:
        self._running: set[asyncio.Future[Evidence]] = set()
        self._changed = asyncio.Event()

    async def run(self, work: Callable[[], Evidence], seconds: float) -> Evidence:
        """Raises TimeoutError so many seconds after its start."""
        await self._find_room(seconds)
        done: asyncio.Future[Evidence] = asyncio.get_running_loop().create_future()
        self._running.add(done)
        Thread(target=self._work, args=(work, done), daemon=True).start()
        try:
            async with asyncio.timeout(seconds):
                return await done
        finally:
            self._changed.set()

    async def _find_room(self, seconds: float) -> None:
        """Waits for as long as the others are waited for, then for so many seconds."""
        while len(self._running) >= AT_ONCE:
            given_up = all(done.cancelled() for done in self._running)
            self._changed.clear()
            async with asyncio.timeout(seconds if given_up else None):
                await self._changed.wait()

    def _work(self, work: Callable[[], Evidence], done: "asyncio.Future[Evidence]") -> None:
        result = work()
        with suppress(RuntimeError):  # the loop is closed
            done.get_loop().call_soon_threadsafe(self._end, done, result)

    def _end(self, done: "asyncio.Future[Evidence]", result: Evidence) -> None:
        self._running.discard(done)
        self._changed.set()
        if not done.cancelled():  # nobody waits for what comes too late
            done.set_result(result)
