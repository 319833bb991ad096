"""What an assistant may call: runs, PhySH, and every tool that there is."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Annotated, Any, Protocol, TypeVar

import anyio
from anyio import to_thread
from fastmcp import Context, FastMCP
from fastmcp.exceptions import ToolError
from fastmcp.exceptions import ValidationError as WrongArguments
from fastmcp.server.middleware import CallNext, Middleware, MiddlewareContext
from fastmcp.tools import Tool as McpTool
from fastmcp.tools import ToolResult
from mcp_types import ToolAnnotations
from pydantic import BaseModel, Field, PrivateAttr, ValidationError

from agents.schema import LONGEST_QUESTION, Pins
from app.checking import CheckHypothesis
from app.client import Card, ConceptPage, RunInfo
from app.concepts import make_card
from app.datasets import FindData, FindStructures
from app.failures import is_foreseen, line
from app.mcp.backing import Backing
from app.mcp.schema import MEDIA_TYPES, Form, RunStatus, describe, make_answer
from app.runtime import load_ontology
from app.settings.sections import RunChoices
from app.tools import read_arguments
from tools import Tool, all_tools
from tools.runner import Runner

T = TypeVar("T")

NAME = "hypothesis-finder"
INSTRUCTIONS = """Finds ranked, falsifiable hypotheses for a question in physics or materials science.

