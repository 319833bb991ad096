"""Runs tools in processes of their own, so that nothing from outside is computed where others are served.

A place is held until the work has ended or its process was killed: giving up is ending. Callers take turns,
and cheap tools have a place beside the others. What a worker sends back is JSON.
"""

import asyncio
import json
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from typing import Any, Final, NoReturn, Protocol, Self

from pydantic import BaseModel

from tools import Tool, ToolError
from tools.processes import YIELDS, environment, settle

PLACES: Final = 2
MOST_SECONDS: Final = 60.0
MOST_WAITING: Final = 8
CLOSES_S: Final = 10.0
MEMORY: Final = 4 << 30
"""Bytes of data that a worker may have."""
SERVE: Final = "from tools.runner import serve; serve()"
LONGEST: Final = 300
"""Characters of an error that nobody foresaw."""

Answer = tuple[str, str]
"""What became of it ("result", "refused" or "broke off"), and the result's JSON or the reason."""


class TooSlow(ToolError):
    """The tool gave no result in time, and was ended."""


class BrokeOff(Exception):
    """The tool has a fault: whoever runs the service finds it in the log."""


class TooMany(ToolError):
    """Too much of this caller's waits already."""


class RunsTools(Protocol):
    """Whoever has tools computed elsewhere."""

    async def run(
        self, tool: Tool, arguments: BaseModel, caller: str, *, seconds: float | None = None
    ) -> dict[str, Any]:
        """Return the result as JSON has it. Cancelled, it ends the work. Raises ToolError or BrokeOff."""
        ...


