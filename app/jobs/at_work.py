"""The process that has the workshop: it plans and answers runs, mines and routes for the service.

Nothing of that is computed where people are served. Its tools are computed where everybody's are, by the
service's runner.
"""

import asyncio
import itertools
import json
import logging
import os
import signal
import sys
import threading
from concurrent.futures import Future
from multiprocessing.connection import Connection
from typing import Any, Final

from pydantic import BaseModel, JsonValue

from agents.errors import EndpointError
from agents.mining import MiningStore
from agents.schema import ScoredConcept
from app.health.finding import HealthFinding
from app.jobs.feed import Make
from app.jobs.job import Job, now
from app.jobs.messages import (
    CancelWork,
    GivenUp,
    Mining,
    Order,
    Planning,
    Routed,
    Routing,
    Said,
    ToolAnswer,
    Use,
    Work,
    WorkDone,
    WorkEvent,
    WorkFailed,
    WorkshopStatus,
)
from app.jobs.mining_work import mine
from app.jobs.shared import SharedRuntime
from app.jobs.watching import Reporter, StopRequest
from app.jobs.work import FORESEEN, LOG_FORMAT, answer, log, reason_of
from app.mining import opened_in, plan_in
from app.settings import Settings
from physh import RankedHeading
from tools import Tool, ToolError
from tools.processes import settle
from tools.runner import BrokeOff

MEMORY: Final = 16 << 30
"""Bytes of data that it may have: what a run cannot have beyond them ends that run alone."""
YIELDS: Final = 10
"""Steps of niceness: a question waits for minutes, and who looks at one for a moment."""


def serve() -> None:
    """Work until the service goes, or says that it is enough. Argument: the connection's descriptor."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a service manager tells it to all: the service decides
    try:
        settle(MEMORY, yields=YIELDS)
        logging.basicConfig(level=logging.WARNING, format=LOG_FORMAT)
        _serve(Connection(int(sys.argv[1])))
    except (EOFError, OSError):  # the service went
        os._exit(0)
    except BaseException:  # noqa: BLE001 - half alive it would keep everybody waiting
        log.exception("the process that answers cannot go on")
        os._exit(1)
    os._exit(0)  # no thread is waited for: runs have written down what they have


def _serve(connection: Connection) -> None:
    settings: Settings = connection.recv()
    at_work = AtWork(settings, connection)
    while (said := connection.recv()) is not None:
        at_work.hear(said)
    at_work.close()


class AtWork:
    """Each order has a thread of its own."""

    def __init__(self, settings: Settings, connection: Connection) -> None:
        self._settings, self._connection, self._sending = settings, connection, threading.Lock()
        self._stops: dict[int, StopRequest] = {}
        self._tools = FarTools(self)
        self._runtime = SharedRuntime(settings, self._tools, self._tell_standing)
        self._runtime.begin()

    def hear(self, said: Order | CancelWork | ToolAnswer) -> None:
        match said:
            case Order():
                self._begin(said)
            case CancelWork():
                if stop_asked := self._stops.get(said.number):
                    stop_asked.ask()
            case ToolAnswer():
                self._tools.hear(said)

    def _begin(self, order: Order) -> None:
        stop = self._stops[order.number] = StopRequest()
        try:
            threading.Thread(target=self._work, args=(order, stop), daemon=True).start()
        except RuntimeError as error:  # the system gives no more threads
            del self._stops[order.number]
            self.say(WorkFailed(number=order.number, error=None, said=f"it cannot be begun: {error}"))

    def say(self, said: Said) -> None:
        with self._sending:
            self._connection.send_bytes(said.model_dump_json().encode())

    def close(self) -> None:
        self._runtime.close()

    def _tell_standing(self, finding: HealthFinding, is_open: bool) -> None:
        self.say(WorkshopStatus(finding=finding, is_open=is_open))

    def _work(self, order: Order, stop: StopRequest) -> None:
        try:
            done: Said = WorkDone(number=order.number, result=self._do(order.number, order.work, stop))
        except FORESEEN as error:
            done = WorkFailed(
                number=order.number, error=type(error).__name__, said=_readable(reason_of(error))
            )
        except BaseException as error:  # noqa: BLE001 - the service waits for a word, whatever happened
            said = reason_of(error) if isinstance(error, Exception) else f"it ended ({type(error).__name__})"
            done = WorkFailed(number=order.number, error=None, said=_readable(said))
        finally:
            self._stops.pop(order.number, None)
        try:
            self.say(done)
        except ValueError:  # it holds what JSON cannot, such as half a character of a file's name
            self.say(WorkFailed(number=order.number, error=None, said="its end cannot be told: see the log"))

    def _do(self, number: int, work: Work, stop: StopRequest) -> JsonValue:
        def tell(make: Make) -> None:
            self.say(WorkEvent(number=number, event=make(1, now())))

        match work:
            case Job():
                self._answer(work, Reporter(tell, stop))
            case Mining():
                with MiningStore(self._settings.paths.mining) as store:
                    means = opened_in(self._runtime.get(), store, work.job)
                    mine(store, work.job, means, stop, Reporter(tell, stop))
            case Planning():
                with MiningStore(self._settings.paths.mining) as store:
                    plan = plan_in(self._runtime.get(), work.spec)
                    plan.keep(store, self._settings, work.owner)
            case Routing():
                return self._route(work.text).model_dump(mode="json")
        return None

    def _answer(self, job: Job, reporter: Reporter) -> None:
        runtime = self._runtime.get()
        try:
            answer(runtime, job, reporter)
        except EndpointError as error:
            self._runtime.answered(reason_of(error))
            raise
        self._runtime.answered()

    def _route(self, text: str) -> Routed:
        route = self._runtime.get().router.route(text)
        return Routed(disciplines=_scored(route.disciplines), concepts=_scored(route.concepts))


def _readable(text: str) -> str:
    """Return the text without halves of characters, which names of files may hold."""
    return text.encode(errors="replace").decode()


def _scored(found: list[RankedHeading]) -> list[ScoredConcept]:
    return [ScoredConcept(uri=one.uri, label=one.label, score=one.score) for one in found]


class FarTools:
    """Has the tools of runs computed by the service's runner."""

    def __init__(self, at_work: AtWork) -> None:
        self._at_work, self._numbers = at_work, itertools.count(1)
        self._open: dict[int, Future[ToolAnswer]] = {}

    async def run(
        self, tool: Tool, arguments: BaseModel, caller: str, *, seconds: float | None = None
    ) -> dict[str, Any]:
        """Return the result as JSON has it. Cancelled, it ends the work. Raises ToolError or BrokeOff."""
        number = next(self._numbers)
        answered = self._open[number] = Future[ToolAnswer]()
        given = arguments.model_dump(mode="json")
        try:
            self._at_work.say(
                Use(number=number, tool=tool.name, arguments=given, caller=caller, seconds=seconds)
            )
            used = await asyncio.wrap_future(answered)
        except asyncio.CancelledError:
            self._at_work.say(GivenUp(number=number))
            raise
        finally:
            self._open.pop(number, None)
        if used.result is not None:
            content: dict[str, Any] = json.loads(used.result)
            return content
        raise BrokeOff(used.broke_off) if used.broke_off else ToolError(used.refused or "")

    def hear(self, used: ToolAnswer) -> None:
        answered = self._open.get(used.number)
        if answered is not None and answered.set_running_or_notify_cancel():
            answered.set_result(used)
