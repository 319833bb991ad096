"""What tests and uses of tools that wait in the queue have in common at their addresses."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import Query
from pydantic import ValidationError

from agents.schema import Strict
from app.api.access import Caller, Service
from app.api.cursors import read_below, write_below
from app.jobs.activity import Act
from app.jobs.errors import RunBroken
from app.jobs.state import RunState
from app.jobs.tasks import QueuedTask, TaskKind

Limit = Annotated[int, Query(ge=1, le=100)]
T = TypeVar("T")
log = logging.getLogger("hypofind")


class QueuedInfo(Strict):
    """A job of tools, from waiting to its end."""

    id: str
    state: RunState
    created: datetime
    started: datetime | None
    finished: datetime | None
    reason: str | None
    by: str


def tell_state(service: Service, task: QueuedTask) -> dict[str, Any]:
    """Return the fields of QueuedInfo."""
    own = task.model_dump(include={"id", "state", "created", "started", "finished", "reason"})
    return {**own, "by": service.keys.person(task.owner)}


def find_steered(service: Service, caller: Caller, name: str, kind: TaskKind) -> QueuedTask:
    """Return a task that the caller may cancel. Raises JobNotFound or ProblemError."""
    found = service.jobs.tasks.get(name, caller.sees, kind)
    caller.require_steering(service.keys, found.owner)
    return found


def list_page(
    service: Service, caller: Caller, kind: TaskKind, limit: int, cursor: str | None
) -> tuple[list[QueuedTask], str | None]:
    """Return tasks, newest first, and where the next page begins."""
    found = service.jobs.tasks.page(caller.sees, kind, limit=limit + 1, below=read_below(cursor))
    return [task for _, task in found[:limit]], write_below([number for number, _ in found], limit)


@contextmanager
def explained_record(task: QueuedTask) -> Iterator[None]:
    """Tell a record that is damaged or of another version as such. Raises RunBroken."""
    try:
        yield
    except ValidationError as error:
        raise RunBroken(f"the record of {task.id} is damaged or of another version") from error


def readable(show: Callable[[QueuedTask], T], found: Sequence[QueuedTask]) -> list[T]:
    """Return the tasks as they are shown. One whose record is damaged is left out, and hides no other."""
    shown = []
    for task in found:
        try:
            shown.append(show(task))
        except RunBroken as error:
            log.warning("it is left out of the list: %s", error)
    return shown


def cancel_task(service: Service, caller: Caller, task: QueuedTask) -> QueuedTask:
    """Cancel a task and return what it is then. One that has ended stays as it is."""
    service.jobs.tasks.cancel(task)
    if not task.state.is_final:
        service.tell(caller, Act.CANCELLED, task.id, task.owner)
    return service.jobs.tasks.get(task.id, None, task.kind)