find_hypotheses takes minutes: it waits as long as told, and get_run gives the rest later. Statements are
written by language models; scores are computed from marks and rules and are no probabilities. Read the notes.
"""
POLL_S = 1.0
HEARTBEAT = 1e-3  # progress must rise with every notice, also while one answer is being written
READS = ToolAnnotations(readOnlyHint=True, openWorldHint=False)
FETCHES = ToolAnnotations(readOnlyHint=True, openWorldHint=True)
ASKS = ToolAnnotations(readOnlyHint=False, destructiveHint=False, idempotentHint=False, openWorldHint=True)

Run = Annotated[
    str, Field(min_length=1, max_length=200, description="a run's name, as find_hypotheses gave it")
]


def make_server(backing: Backing) -> FastMCP:
    """Its tools answer with structured content. Foreseen errors are one line; others are not shown."""
    server = FastMCP(
        NAME, INSTRUCTIONS, mask_error_details=True, strict_input_validation=True, middleware=[InOneLine()]
    )
    _add_runs(server, backing)
    _add_physh(server, backing)
    cache = backing.settings.paths.cache
    served: tuple[Titled, ...] = (*all_tools(), CheckHypothesis(cache), FindData(cache))
    for tool in served:
        server.add_tool(ServedTool.of(tool, backing.runner))
    server.add_tool(ServedTool.of(FindStructures(backing.settings), backing.runner, FETCHES))
    return server


@contextmanager
def _plainly() -> Iterator[None]:
    """Errors that were foreseen are told in a line; a bug is not told what it said."""
    try:
        yield
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[0]
        raise ToolError(f"{'.'.join(map(str, found['loc']))}: {found['msg']}") from error
    except Exception as error:
        if not is_foreseen(error):
            raise
        raise ToolError(" ".join(line(error).split())) from error


class InOneLine(Middleware):
    """Tells a wrong argument in a line, before any tool is called too."""

    async def on_call_tool(self, context: MiddlewareContext[Any], call_next: CallNext[Any, Any]) -> Any:  # noqa: ANN401 - fastmcp's own
        try:
            with _plainly():
                return await call_next(context)
        except WrongArguments as error:  # fastmcp's, with pydantic's many lines
            if isinstance(error.__cause__, ValidationError):
                with _plainly():
                    raise error.__cause__ from None
            raise


async def _aside(work: Callable[[], T]) -> T:
    with _plainly():
        return await to_thread.run_sync(work)


# ---- runs


def _add_runs(server: FastMCP, backing: Backing) -> None:
    @server.tool(annotations=ASKS, title="Find hypotheses")
    async def find_hypotheses(
        context: Context,
        question: Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)],
        perspectives: Annotated[int, Field(ge=1, le=20, description="hypotheses asked for")] = 3,
        disciplines: Annotated[
            list[str],
            Field(max_length=18, description="of PhySH, by label or URI; none: found from the question"),
        ] = [],  # noqa: B006 - never changed; its schema says that there are none
        wait_seconds: Annotated[
            int, Field(ge=0, le=3600, description="then it goes on without you, and get_run gives the rest")
        ] = 45,
    ) -> RunStatus:
        """Ask a question in physics or materials science; get ranked, falsifiable hypotheses.

        Each speaks from another perspective (a role and a PhySH framework) and comes with mechanism,
        prediction, falsifier and score. It takes minutes. Cancelling stops the run; the wait's end does not.
        """
        client = await _aside(backing.client)
        with _plainly():
            pins = Pins(disciplines=tuple(disciplines))
        settings = RunChoices(perspectives=perspectives)
        info = await _aside(lambda: client.ask(question, pins=pins, settings=settings))
        try:
            await _wait(context, backing, info.id, wait_seconds)
        except anyio.get_cancelled_exc_class():
            with anyio.CancelScope(shield=True):
                await _aside(lambda: client.cancel(info.id))
            raise
        return await _aside(lambda: _answer(backing, info.id, "summary"))

    @server.tool(annotations=READS, title="Get a run")
    async def get_run(
        run: Run,
        form: Annotated[Form, Field(description="beside the summary, the whole report as this")] = "summary",
    ) -> RunStatus:
        """How far a run is; once it has ended, its ranked hypotheses."""
        return await _aside(lambda: _answer(backing, run, form))


async def _wait(context: Context, backing: Backing, run: str, seconds: int) -> None:
    """Until the run has ended or the time is up, telling where it is."""
    client, end, beats = backing.client(), time.monotonic() + seconds, 0
    while True:
        info = await _aside(lambda: client.run(run))
        told = info.progress
        done, total = told.finished + told.failed, told.perspectives or None
        await context.report_progress(done + beats * HEARTBEAT, total, describe(info))
        if info.state.is_final or time.monotonic() >= end:
            return
        beats += 1
        await anyio.sleep(min(POLL_S, max(0.0, end - time.monotonic())))


def _answer(backing: Backing, run: str, form: Form) -> RunStatus:
    client = backing.client()
    info = client.run(run)
    if not _has_report(info):
        return make_answer(info)
    document = client.export(run, MEDIA_TYPES[form]) if form != "summary" else None
    return make_answer(info, client.report(run), document)


def _has_report(info: RunInfo) -> bool:
    return info.state.is_final and info.status is not None


# ---- what needs no model


def _add_physh(server: FastMCP, backing: Backing) -> None:
    ontology = cache(lambda: load_ontology(backing.settings))

    @server.tool(annotations=READS, title="Search PhySH")
    async def search_physh(
        text: Annotated[str, Field(min_length=1, max_length=200, description="a name or a part of one")],
        limit: Annotated[int, Field(ge=1, le=50)] = 10,
    ) -> ConceptPage:
        """Concepts of the Physics Subject Headings by name, best first, with facets and neighbours."""

        def search() -> ConceptPage:
            known = ontology()
            cards: list[Card] = [make_card(known, concept) for concept in known.search(text, limit)]
            return ConceptPage(release=known.release, items=cards)

        return await _aside(search)


class Titled(Tool, Protocol):
    """A tool with the names that an assistant sees; it need not be one that a run may call."""

    @property
    def title(self) -> str: ...
    @property
    def mcp_name(self) -> str | None: ...
    @property
    def result(self) -> type[BaseModel]: ...


class ServedTool(McpTool):
    """A tool of ours. Its arguments stand side by side, as a model writes them; its result is the answer."""

    _tool: Titled = PrivateAttr()
    _runner: Runner = PrivateAttr()

    @classmethod
    def of(cls, tool: Titled, runner: Runner, annotations: ToolAnnotations = READS) -> "ServedTool":
        made = cls(
            name=tool.mcp_name or tool.name,
            title=tool.title.capitalize(),
            description=tool.purpose,
            annotations=annotations,
            parameters=tool.arguments.model_json_schema(),
            output_schema=tool.result.model_json_schema(mode="serialization"),
        )
        made._tool, made._runner = tool, runner
        return made

    async def run(self, arguments: dict[str, Any]) -> ToolResult:
        """Raises fastmcp's ToolError with a line for each argument that does not fit."""
        with _plainly():
            given = read_arguments(self._tool, json.dumps(arguments))
            return ToolResult(structured_content=await self._runner.run(self._tool, given, NAME))
