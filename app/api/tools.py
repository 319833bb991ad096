"""/v1/tools: what agents can run, for everybody: one address a tool, with its own typed arguments."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Body

from app.api.access import MAY_READ, MAY_USE_TOOLS
from app.api.problems import Kind, Refused, documented
from app.api.schema import ToolList, ToolResult
from app.tools import describe, record
from tools import Tool

MOST_SECONDS = 60.0
AT_ONCE = 2


def make_router(tools: Sequence[Tool]) -> APIRouter:
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

    free = anyio.Semaphore(AT_ONCE)
    for tool in tools:
        router.add_api_route(
            f"/{tool.name}",
            _make_handler(tool, free),
            methods=["POST"],
            operation_id=f"run_{tool.name}",
            summary=tool.purpose,
            responses=documented(Kind.TOOL_REFUSED, Kind.TOOL_SLOW),
            response_model=ToolResult,
            dependencies=[MAY_USE_TOOLS],
        )
    return router


def _make_handler(tool: Tool, free: anyio.Semaphore) -> Callable[..., Any]:
    kind = tool.arguments

    async def run_tool(
        arguments: Annotated[kind, Body()],  # type: ignore[valid-type]  # the tool's own, known at run time
    ) -> ToolResult:
        with anyio.move_on_after(MOST_SECONDS):
            async with free:
                content = await anyio.to_thread.run_sync(tool.run, arguments, abandon_on_cancel=True)
            return record(tool, arguments, content)
        raise Refused(Kind.TOOL_SLOW, f"{tool.name} gave no result within {MOST_SECONDS:.0f} s")

    return run_tool
