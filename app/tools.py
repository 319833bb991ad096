"""The use of a tool at any door: told in words, found by name, asked in JSON; answers say what was asked."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails

from agents.offers import list_specs
from agents.schema import Strict
from app.errors import InputError
from tools import AnyTool, Tool, all_tools

REQUIRED = "required"
LONGEST_DEFAULT = 30  # characters
Schema = Mapping[str, Any]
Named = TypeVar("Named", bound=Tool)
LONGEST = 5_000_000  # characters of arguments
SHOWN = 80  # characters of a wrong one


class ArgumentLine(NamedTuple):
    """An argument as a person reads it. Its meaning names its unit."""

    name: str
    type: str
    default: str
    meaning: str


def list_arguments(tool: Tool) -> Iterator[ArgumentLine]:
    """Yield each argument in its order, and the fields of each that is an object, as `above.field`."""
    schema = tool.arguments.model_json_schema()
    yield from _list_fields(schema, schema.get("$defs", {}), "")


def _list_fields(schema: Schema, known: Schema, above: str) -> Iterator[ArgumentLine]:
    """Yield the fields of an object; one within itself is not opened again."""
    for name, field in schema.get("properties", {}).items():
        default = _default(field) if name not in schema.get("required", ()) else REQUIRED
        yield ArgumentLine(above + name, _type(field, known), default, _meaning(field, known))
        inner, mark = _object_in(field, known)
        if inner is not None and above.count(".") < 1:
            yield from _list_fields(inner, known, f"{above}{name}{mark}.")


def _default(field: Schema) -> str:
    shown = json.dumps(field["default"], ensure_ascii=False) if "default" in field else "none"
    return shown if len(shown) <= LONGEST_DEFAULT else shown[:LONGEST_DEFAULT] + "…"


def _meaning(field: Schema, known: Schema) -> str:
    told = field.get("description")
    if told is None:
        inner, _ = _object_in(field, known)
        told = (inner or {}).get("description", "")
    return " ".join(str(told).partition("\n\n")[0].split())


def _object_in(field: Schema, known: Schema) -> tuple[Schema | None, str]:
    """Return the object that a field is or lists, and "[]" where it lists it; None for plain values."""
    options = [one for one in field.get("anyOf", ()) if "$ref" in one or one.get("type") == "array"]
    field = options[0] if len(options) == 1 else field
    if field.get("type") == "array":
        return _object_in(field.get("items", {}), known)[0], "[]"
    found = known.get(field.get("$ref", "").rpartition("/")[2])
    return (found, "") if found and "properties" in found else (None, "")


def _type(field: Schema, known: Schema) -> str:
    """Return a type in words, with its values or bounds."""
    if "$ref" in field:
        found = known[field["$ref"].rpartition("/")[2]]
        return "object" if "properties" in found else _type(found, known)
    if "anyOf" in field or "oneOf" in field:
        return " or ".join(dict.fromkeys(_type(one, known) for one in field.get("anyOf") or field["oneOf"]))
    if "const" in field or "enum" in field:
        return ", ".join(map(str, field.get("enum") or [field["const"]]))
    kind = str(field.get("type", "anything"))
    if kind == "array":
        return f"list of {_type(field.get('items', {}), known)}"
    return f"{kind}{_bounds(field)}"


def _bounds(field: Schema) -> str:
    low = field.get("minimum", field.get("exclusiveMinimum"))
    high = field.get("maximum", field.get("exclusiveMaximum"))
    signs = (">" if "exclusiveMinimum" in field else "≥", "<" if "exclusiveMaximum" in field else "≤")
    told = [f"{sign} {end:.12g}" for sign, end in zip(signs, (low, high), strict=True) if end is not None]
    return f" {', '.join(told)}" if told else ""


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
