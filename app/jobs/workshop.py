"""The workshop as the service has it: in a process beside it, which is begun again when it ends.

After so much work another takes its place, and the first ends when it has done what it was at: what Python
and its libraries keep of each question has an end.
"""

import itertools
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

from pydantic import JsonValue

from agents.mining import Spec
from app.failures import ROOTS
from app.health.finding import FindingState, HealthFinding
from app.jobs.child import Child
from app.jobs.errors import JobError, WorkshopEnded
from app.jobs.feed import Make
from app.jobs.job import Job
from app.jobs.messages import (
    CancelWork,
    GivenUp,
    Mining,
    Order,
    Planning,
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
from app.jobs.shared import WHAT
from app.jobs.watching import StopRequest
from app.settings import Settings
from tools import ToolError, all_tools
from tools.runner import BrokeOff, Runner

STARTS: Final = 3  # of one piece of work: what ends its process each time must not do so for ever
LONG_S: Final = 600.0  # what has worked for so long is not what ended its process
PAUSES_S: Final = (1.0, 60.0)  # before it is begun again while nobody asks: the first, and the longest
POLL_S: Final = 0.5
MOST_WORK: Final = 200  # runs, mining jobs and plans of one process
log = logging.getLogger("hypofind")


@dataclass(frozen=True)
class Pending:
    """Work that somebody waits for."""

    done: Future[JsonValue]
    add: Callable[[Make], None] | None
    child: Child


class WorkshopProcess:
    """Thread-safe. Nothing is started before `begin` or the first work."""

    def __init__(self, settings: Settings, runner: Runner) -> None:
        """`runner` computes the tools of every run."""
        self._settings, self._runner = settings, runner
        self._lock, self._again = threading.Lock(), threading.Lock()
        self._numbers = itertools.count(1)
        self._child: Child | None = None
        self._left = MOST_WORK
        self._pending: dict[int, Pending] = {}
        self._uses: dict[tuple[Child, int], Future[dict[str, Any]]] = {}
        self._closing, self._pause = threading.Event(), PAUSES_S[0]
        self.finding = HealthFinding(what=WHAT, state=FindingState.WARN, found="not opened yet …")
        self.is_open = False

    def begin(self) -> None:
        """In the background. What goes wrong is told by `finding`, and tried again when it is needed."""
        with self._lock:
            self._get()

    # ---- what it does

    def answer(self, job: Job, add: Callable[[Make], None], stop: StopRequest) -> None:
        """Answer a run, from where its folder is. Raises what its parts raise, or WorkshopEnded.

        It is begun again where its process ended, one such run after the other: the next end is its own.
        """
        with suppress(WorkshopEnded):
            self._order(job, add, stop).result()
            return
        with self._alone(stop):
            self._do(job, add, stop, STARTS - 1)

    def mine(self, job: str, add: Callable[[Make], None], stop: StopRequest) -> None:
        """Run a mining job from where it stands. Raises what its parts raise, or WorkshopEnded."""
        self._do(Mining(job), add, stop, STARTS)

    def plan(self, spec: Spec, owner: str) -> None:
        """Choose and keep the pairs of a mining job. Raises what its parts raise, or WorkshopEnded."""
        self._order(Planning(spec, owner)).result()

    def route(self, text: str) -> Future[JsonValue]:
        """Begin to find what a text touches; Routed as JSON. Its errors: PhyshError, or WorkshopEnded."""
        return self._order(Routing(text))

    def close(self) -> None:
        """End the process, when it has ended what it started."""
        with self._lock:
            self._closing.set()
            children = {one.child for one in self._pending.values()}
            if self._child is not None:
                children.add(self._child)
        for child in children:
            child.close()

    def _do(self, work: Work, add: Callable[[Make], None], stop: StopRequest, starts: int) -> None:
        """Have it done, from where it stands each time that the process ends."""
        left = starts
        while True:
            begun = time.monotonic()
            try:
                self._order(work, add, stop).result()
            except WorkshopEnded:
                left = starts if time.monotonic() - begun > LONG_S else left - 1
                if left <= 0 or self._closing.is_set():
                    raise
            else:
                return

    @contextmanager
    def _alone(self, stop: StopRequest) -> Iterator[None]:
        """Wait for other work that is begun again. Raises WorkshopEnded where a stop comes before."""
        while not self._again.acquire(timeout=POLL_S):
            if stop.asked or self._closing.is_set():
                raise WorkshopEnded("it was stopped before it was begun again")
        try:
            yield
        finally:
            self._again.release()

    def _order(
        self, work: Work, add: Callable[[Make], None] | None = None, stop: StopRequest | None = None
    ) -> Future[JsonValue]:
        done, number = Future[JsonValue](), next(self._numbers)
        done.set_running_or_notify_cancel()  # who gives up waiting leaves it to end
        with self._lock:
            child = self._get()
            self._pending[number] = Pending(done, add, child)
            child.say(Order(number, work))
            self._left -= not isinstance(work, Routing)
            if self._left <= 0:
                self._child = None
                self._get()
        if stop:
            stop.ends(lambda: child.say(CancelWork(number)))
        return done

    # ---- the process

    def _get(self) -> Child:
        """Return the process, begun where there is none. Raises WorkshopEnded."""
        if self._closing.is_set():
            raise WorkshopEnded("the service ends")
        if self._child is None:
            self._child, self._left = Child(self._settings, self._hear, self._end), MOST_WORK
        return self._child

    def _end(self, child: Child, code: int) -> None:
        with self._lock:
            numbers = [number for number, one in self._pending.items() if one.child is child]
            left = [self._pending.pop(number) for number in numbers]
            uses = [self._uses.pop(key) for key in list(self._uses) if key[0] is child]
            is_ours = self._child is child
            if is_ours:
                self._child, self.is_open = None, False
                found = f"its process ended ({code}) and is begun again"
                self.finding = HealthFinding(
                    what=WHAT, state=FindingState.MISSING, found=found, mend="hypofind doctor"
                )
        for use in uses:
            use.cancel()
        if not self._closing.is_set() and (is_ours or left):
            log.warning("the workshop's process ended (%s) with %s pieces of work", code, len(left))
        for pending in left:
            pending.done.set_exception(
                WorkshopEnded(
                    f"the process that worked on it ended ({code}): it may need more memory than there is, "
                    "and what is finished is kept"
                )
            )
        # one that ends at once must not be begun at once for ever
        if is_ours and not self._closing.wait(self._pause):
            self._pause = min(2 * self._pause, PAUSES_S[1])
            with suppress(WorkshopEnded):
                self.begin()

    # ---- what it says, in the thread that hears it

    def _hear(self, child: Child, said: Said) -> None:
        match said:
            case WorkshopStatus():
                self._stand(child, said)
            case WorkEvent():
                self._tell(said)
            case WorkDone():
                self._pause = PAUSES_S[0]
                self._finish(said.number).set_result(said.result)
            case WorkFailed():
                self._finish(said.number).set_exception(as_error(said))
            case Use():
                self._use(child, said)
            case GivenUp():
                if use := self._uses.get((child, said.number)):
                    use.cancel()

    def _stand(self, child: Child, said: WorkshopStatus) -> None:
        """One that takes another's place is ready when it is open; until then the other is."""
        is_on_its_way = said.finding.state is FindingState.WARN and not said.is_open
        if child is self._child and not (is_on_its_way and self.is_open):
            self.finding, self.is_open = said.finding, said.is_open

    def _finish(self, number: int) -> Future[JsonValue]:
        """Return who waits for it. A process whose place is taken ends with its last work."""
        with self._lock:
            pending = self._pending.pop(number)
            is_last = all(one.child is not pending.child for one in self._pending.values())
            if is_last and pending.child is not self._child:
                pending.child.dismiss()
        return pending.done

    def _tell(self, told: WorkEvent) -> None:
        pending = self._pending.get(told.number)
        if pending and pending.add:
            pending.add(lambda number, at: told.event.model_copy(update={"id": number, "at": at}))

    def _use(self, child: Child, asked: Use) -> None:
        """Have a tool computed. What goes wrong is told to who asked, and concerns nobody else."""

        def tell(computed: Future[dict[str, Any]]) -> None:
            self._uses.pop((child, asked.number), None)
            if not computed.cancelled():
                child.say(_used(asked.number, computed))

        if self._closing.is_set():
            return
        try:
            tool = next(tool for tool in all_tools() if tool.name == asked.tool)
            arguments = tool.arguments.model_validate(asked.arguments)
            use = self._runner.submit(tool, arguments, asked.caller, asked.seconds)
        except Exception as error:  # noqa: BLE001 - arguments that JSON cannot hold, no descriptors left
            child.say(
                ToolAnswer(asked.number, None, broke_off=f"{asked.tool} cannot be used: {_said(error)}")
            )
            return
        self._uses[child, asked.number] = use
        use.add_done_callback(tell)


def _used(number: int, computed: Future[dict[str, Any]]) -> ToolAnswer:
    try:
        return ToolAnswer(number, json.dumps(computed.result()))
    except ToolError as error:
        return ToolAnswer(number, None, refused=str(error))
    except Exception as error:  # noqa: BLE001 - whatever it was, the run that waits must be told
        return ToolAnswer(number, None, broke_off=_said(error))


def _said(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def as_error(failed: WorkFailed) -> Exception:
    """Return an error of the class that was raised there, so that a door tells it as its own."""
    kinds = (kind for root in ROOTS for kind in (root, *_below(root)))
    for kind in kinds:
        if kind.__name__ == failed.error and kind.__init__ is Exception.__init__:
            return kind(failed.said)
    return JobError(failed.said) if failed.error else BrokeOff(failed.said)


def _below(kind: type[Exception]) -> list[type[Exception]]:
    return [one for sub in kind.__subclasses__() for one in (sub, *_below(sub))]
