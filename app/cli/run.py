"""hypofind run: one use of any tool."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import options
from app.cli.exit_codes import Exit


def run(
    tool: Annotated[str, typer.Argument(help="Its name; without one, all tools are listed.")] = "",
    arguments: Annotated[
        str,
        typer.Argument(metavar="JSON", help='Its arguments as a JSON object; "-" reads standard input.'),
    ] = "-",
    *,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the result, to be shown again and cited.")
    ] = False,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Run a tool: arguments in JSON, the answer in words or, with --json, as the REST API gives it."""
    from app.cli.running import list_tools, run_tool

    if not tool:
        return list_tools(json=json)
    return run_tool(tool, arguments, json=json, runs=_runs(settings) if keep else None)


def results(
    result: Annotated[str, typer.Argument(help="Its name; without one, all are listed.")] = "",
    *,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """List the results of tools that were kept, or show one."""
    from app.cli.running import list_kept, show_kept

    return show_kept(_runs(settings), result, json=json) if result else list_kept(_runs(settings), json=json)


def _runs(settings: Path | None) -> Path:
    from app.settings import load_settings

    return load_settings(file=settings).paths.runs
