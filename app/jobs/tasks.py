"""Tests of claims, long uses of tools and mining jobs as durable jobs, with the states of runs.

A task has a handler by its kind, which may be begun any number of times: what it has paid for or measured is
on disk before it counts. A mining job that is started again after its end is the same task, queued anew.
"""

import logging
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

from agents.schema import Strict
from app.jobs import machine
from app.jobs.engine import Abandoned, Engine
from app.jobs.errors import JobNotFound, QueueFull, StoreBusy, StoreFull
from app.jobs.feed import Feed, Feeds
from app.jobs.job import now
from app.jobs.state import RunState
from app.jobs.store import EPOCH, UNREADABLE_ROW, Owners
from app.jobs.tables import reading, tasks, writing
from app.jobs.watching import Reporter, StopRequest

FOLDER = "tasks"  # of their events, beside the runs
MOST_OPEN = 20  # tests of a key that wait or run, and as many uses of tools
LONGEST = 3600.0  # s that a test or a use of a tool may take
RETRY_S = 1.0
log = logging.getLogger("hypofind")


class TaskKind(StrEnum):
    """What a task does; each kind has a queue of its own."""

    TEST = "test"
    TOOL = "tool"
    MINING = "mining"


class QueuedTask(Strict):
    """A test, a use of a tool or a mining job, from waiting to its end."""

    id: str
    kind: TaskKind
    owner: str
    asked: str
    state: RunState
    created: datetime
    started: datetime | None = None
    finished: datetime | None = None
    reason: str | None = None
    result: str | None = None
    attempt: int = 0

    @property
    def workflow(self) -> str:
        """Its name in the queue, where an attempt that has ended stays ended."""
        return f"{self.id}~{self.attempt}"


class TaskOutcome(Strict):
    """How a handler ended."""

    state: RunState = RunState.SUCCEEDED
    reason: str | None = None
    result: str | None = None


Handler = Callable[[QueuedTask, StopRequest, Reporter], TaskOutcome]
Reason = Callable[[Exception], str]


