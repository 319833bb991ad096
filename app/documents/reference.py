"""Tables of commands, REST operations, MCP tools and errors, made from the program itself."""

import asyncio
import inspect
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Any

NOTE = "<!-- Written by `python -m app.documents`: change the code, not this page. -->\n"


def write_commands() -> str:
    """Return every command of `hypofind` with its arguments and options, as Markdown."""
    from app.cli.commands import COMMANDS, load_command

    parts = ["# Commands\n", NOTE, "Examples that run are in [the command line](../cli.md).\n"]
    for listed in COMMANDS:
        for path, command in _walk_commands(load_command(listed.name), ("hypofind", listed.name)):
            parts.append(f"## {' '.join(path)}\n\n{inspect.cleandoc(command.help or '')}\n")
            rows = [_describe_parameter(one) for one in command.params if one.name != "help"]
            if rows:
                parts.append(table(("argument or option", "meaning"), rows))
    return "\n".join(parts)


def write_operations() -> str:
    """Return every operation of the REST API, as Markdown."""
    from app.api.build import VERSION, describe_interface
    from app.settings import Settings

    rows = (
        (f"`{method.upper()} {path}`", _describe_operation(operation), _list_parameters(operation))
        for path, operations in describe_interface(Settings())["paths"].items()
        for method, operation in operations.items()
    )
    head = (
        f"Version {VERSION}. Bodies, answers and examples are in `GET /v1/openapi.json`; "
        "[the service](../service.md) says how to use them, [errors](errors.md) what can go wrong.\n"
    )
    return f"# REST operations\n\n{NOTE}\n{head}\n{table(('operation', 'does', 'parameters'), rows)}"


def write_assistant_tools() -> str:
    """Return every tool of the MCP server with its arguments, as Markdown."""
    from app.mcp.backing import Backing
    from app.mcp.server import make_server
    from app.settings import Settings

    tools = asyncio.run(make_server(Backing(Settings())).list_tools())
    rows = ((f"`{tool.name}`", _first_sentences(tool.description), _list_arguments(tool)) for tool in tools)
    head = (
        "How an assistant starts and uses them: [Model Context Protocol](../mcp.md). "
        "Required arguments are bold.\n"
    )
    return f"# MCP tools\n\n{NOTE}\n{head}\n{table(('tool', 'does', 'arguments'), rows)}"


def write_errors() -> str:
    """Return exit codes, problem types and which error leads to which, as Markdown."""
    from app.api.problems import KINDS, TYPES, ProblemKind
    from app.cli.exit_codes import Exit
    from app.cli.failures import CODES

    codes = table(("code", "meaning"), ((f"{one.value}", one.meaning) for one in Exit))
    types = table(
        ("type", "status", "title"), ((f"`{one.slug}`", str(one.status), one.title) for one in ProblemKind)
    )
    errors = table(
        ("error", "says", "exit code", "problem type"),
        (
            (
                f"`{_full_name(error)}`",
                _first_sentences(inspect.getdoc(error)),
                _first_fitting(error, ((kind, str(code.value)) for kind, code in CODES)),
                _first_fitting(error, ((kind, f"`{problem.slug}`") for kind, problem in KINDS)),
            )
            for error in sorted({kind for kind, _ in (*CODES, *KINDS)}, key=_full_name)
        ),
    )
    return "\n".join(
        [
            "# Errors\n",
            NOTE,
            "Every error that was foreseen is one line that says what is wrong and what to do.\n",
            "## Exit codes of the command line\n",
            codes,
            "## Problem types of the REST API\n",
            f"Problems follow RFC 9457; `type` is `{TYPES}` and one of these names.\n",
            types,
            "## Errors in Python\n",
            errors,
        ]
    )


def _full_name(error: type[Exception]) -> str:
    return f"{error.__module__}.{error.__name__}"


def _first_fitting(error: type[Exception], known: Iterable[tuple[type[Exception], str]]) -> str:
    return next((answer for kind, answer in known if issubclass(error, kind)), "–")


def _walk_commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401 - typer's own types are private
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name, one in inner.items():
        yield from _walk_commands(one, (*path, name))


def _describe_parameter(parameter: Any) -> tuple[str, str]:  # noqa: ANN401 - as above
    is_option = parameter.opts[0].startswith("-")
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    said = [getattr(parameter, "help", None) or ""]
    low, high = getattr(parameter, "min", None), getattr(parameter, "max", None)
    if low is not None and high is not None:
        said.append(f"{low} to {high}.")
    elif low is not None:
        said.append(f"At least {low}.")
    if parameter.default not in (None, False, True, (), "") and not callable(parameter.default):
        said.append(f"Default: `{getattr(parameter.default, 'value', parameter.default)}`.")
    if parameter.multiple and "Repeatable" not in said[0]:
        said.append("May be repeated.")
    return names if is_option else names.upper(), " ".join(filter(None, said))


def _describe_operation(operation: dict[str, Any]) -> str:
    return ". ".join(filter(None, (operation.get("summary"), _first_sentences(operation.get("description")))))


def _list_parameters(operation: dict[str, Any]) -> str:
    named = (f"`{one['name']}`" for one in operation.get("parameters", ()) if one["in"] in ("path", "query"))
    return ", ".join((*named, *(("a body",) if "requestBody" in operation else ()))) or "–"


def _list_arguments(tool: Any) -> str:  # noqa: ANN401 - fastmcp's own
    required = tool.parameters.get("required", ())
    names = tool.parameters.get("properties", ())
    return ", ".join(f"**`{name}`**" if name in required else f"`{name}`" for name in names) or "–"


def _first_sentences(text: str | None) -> str:
    """Return the first paragraph in one line."""
    return " ".join((text or "").partition("\n\n")[0].split())


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table; a vertical bar inside a cell is escaped."""
    lines = (head, tuple("---" for _ in head), *rows)
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def replace_table(page: str, written: str) -> str:
    """Return the page with this table in place of the one with its head. Raises ValueError without one."""
    head = written.partition("\n")[0] + "\n"
    start = page.index(head)
    rows = page[start:].splitlines(keepends=True)
    old = "".join(takewhile(lambda row: row.startswith("|"), rows))
    return page[:start] + written + page[start + len(old) :]
