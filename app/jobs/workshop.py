"""The workshop as the service has it: in a process of its own, which is begun again when it ends."""

import itertools
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from typing import Any, Final

from pydantic import JsonValue

from agents.mining import Spec
from app.failures import ROOTS
from app.health.finding import Finding, State
from app.jobs.errors import JobError, WorkshopEnded
from app.jobs.feed import Make
from app.jobs.job import Job
from app.jobs.messages import (
    SAID,
    Cancelled,
    Done,
    Failed,
    GivenUp,
    Mining,
    Order,
    Planning,
    Routing,
    Standing,
    Told,
    Use,
    Used,
    Work,
)
from app.jobs.shared import WHAT
from app.jobs.watching import Stop
from app.settings import Settings
from tools import ToolError, all_tools
from tools.processes import environment
from tools.runner import BrokeOff, Runner

SERVE: Final = "from app.jobs.at_work import serve; serve()"
CLOSES_S: Final = 5.0
STARTS: Final = 2  # of one piece of work: what ends its process each time must not do so for ever
HEAPS: Final = {"MALLOC_ARENA_MAX": "2"}
"""Each run has threads of its own, and glibc would keep a heap for each."""
log = logging.getLogger("hypofind")


@dataclass(frozen=True)
class Pending:
    """Work that somebody waits for."""

    done: Future[JsonValue]
    add: Callable[[Make], None] | None