class Runner:
    """Thread-safe: REST, MCP and the runs of a service share one, whatever event loop each has.

    Nothing is started before the first use. A context manager; its end ends the processes.
    """

    def __init__(
        self, *, seconds: float = MOST_SECONDS, places: int = PLACES, waiting: int = MOST_WAITING
    ) -> None:
        """`waiting` uses of one caller may wait."""
        self._seconds = seconds
        self._heavy, self._light = Turns(places, waiting), Turns(1, waiting, yields=0)
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def callers_waiting(self) -> tuple[str, ...]:
        """Return who waits for a place among tools that are not cheap; whose turn is next stands first."""
        return self._heavy.callers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def run(
        self, tool: Tool, arguments: BaseModel, caller: str, *, seconds: float | None = None
    ) -> dict[str, Any]:
        """Return the result as JSON has it. Cancelled, it ends the work.

        Raises ToolError: what the tool refused, TooSlow, or TooMany. Raises BrokeOff for a fault of the tool.
        """
        return await asyncio.wrap_future(self.submit(tool, arguments, caller, seconds))

    def submit(
        self, tool: Tool, arguments: BaseModel, caller: str, seconds: float | None = None
    ) -> Future[dict[str, Any]]:
        """Begin the same for who does not wait in an event loop."""
        work = self._run(tool, arguments, caller, seconds or self._seconds)
        return asyncio.run_coroutine_threadsafe(work, self._running())

    async def _run(self, tool: Tool, arguments: BaseModel, caller: str, seconds: float) -> dict[str, Any]:
        turns = self._light if getattr(tool, "cheap", False) else self._heavy
        worker = await turns.take(caller)
        try:
            kind, said = await worker.ask(tool, arguments, seconds)
        finally:
            turns.give_back(worker)
        if kind == "result":
            content: dict[str, Any] = json.loads(said)
            return content
        raise ToolError(said) if kind == "refused" else BrokeOff(said)

    def _running(self) -> asyncio.AbstractEventLoop:
        """Return the loop in whose thread the processes are started: they die with that thread."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, daemon=True, name="runs tools").start()
            return self._loop

    def close(self) -> None:
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is not None:
            asyncio.run_coroutine_threadsafe(self._end(), loop).result(CLOSES_S)
            loop.call_soon_threadsafe(loop.stop)

    async def _end(self) -> None:
        works = asyncio.all_tasks() - {asyncio.current_task()}
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)
        self._heavy.close()
        self._light.close()


class Turns:
    """So many places, each with a worker, given to callers in turn."""

    def __init__(self, places: int, waiting: int, yields: int = YIELDS) -> None:
        self._free = [ToolWorker(yields) for _ in range(places)]
        self._all, self._most = tuple(self._free), waiting
        self._queues: dict[str, deque[asyncio.Future[ToolWorker]]] = {}  # whose turn is next stands first

    @property
    def callers(self) -> tuple[str, ...]:
        return tuple(self._queues)

    async def take(self, caller: str) -> "ToolWorker":
        """Wait for a place. Raises TooMany."""
        if self._free:
            return self._free.pop()
        queue = self._queues.setdefault(caller, deque())
        if len(queue) >= self._most:
            raise TooMany(f"{self._most} uses of yours wait already: ask again when some have ended")
        turn: asyncio.Future[ToolWorker] = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back(turn.result())
            raise

    def give_back(self, worker: "ToolWorker") -> None:
        while self._queues:
            caller = next(iter(self._queues))
            queue = self._queues.pop(caller)
            turn = queue.popleft()
            if queue:
                self._queues[caller] = queue  # behind the others
            if not turn.done():
                turn.set_result(worker)
                return
        self._free.append(worker)

    def close(self) -> None:
        for worker in self._all:
            worker.end()


class ToolWorker:
    """A process that runs tools one after the other: started when needed, and again after it was ended."""

    def __init__(self, yields: int) -> None:
        self._yields = yields
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None

    async def ask(self, tool: Tool, arguments: BaseModel, seconds: float) -> Answer:
        """Raises TooSlow, also where the process died. Whatever ends the wait early ends the process."""
        finished = False
        try:
            connection = self._connect()
            await asyncio.to_thread(connection.send, (tool, arguments))
            async with asyncio.timeout(seconds):
                await _readable(connection)
                answer: Answer = json.loads(await asyncio.to_thread(connection.recv_bytes))
            finished = True
        except TimeoutError as error:
            raise TooSlow(f"{tool.name} gave no result within {seconds:.0f} s") from error
        except (EOFError, OSError) as error:
            raise TooSlow(f"{tool.name} was ended: it needs more memory or time than it may use") from error
        finally:
            if not finished:
                self.end()
        return answer

    def _connect(self) -> Connection:
        if self._connection is None:
            ours, theirs = Pipe()
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-P", "-c", SERVE, str(theirs.fileno()), str(self._yields)],
                pass_fds=[theirs.fileno()],
                env=environment(),
                stdin=subprocess.DEVNULL,
            )
            theirs.close()
            self._connection = ours
        return self._connection

    def end(self) -> None:
        """Kill the process, if there is one."""
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._connection = None


class CallerGone(Exception):
    """Whoever asked is gone: nobody reads an answer."""


async def _readable(connection: Connection) -> None:
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(connection.fileno(), ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(connection.fileno())


async def unless_gone(
    work: Awaitable[dict[str, Any]], gone: Callable[[], Awaitable[object]]
) -> dict[str, Any]:
    """Do the work. Cancels it and raises CallerGone when the caller is gone before it is done."""
    task, watch = asyncio.ensure_future(work), asyncio.ensure_future(gone())
    try:
        await asyncio.wait((task, watch), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        task.cancel()
        await asyncio.wait((task,))
        raise CallerGone
    finally:
        task.cancel()
        watch.cancel()


# ---- in the worker


def serve() -> None:
    """Answer until the parent goes. Arguments: the connection's descriptor, how far it yields."""
    settle(MEMORY, yields=int(sys.argv[2]))
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # the parent went
        _serve(Connection(int(sys.argv[1])))


def _serve(connection: Connection) -> NoReturn:
    while True:
        tool, arguments = connection.recv()
        connection.send_bytes(json.dumps(_run(tool, arguments)).encode())


def _run(tool: Tool, arguments: BaseModel) -> Answer:
    try:
        return "result", tool.run(arguments).model_dump_json()
    except ToolError as error:
        return "refused", " ".join(str(error).split())
    except MemoryError:
        return "refused", f"{tool.name} needs more memory than it may use for this: ask for less"
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a tool is foreign code
        said = " ".join(str(error).split())[:LONGEST]
        return "broke off", f"{tool.name} broke off ({type(error).__name__}: {said})"
