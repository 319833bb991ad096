"""hypofind run: one use of any tool."""

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
    json: options.Json = False,
) -> Exit:
    """Run a tool: arguments in JSON, the answer in words or, with --json, as the REST API gives it."""
    from app.cli.running import list_tools, run_tool

    return run_tool(tool, arguments, json=json) if tool else list_tools(json=json)
