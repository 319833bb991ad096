"""/v1/tools/jobs: uses of tools that take longer than a request: queued, computed, and kept."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Response
from pydantic import Field

from agents.schema import Strict
from app.api.access import MAY_USE_TOOLS, Caller, Given, Viewer
from app.api.cursors import Cursor
from app.api.problems import ProblemKind, documented
from app.api.queued import (
    Limit,
    QueuedInfo,
    cancel_task,
    explained_record,
    find_steered,
    list_page,
    readable,
    tell_state,
)
from app.jobs.activity import Act
from app.jobs.benches import ToolUse
from app.jobs.tasks import QueuedTask, TaskKind

router = APIRouter(prefix="/v1/tools/jobs", tags=["tools"])
User = Annotated[Caller, MAY_USE_TOOLS]
UseId = Annotated[str, Path(min_length=1, max_length=60, description="as it was given when queued")]


class UseInfo(QueuedInfo):
    """A use of a tool, from waiting to its result."""

    use: ToolUse
    kept: str | None = Field(description="the result's name under /v1/results, once there is one")


class UsePage(Strict):
    """Newest first."""

    items: list[UseInfo]
    next: str | None


def own_use(use: UseId, service: Given, caller: Viewer) -> QueuedTask:
    """Return a use of a tool of the caller's project. Raises JobNotFound."""
    return service.jobs.tasks.get(use, caller.sees, TaskKind.TOOL)


def use_to_steer(use: UseId, service: Given, caller: User) -> QueuedTask:
    """Return a use that the caller may cancel."""
    return find_steered(service, caller, use, TaskKind.TOOL)


@router.post(
    "",
    status_code=202,
    operation_id="queue_use",
    summary="Use a tool for as long as an hour",
    responses=documented(ProblemKind.QUEUE_FULL),
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
    limit: Limit = 20,
    cursor: Cursor = None,
) -> UsePage:
    found, more = list_page(service, caller, TaskKind.TOOL, limit, cursor)
    return UsePage(items=readable(partial(_show, service), found), next=more)


@router.get(
    "/{use}",
    operation_id="get_use",
    summary="Look at a use of a tool",
    responses=documented(ProblemKind.NOT_FOUND),
)
def get_use(task: Annotated[QueuedTask, Depends(own_use)], service: Given) -> UseInfo:
    return _show(service, task)


@router.post(
    "/{use}/cancel",
    status_code=202,
    operation_id="cancel_use",
    summary="Stop a use of a tool",
    responses=documented(ProblemKind.NOT_FOUND),
)
def cancel_use(task: Annotated[QueuedTask, Depends(use_to_steer)], service: Given, caller: User) -> UseInfo:
    """One that has ended stays as it is."""
    return _show(service, cancel_task(service, caller, task))


def _show(service: Given, task: QueuedTask) -> UseInfo:
    with explained_record(task):
        use = ToolUse.model_validate_json(task.asked)
    return UseInfo(**tell_state(service, task), use=use, kept=task.result)