class Tasks:
    """Raises StoreFull or StoreBusy from every method."""

    def __init__(self, database: sa.Engine, reason: Reason, feeds: Feeds | None = None) -> None:
        """`reason` puts an error that a handler raised in a line.

        Only the service has `feeds`: another process changes states, and whoever listens is told by the
        service.
        """
        self._database, self._reason, self._feeds = database, reason, feeds
        self._handlers: dict[TaskKind, Handler] = {}
        self._stops: dict[str, StopRequest] = {}
        self._engine: Engine | None = None
        self.ending = False

    def handle(self, kind: TaskKind, handler: Handler) -> None:
        """Say what does the tasks of a kind, before the engine begins."""
        self._handlers[kind] = handler

    def take_up(self, engine: Engine) -> None:
        """Hand what a crash left open to the queue, which may know of it already."""
        self._engine = engine
        ours = tasks.c.kind.in_(TaskKind) & tasks.c.state.in_(machine.UNFINISHED)
        query = sa.select(tasks).where(ours).order_by(tasks.c.number)
        with reading(self._database) as connection:
            left = [_task(row) for row in connection.execute(query)]
        known = engine.states([task.workflow for task in left])
        for task in left:
            self._take_up_one(engine, task, known.get(task.workflow))

    def _take_up_one(self, engine: Engine, task: QueuedTask, state: RunState | None) -> None:
        if task.state is RunState.FAILED:  # its row cannot be read
            self._end(task.id, TaskOutcome(state=RunState.FAILED, reason=task.reason))
        elif state is None:
            engine.submit_task(task.kind, task.id, task.workflow)
        elif state.is_final:
            self._end(task.id, TaskOutcome(state=state, reason="it broke off before its end"))

    # ---- for the doors

    def add(self, kind: TaskKind, asked: str, owner: str) -> QueuedTask:
        """Queue a test or a use of a tool. Raises QueueFull."""
        mine = (tasks.c.kind == kind) & (tasks.c.owner == owner)
        is_open = tasks.c.state.in_(machine.UNFINISHED)
        with writing(self._database) as connection:
            waiting = sa.select(sa.func.count()).where(mine & is_open)
            if connection.execute(waiting).scalar_one() >= MOST_OPEN:
                raise QueueFull(f"{MOST_OPEN} {kind} jobs of this key wait or run already: ask again later")
            task = _insert(connection, f"{kind}-{secrets.token_hex(8)}", kind, owner, asked)
        return self._submit(task)

    def start_mining(self, job: str, owner: str) -> QueuedTask:
        """Queue a mining job, again where it has ended. Idempotent while it waits or runs."""
        name = f"mining-{job}"
        with writing(self._database) as connection:
            row = connection.execute(sa.select(tasks).where(tasks.c.id == name)).one_or_none()
            if row is None:
                task = _insert(connection, name, TaskKind.MINING, owner, job)
            else:
                task = _task(row)
                if not task.state.is_final:
                    return task
                again = {
                    "state": RunState.QUEUED.value,
                    "attempt": task.attempt + 1,
                    "finished": None,
                    "reason": None,
                }
                machine.change(connection, tasks, tasks.c.id == name, again)
                task = task.model_copy(update={"attempt": task.attempt + 1, "state": RunState.QUEUED})
        return self._submit(task)

    def get(self, name: str, owners: Owners, kind: TaskKind) -> QueuedTask:
        """Raises JobNotFound, also for another's."""
        query = sa.select(tasks).where((tasks.c.id == name) & (tasks.c.kind == kind))
        with reading(self._database) as connection:
            row = connection.execute(_of(owners, query)).one_or_none()
        if row is None:
            raise JobNotFound(f"there is no {kind} job {name[:80]!r} of yours")
        return _task(row)

    def feed(self, name: str) -> Feed:
        """Return what has happened to a task, and who listens. Only the service has it."""
        assert self._feeds is not None  # noqa: S101 - only the service asks
        return self._feeds.get(name)

    def page(
        self, owners: Owners, kind: TaskKind, *, limit: int, below: int | None = None
    ) -> list[tuple[int, QueuedTask]]:
        """Newest first, each with its number, from below a number."""
        query = sa.select(tasks).where(tasks.c.kind == kind).order_by(tasks.c.number.desc()).limit(limit)
        if below is not None:
            query = query.where(tasks.c.number < below)
        with reading(self._database) as connection:
            return [(row.number, _task(row)) for row in connection.execute(_of(owners, query))]

    def cancel(self, task: QueuedTask) -> None:
        """At once where it waits, else soon."""
        with writing(self._database) as connection:
            state = machine.cancel(connection, tasks, task.id)
        if stop := self._stops.get(task.id):
            stop.ask()
        if state is RunState.CANCELLED and self._engine:
            self._engine.drop(task.workflow)
        if state is not None:
            self._tell(task.id, state)

    def open_of(self, owner: str) -> list[QueuedTask]:
        """Return the tests and uses of tools of a key that wait or run."""
        mine = tasks.c.kind.in_((TaskKind.TEST, TaskKind.TOOL)) & (tasks.c.owner == owner)
        query = sa.select(tasks).where(mine & tasks.c.state.in_(machine.UNFINISHED))
        with reading(self._database) as connection:
            return [_task(row) for row in connection.execute(query)]

    def hear(self) -> None:
        """Stop what another process cancelled, such as `hypofind keys revoke --runs`."""
        query = sa.select(tasks.c.id).where(tasks.c.state == RunState.CANCELLING.value)
        with reading(self._database) as connection:
            names = list(connection.execute(query).scalars())
        for name in names:
            if stop := self._stops.get(name):
                stop.ask()

    # ---- the work, in the engine's threads

    def perform(self, name: str) -> None:
        """Do the work of a task, or go on with it. Raises Abandoned when the process ends."""
        stop = self._stops[name] = StopRequest()
        try:
            with writing(self._database) as connection:
                if not machine.begin(connection, tasks, name):
                    return
                task = _task(connection.execute(sa.select(tasks).where(tasks.c.id == name)).one())
            if task.state is RunState.CANCELLING:  # before the process died
                stop.ask()
            reporter = Reporter(self.feed(name).add, stop)
            reporter.state(task.state)
            done = self._handle(task, stop, reporter)
            if self.ending:
                raise Abandoned
            self._end(name, done)
        finally:
            self._stops.pop(name, None)

    def _handle(self, task: QueuedTask, stop: StopRequest, reporter: Reporter) -> TaskOutcome:
        try:
            return self._handlers[task.kind](task, stop, reporter)
        except Exception as error:  # noqa: BLE001 - one task's fault must not end the others
            return TaskOutcome(state=RunState.FAILED, reason=self._reason(error))

    def close(self) -> None:
        """Stop the work under way; the next start goes on with it."""
        self.ending = True
        for stop in list(self._stops.values()):
            stop.ask()

    @property
    def idle(self) -> bool:
        return not self._stops

    def _end(self, name: str, done: TaskOutcome) -> None:
        """However long the database refuses: what was measured or paid for is on disk."""
        while True:
            try:
                with writing(self._database) as connection:
                    machine.end(connection, tasks, name, done.state, done.reason, result=done.result)
                return self._tell(name, done.state, done.reason)
            except (StoreBusy, StoreFull) as error:
                if self.ending:
                    raise Abandoned from error
                time.sleep(RETRY_S)

    def _tell(self, name: str, state: RunState, reason: str | None = None) -> None:
        if self._feeds is not None:
            Reporter(self._feeds.get(name).add, StopRequest()).state(state, reason)

    def _submit(self, task: QueuedTask) -> QueuedTask:
        self._tell(task.id, task.state)
        if self._engine is not None:  # else the start takes it up
            self._engine.submit_task(task.kind, task.id, task.workflow)
        return task


def _insert(connection: sa.Connection, name: str, kind: TaskKind, owner: str, asked: str) -> QueuedTask:
    row = {
        "id": name,
        "kind": kind.value,
        "owner": owner,
        "asked": asked,
        "state": RunState.QUEUED.value,
        "created": now().isoformat(),
    }
    connection.execute(tasks.insert().values(row))
    return _task(connection.execute(sa.select(tasks).where(tasks.c.id == name)).one())


def _of(owners: Owners, query: sa.Select[Any]) -> sa.Select[Any]:
    return query if owners is None else query.where(tasks.c.owner.in_(sorted(owners)))


def _task(row: Any) -> QueuedTask:  # noqa: ANN401 - a row
    """Return the row's task, whose kind is ours. One that cannot be read has failed, and hides no other."""
    try:
        return QueuedTask.model_validate({name: getattr(row, name) for name in QueuedTask.model_fields})
    except ValidationError:
        return QueuedTask(
            id=row.id,
            kind=row.kind,
            owner=row.owner,
            asked=str(row.asked),
            state=RunState.FAILED,
            created=EPOCH,
            reason=UNREADABLE_ROW,
        )
