"""hypofind run and hypofind results: one use of any tool, and what was kept."""

import os
import stat
import sys
from json import loads
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from app.cli import options
from app.cli.exit_codes import Exit
from app.cli.input import read_all
from app.cli.output import clean, notice, print_json, print_table

LOCAL = "local"  # owns what is kept without a key


def run(
    tool: Annotated[str, typer.Argument(help="Its name; without one, all tools are listed.")] = "",
    arguments: Annotated[
        str,
        typer.Argument(
            metavar="JSON",
            help='Its arguments as a JSON object; "-" reads standard input. Without any, they are listed.',
        ),
    ] = "",
    *,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the result, to be shown again and cited.")
    ] = False,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Run a tool: arguments in JSON, the answer in words or, with --json, as the REST API gives it."""
    if tool and (arguments or _is_piped()):
        text = _read_arguments(arguments)
        return _run_tool(tool, text, json=json, runs=_runs(settings) if keep else None)
    if keep:
        raise typer.BadParameter("--keep keeps a result: name a tool and give its arguments")
    return _list_arguments(tool, json=json) if tool else _list_tools(json=json)


def results(
    result: Annotated[str, typer.Argument(help="Its name; without one, all are listed.")] = "",
    *,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """List the results of tools that were kept, or show one."""
    return (
        _show_kept(_runs(settings), result, json=json) if result else _list_kept(_runs(settings), json=json)
    )


def _runs(settings: Path | None) -> Path:
    from app.settings import load_settings

    return load_settings(file=settings).paths.runs


def _list_tools(*, json: bool) -> Exit:
    from app.tools import describe
    from tools import all_tools

    tools = all_tools()
    if json:
        print_json([describe(tool).model_dump(mode="json") for tool in tools])
    else:
        rows = [(tool.name, tool.version, tool.purpose) for tool in tools]
        print_table(("Tool", "Version", "What it computes"), rows, flexible="What it computes")
    return Exit.DONE


def _read_arguments(given: str) -> str:
    """Return the JSON that was given or piped in. Raises InputError."""
    from app.tools import LONGEST

    return read_all(LONGEST + 1) if given in ("", "-") else given


def _is_piped() -> bool:
    """Tell whether something stands on standard input, be it empty: it is no terminal and no device."""
    if sys.stdin is None or sys.stdin.isatty():
        return False
    try:
        return not stat.S_ISCHR(os.fstat(sys.stdin.fileno()).st_mode)
    except OSError:  # it stands in memory
        return True


def _list_arguments(name: str, *, json: bool) -> Exit:
    """Say what a tool takes, with an example that works where it has one. Raises InputError."""
    from app.tools import describe, find_tool, list_arguments

    tool = find_tool(name)
    if json:
        print_json(describe(tool).model_dump(mode="json"))
        return Exit.DONE
    sys.stdout.write(clean(f"{tool.name}: {tool.purpose}\n\n"))
    sys.stdout.flush()
    rows = [
        (one.name, one.default, f"{one.type}; {one.meaning}".removesuffix("; "))
        for one in list_arguments(tool)
    ]
    print_table(("Argument", "Default", "Type and meaning"), rows, flexible="Type and meaning")
    if tool.example:
        sys.stdout.write(clean(f"\nhypofind run {tool.name} {quote(tool.example)}\n"))
    return Exit.DONE


def _run_tool(name: str, arguments: str, *, json: bool, runs: Path | None = None) -> Exit:
    """Run it, and with a folder of runs keep the result beside them.

    Raises InputError for arguments that do not fit, ToolError where the tool cannot answer, NotKept.
    """
    from app.exports.evidence import write_lines
    from app.jobs.job import now
    from app.results import keep
    from app.tools import find_tool, read_arguments, record

    tool = find_tool(name)
    asked = read_arguments(tool, arguments)
    result = tool.run(asked)
    found = record(tool, asked, loads(result.model_dump_json()))
    kept = keep(runs, LOCAL, found, now()) if runs else None
    if json:
        print_json(found.model_copy(update={"kept": kept.id if kept else None}).model_dump(mode="json"))
    else:
        sys.stdout.write(clean(write_lines(tool.tell(asked), tool.view(asked, result))))
    if kept:
        notice(f"kept; cite it as: {kept.citation}")
    return Exit.DONE


def _list_kept(runs: Path, *, json: bool) -> Exit:
    from app.results import list_results

    found = list_results(runs, {LOCAL})
    if json:
        print_json([kept.model_dump(mode="json") for kept in found])
    else:
        rows = [(kept.id, kept.result.tool, f"{kept.at:%Y-%m-%d %H:%M}") for kept in found]
        print_table(("Result", "Tool", "Kept"), rows, flexible="Tool")
    return Exit.DONE


def _show_kept(runs: Path, name: str, *, json: bool) -> Exit:
    """Print a result that was kept. Raises NoSuchResult."""
    from app.evidence import show
    from app.exports.evidence import write_lines
    from app.results import read

    kept = read(runs, LOCAL, name)
    if json:
        print_json(kept.model_dump(mode="json"))
        return Exit.DONE
    shown = show(kept.evidence)
    sys.stdout.write(clean(write_lines(shown.asked, shown.blocks)))
    notice(kept.citation)
    return Exit.DONE