class WorkshopProcess:
    """Thread-safe. Nothing is started before `begin` or the first work."""

    def __init__(self, settings: Settings, runner: Runner) -> None:
        """`runner` computes the tools of every run."""
        self._settings, self._runner = settings, runner
        self._lock, self._sending = threading.Lock(), threading.Lock()
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._pending: dict[int, Pending] = {}
        self._uses: dict[int, Future[dict[str, Any]]] = {}
        self._closing = False
        self.finding = Finding(what=WHAT, state=State.WARN, found="not opened yet …")
        self.is_open = False

    def begin(self) -> None:
        """In the background. What goes wrong is told by `finding`, and tried again when it is needed."""
        with self._lock:
            self._connect()

    # ---- what it does

    def answer(self, job: Job, add: Callable[[Make], None], stop: Stop) -> None:
        """Answer a run, from where its folder is. Raises what its parts raise, or WorkshopEnded."""
        self._do(job, add, stop)

    def mine(self, job: str, add: Callable[[Make], None], stop: Stop) -> None:
        """Run a mining job from where it stands. Raises what its parts raise, or WorkshopEnded."""
        self._do(Mining(job), add, stop)

    def plan(self, spec: Spec, owner: str) -> None:
        """Choose and keep the pairs of a mining job. Raises what its parts raise, or WorkshopEnded."""
        self._do(Planning(spec, owner))

    def route(self, text: str) -> Future[JsonValue]:
        """Begin to find what a text touches; Routed as JSON. Its errors: PhyshError, or WorkshopEnded."""
        return self._order(Routing(text), None, None)

    def close(self) -> None:
        """End the process, when it has ended what it started."""
        with self._lock:
            self._closing = True
            process, connection = self._process, self._connection
        if process is None or connection is None:
            return
        with suppress(OSError), self._sending:
            connection.send(None)
        try:
            process.wait(CLOSES_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _do(
        self, work: Work, add: Callable[[Make], None] | None = None, stop: Stop | None = None
    ) -> JsonValue:
        """Have it done. Work goes on where it stood, so it is begun once more where the process ended."""
        for _ in range(STARTS - 1):
            with suppress(WorkshopEnded):
                return self._order(work, add, stop).result()
        return self._order(work, add, stop).result()

    def _order(self, work: Work, add: Callable[[Make], None] | None, stop: Stop | None) -> Future[JsonValue]:
        pending, number = Pending(Future(), add), next(self._numbers)
        pending.done.set_running_or_notify_cancel()  # who gives up waiting leaves it to end
        with self._lock:
            connection = self._connect()
            self._pending[number] = pending
        self._send(connection, Order(number, work))
        if stop:
            stop.ends(lambda: self._send(connection, Cancelled(number)))
        return pending.done

    def _send(self, connection: Connection, said: Order | Cancelled | Used) -> None:
        with suppress(OSError), self._sending:  # it ended: who reads from it tells those who wait
            connection.send(said)

    # ---- the process

    def _connect(self) -> Connection:
        """Return the way to the process, begun where there is none. Raises WorkshopEnded at the very end."""
        if self._closing:
            raise WorkshopEnded("the service ends")
        if self._connection is None:
            begun: Future[Connection] = Future()
            threading.Thread(target=self._run, args=(begun,), daemon=True, name="hears the workshop").start()
            self._connection = begun.result()
        return self._connection

    def _run(self, begun: Future[Connection]) -> None:
        """Start it and hear it until it ends: it dies with the thread that started it."""
        try:
            ours, theirs = Pipe()
            process = self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-c", SERVE, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=environment() | HEAPS,
                stdin=subprocess.DEVNULL,
            )
            theirs.close()
            ours.send(self._settings)
        except BaseException as error:
            begun.set_exception(error)
            raise
        begun.set_result(ours)
        try:
            while True:
                self._hear(ours, ours.recv_bytes())
        except (EOFError, OSError):  # it ended
            process.wait()
        finally:
            process.kill()
            self._end(ours, process.wait())

    def _end(self, connection: Connection, code: int) -> None:
        with self._lock:
            left, uses = list(self._pending.values()), list(self._uses.values())
            self._pending, self._uses, self._connection, self._process = {}, {}, None, None
            was_open, self.is_open = self.is_open, False
            found = f"its process ended ({code}): it is begun again with the next question"
            self.finding = Finding(what=WHAT, state=State.MISSING, found=found, mend="hypofind doctor")
        connection.close()
        for use in uses:
            use.cancel()
        if not self._closing:
            log.warning("the workshop's process ended (%s) with %s pieces of work", code, len(left))
        for pending in left:
            pending.done.set_exception(
                WorkshopEnded(
                    f"the process that worked on it ended ({code}): it may need more memory than there is, "
                    "and what is finished is kept"
                )
            )
        if was_open:  # else it would end again, and again
            with suppress(WorkshopEnded):
                self.begin()

    # ---- what it says

    def _hear(self, connection: Connection, line: bytes) -> None:
        match said := SAID.validate_json(line):
            case Standing():
                self.finding, self.is_open = said.finding, said.is_open
            case Told():
                pending = self._pending.get(said.number)
                if pending and pending.add:
                    event = said.event
                    pending.add(lambda number, at: event.model_copy(update={"id": number, "at": at}))
            case Done():
                self._pending.pop(said.number).done.set_result(said.result)
            case Failed():
                self._pending.pop(said.number).done.set_exception(as_error(said))
            case Use():
                self._use(connection, said)
            case GivenUp():
                if use := self._uses.get(said.number):
                    use.cancel()

    def _use(self, connection: Connection, asked: Use) -> None:
        def tell(computed: Future[dict[str, Any]]) -> None:
            self._uses.pop(asked.number, None)
            if not computed.cancelled():
                self._send(connection, _used(asked.number, computed))

        tool = next(tool for tool in all_tools() if tool.name == asked.tool)
        arguments = tool.arguments.model_validate(asked.arguments)
        use = self._uses[asked.number] = self._runner.submit(tool, arguments, asked.caller, asked.seconds)
        use.add_done_callback(tell)


def _used(number: int, computed: Future[dict[str, Any]]) -> Used:
    try:
        return Used(number, json.dumps(computed.result()))
    except ToolError as error:
        return Used(number, None, refused=str(error))
    except Exception as error:  # noqa: BLE001 - whatever it was, the run that waits must be told
        return Used(number, None, broke_off=" ".join(str(error).split()) or type(error).__name__)


def as_error(failed: Failed) -> Exception:
    """Return an error of the class that was raised there, so that a door tells it as its own."""
    kinds = (kind for root in ROOTS for kind in (root, *_below(root)))
    for kind in kinds:
        if kind.__name__ == failed.error and kind.__init__ is Exception.__init__:
            return kind(failed.said)
    return JobError(failed.said) if failed.error else BrokeOff(failed.said)


def _below(kind: type[Exception]) -> list[type[Exception]]:
    return [one for sub in kind.__subclasses__() for one in (sub, *_below(sub))]
