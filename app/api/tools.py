"""/v1/tools: what agents can run, for everybody: one address a tool, with its own typed arguments.

/v1/results: what of it somebody kept, to be shown again and cited.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Body, Path, Query, Request

from agents.schema import Strict
from app.api.access import MAY_READ, MAY_USE_TOOLS, Caller, Given, Viewer
from app.api.problems import ProblemKind, documented
from app.api.schema import ToolList, ToolResult
from app.api.tests import leaving
from app.jobs.activity import Act
from app.jobs.job import now
from app.results import Kept, list_results
from app.results import find as find_result
from app.results import keep as keep_result
from app.tools import describe, record
from tools import Tool
from tools.runner import Runner, unless_gone


def make_router(tools: Sequence[Tool], runner: Runner) -> APIRouter:
    router = APIRouter(prefix="/v1/tools", tags=["tools"])
    cards = [describe(tool) for tool in tools]

    @router.get(
        "",
        operation_id="list_tools",
        summary="What can be computed",
        responses=documented(),
        dependencies=[MAY_READ],
    )
    def list_tools() -> ToolList:
        return ToolList(items=cards)

    for tool in tools:
        router.add_api_route(
            f"/{tool.name}",
            _make_handler(tool, runner),
            methods=["POST"],
            operation_id=f"run_{tool.name}",
            summary=tool.purpose,
            responses=documented(
                ProblemKind.TOOL_REFUSED, ProblemKind.TOOL_SLOW, ProblemKind.QUEUE_FULL, ProblemKind.CONFLICT
            ),
            response_model=ToolResult,
        )
    return router


def _make_handler(tool: Tool, runner: Runner) -> Callable[..., Any]:
    kind = tool.arguments

    async def run_tool(
        arguments: Annotated[kind, Body()],  # type: ignore[valid-type]  # the tool's own, known at run time
        request: Request,
        service: Given,
        caller: Annotated[Caller, MAY_USE_TOOLS],
        *,
        keep: Annotated[bool, Query(description="keep the result under /v1/results")] = False,
    ) -> ToolResult:
        content = await unless_gone(runner.run(tool, arguments, caller.owner), leaving(request))
        found = record(tool, arguments, content)
        if keep:
            kept = await to_thread.run_sync(keep_result, service.jobs.runs, caller.owner, found, now())
            await to_thread.run_sync(service.tell, caller, Act.KEPT, f"{tool.name} {kept.id}")
            return found.model_copy(update={"kept": kept.id})
        return found

    return run_tool


results = APIRouter(prefix="/v1/results", tags=["tools"])


class ResultList(Strict):
    """Newest first."""

    items: list[Kept]


@results.get("", operation_id="list_results", summary="What was kept", responses=documented())
def get_results(service: Given, caller: Viewer) -> ResultList:
    """Of one's project."""
    mine = service.keys.of_project(caller.project) | {caller.owner}
    return ResultList(items=list_results(service.jobs.runs, mine))


@results.get(
    "/{result}",
    operation_id="get_result",
    summary="One kept result",
    responses=documented(ProblemKind.NOT_FOUND, ProblemKind.DAMAGED),
)
def get_result(
    result: Annotated[str, Path(min_length=1, max_length=100)], service: Given, caller: Viewer
) -> Kept:
    return find_result(service.jobs.runs, caller.sees, result)
