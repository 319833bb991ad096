"""The use of a tool at any door: found by name, asked in JSON, answered with what it was asked."""

import argparse
import json
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails

from agents.offers import list_specs
from agents.schema import Strict
from app.errors import InputError
from tools import AnyTool, Tool, all_tools

Named = TypeVar("Named", bound=Tool)
LONGEST = 5_000_000  # characters of arguments
SHOWN = 80  # characters of a wrong one


def _is_absent(value: object) -> bool:
    return value is None


class ToolCard(Strict):
    """What a tool computes, and what it is asked."""

    name: str
    version: str
    purpose: str
    arguments: dict[str, object] = Field(description="JSON schema of what it is asked")


class ToolResult(Strict):
    """What a tool says, with what it was asked."""

    tool: str
    version: str
    inputs: dict[str, object]
    content: dict[str, object] = Field(description="with units")
    kept: str | None = Field(
        default=None, exclude_if=_is_absent, description="its name under /v1/results, where it was kept"
    )


def describe(tool: Tool) -> ToolCard:
    return ToolCard(
        name=tool.name,
        version=tool.version,
        purpose=tool.purpose,
        arguments=tool.arguments.model_json_schema(),
    )


def list_tools_in_markdown() -> str:
    """The table in docs/evidence.md: `python -m app.tools` prints it."""
    rows = (f"| `{one.name}` | {one.when} | {one.purpose} | {_extra(one)} |\n" for one in list_specs())
    return "| tool | offered | what it does | extra |\n|---|---|---|---|\n" + "".join(rows)


def _extra(tool: AnyTool) -> str:
    return f"`{tool.extra}`" if tool.extra else "–"


def find_tool(name: str) -> AnyTool:
    """Return an installed tool. Raises InputError with the names that there are."""
    return find_among(name, all_tools())


def find_among(name: str, tools: Sequence[Named]) -> Named:
    """Return the tool of that name. Raises InputError with the names that there are."""
    known = {tool.name: tool for tool in tools}
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
        raise InputError(f"no tool {name!r}: {hint}")
    return known[name]


def read_arguments(tool: Tool, text: str) -> Any:  # noqa: ANN401 - an object of the tool's own type
    """Return the arguments that a JSON object gives. Raises InputError: a line for each that is wrong."""
    if len(text) > LONGEST:
        raise InputError(f"the arguments have {len(text):,} characters and may have {LONGEST:,}")
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"the arguments of {tool.name} are not JSON ({_first(error)})") from error
    if not isinstance(given, dict):
        fields = ", ".join(tool.arguments.model_fields)
        raise InputError(f"the arguments of {tool.name} must be a JSON object with {fields}")
    try:
        return tool.arguments.model_validate_json(text)  # as JSON: a list may stand for a tuple
    except ValidationError as error:
        lines = (_explain(tool, found) for found in error.errors(include_url=False))
        raise InputError("\n".join(lines)) from error


def record(tool: Tool, arguments: BaseModel, content: dict[str, object]) -> ToolResult:
    return ToolResult(
        tool=tool.name,
        version=tool.version,
        inputs=json.loads(arguments.model_dump_json()),
        content=content,
    )


def _explain(tool: Tool, found: ErrorDetails) -> str:
    """One wrong argument: where it stands, what it is, and what would do."""
    *above, last = [tool.name, *map(str, found["loc"])]
    place = ".".join([*above, last])
    if found["type"] == "missing":
        return f"{place} is missing"
    if found["type"] == "extra_forbidden":
        near = get_close_matches(last, tool.arguments.model_fields, 1)
        return f"{'.'.join(above)} has no argument {last}{f'; did you mean {near[0]}?' if near else ''}"
    shown = "" if isinstance(found["input"], dict | list) else f" = {str(found['input'])[:SHOWN]!r}"
    return f"{place}{shown}: {found['msg'].removeprefix('Value error, ').removeprefix('Input ')}"


def _first(error: Exception) -> str:
    return str(error) if isinstance(error, ValueError) else "it is nested too deeply"


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    sys.stdout.write(list_tools_in_markdown())
