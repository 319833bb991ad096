"""/v1/tools/jobs: uses of tools that take longer than a request: queued, computed, and kept."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query, Response
from pydantic import Field

from agents.schema import Strict
from app.api.access import MAY_USE_TOOLS, Caller, Given, Viewer
from app.api.cursors import Cursor, read_below, write_below
from app.api.problems import Kind, documented
from app.jobs.activity import Act
from app.jobs.state import RunState
from app.jobs.tasks import Kind as TaskKind
from app.jobs.tasks import Task
from app.jobs.tool_use import ToolUse

router = APIRouter(prefix="/v1/tools/jobs", tags=["tools"])
User = Annotated[Caller, MAY_USE_TOOLS]
UseId = Annotated[str, Path(min_length=1, max_length=60, description="as it was given when queued")]


class UseInfo(Strict):
    """A use of a tool, from waiting to its result."""

    id: str
    state: RunState
    created: datetime
    started: datetime | None
    finished: datetime | None
    reason: str | None
    by: str
    use: ToolUse
    kept: str | None = Field(description="the result's name under /v1/results, once there is one")


class UsePage(Strict):
    """Newest first."""

    items: list[UseInfo]
    next: str | None


def own_use(use: UseId, service: Given, caller: Viewer) -> Task:
    """Return a use of a tool of the caller's project. Raises JobNotFound."""
    return service.jobs.tasks.get(use, caller.sees, TaskKind.TOOL)


def use_to_steer(use: UseId, service: Given, caller: User) -> Task:
    """Return a use that the caller may cancel."""
    found = service.jobs.tasks.get(use, caller.sees, TaskKind.TOOL)
    caller.require_steering(service.keys, found.owner)
    return found


@router.post(
    "",
    status_code=202,
    operation_id="queue_use",
    summary="Use a tool for as long as an hour",
    responses=documented(Kind.QUEUE_FULL),
)
def queue_use(use: Annotated[ToolUse, Body()], service: Given, caller: User, response: Response) -> UseInfo:
    """It waits for its turn, survives a restart of the service, and its result is kept."""
    service.jobs.tool_bench.read(use)
    task = service.jobs.tasks.add(TaskKind.TOOL, use.model_dump_json(exclude_unset=True), caller.owner)
    service.tell(caller, Act.QUEUED, use.tool)
    response.headers["Location"] = f"/v1/tools/jobs/{task.id}"
    return _show(service, task)


@router.get("", operation_id="list_uses", summary="Uses of tools that were queued", responses=documented())
def list_uses(
    service: Given,
    caller: Viewer,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Cursor = None,
) -> UsePage:
    found = service.jobs.tasks.page(caller.sees, TaskKind.TOOL, limit=limit + 1, below=read_below(cursor))
    more = write_below([number for number, _ in found], limit)
    return UsePage(items=[_show(service, task) for _, task in found[:limit]], next=more)


@router.get(
    "/{use}", operation_id="get_use", summary="Look at a use of a tool", responses=documented(Kind.NOT_FOUND)
)
def get_use(task: Annotated[Task, Depends(own_use)], service: Given) -> UseInfo:
    return _show(service, task)


@router.post(
    "/{use}/cancel",
    status_code=202,
    operation_id="cancel_use",
    summary="Stop a use of a tool",
    responses=documented(Kind.NOT_FOUND),
)
def cancel_use(task: Annotated[Task, Depends(use_to_steer)], service: Given, caller: User) -> UseInfo:
    """One that has ended stays as it is."""
    service.jobs.tasks.cancel(task)
    if not task.state.is_final:
        service.tell(caller, Act.CANCELLED, task.id, task.owner)
    return _show(service, service.jobs.tasks.get(task.id, None, TaskKind.TOOL))


def _show(service: Given, task: Task) -> UseInfo:
    return UseInfo(
        id=task.id,
        state=task.state,
        created=task.created,
        started=task.started,
        finished=task.finished,
        reason=task.reason,
        by=service.keys.person(task.owner),
        use=ToolUse.model_validate_json(task.asked),
        kept=task.result,
    )
