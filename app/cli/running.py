"""What `hypofind run` does."""

import sys
from json import loads
from pathlib import Path

from app.cli.exit_codes import Exit
from app.cli.output import clean, notice, print_json, print_table
from app.errors import InputError
from app.evidence import show
from app.exports.plain import write_lines
from app.jobs.job import now
from app.results import keep, list_results, read
from app.tools import LONGEST, describe, find_tool, read_arguments, record
from tools import all_tools

LOCAL = "local"  # owns what is kept without a key


def list_tools(*, json: bool) -> Exit:
    tools = all_tools()
    if json:
        print_json([describe(tool).model_dump(mode="json") for tool in tools])
    else:
        rows = [(tool.name, tool.version, tool.purpose) for tool in tools]
        print_table(("Tool", "Version", "What it computes"), rows, flexible="What it computes")
    return Exit.DONE


def run_tool(name: str, arguments: str, *, json: bool, runs: Path | None = None) -> Exit:
    """Run it, and with a folder of runs keep the result beside them.

    Raises InputError for arguments that do not fit, ToolError where the tool cannot answer, NotKept.
    """
    tool = find_tool(name)
    asked = read_arguments(tool, _read_input() if arguments == "-" else arguments)
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


def list_kept(runs: Path, *, json: bool) -> Exit:
    found = list_results(runs, {LOCAL})
    if json:
        print_json([kept.model_dump(mode="json") for kept in found])
    else:
        rows = [(kept.id, kept.result.tool, f"{kept.at:%Y-%m-%d %H:%M}") for kept in found]
        print_table(("Result", "Tool", "Kept"), rows, flexible="Tool")
    return Exit.DONE


def show_kept(runs: Path, name: str, *, json: bool) -> Exit:
    """Print a result that was kept. Raises NoSuchResult."""
    kept = read(runs, LOCAL, name)
    if json:
        print_json(kept.model_dump(mode="json"))
        return Exit.DONE
    shown = show(kept.evidence)
    sys.stdout.write(clean(write_lines(shown.asked, shown.blocks)))
    notice(kept.citation)
    return Exit.DONE


def _read_input() -> str:
    try:
        return sys.stdin.buffer.read(LONGEST + 1).decode()
    except UnicodeDecodeError as error:
        raise InputError(f"standard input is not UTF-8 (at byte {error.start + 1}): convert it") from error
