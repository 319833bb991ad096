"""/v1/tools: what agents can run, for everybody: one address a tool, with its own typed arguments."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request

from app.api.access import MAY_READ, MAY_USE_TOOLS, Caller
from app.api.problems import Kind, documented
from app.api.schema import ToolList, ToolResult
from app.api.tests import leaving
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
            responses=documented(Kind.TOOL_REFUSED, Kind.TOOL_SLOW, Kind.QUEUE_FULL),
            response_model=ToolResult,
        )
    return router


def _make_handler(tool: Tool, runner: Runner) -> Callable[..., Any]:
    kind = tool.arguments

    async def run_tool(
        arguments: Annotated[kind, Body()],  # type: ignore[valid-type]  # the tool's own, known at run time
        request: Request,
        caller: Annotated[Caller, MAY_USE_TOOLS],
    ) -> ToolResult:
        content = await unless_gone(runner.run(tool, arguments, caller.owner), leaving(request))
        return record(tool, arguments, content)

    return run_tool
