"""hypofind runs and hypofind replay: what was asked before."""

from textwrap import shorten
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.output import clean, console, notice, print_json

if TYPE_CHECKING:
    from app.history import PastRun


def runs(*, json: options.Json = False, settings: options.SettingsFile = None) -> None:
    """List runs, newest first."""
    from app.history import list_runs
    from app.program import program
    from app.settings import load_settings

    folder = load_settings(file=settings).paths.runs
    found = list_runs(folder)
    if json:
        print_json([past.model_dump(mode="json") for past in found])
    elif found:
        for past in found:
            _print(past, console().width)
    else:
        notice(f"no runs in {folder} yet: {program()} ask makes one")


def _print(past: "PastRun", width: int) -> None:
    typer.echo(f"{past.run}  {past.status}, hypotheses: {past.hypotheses}")
    if past.question:
        typer.echo(f"    {shorten(clean(past.question), width - 4, placeholder=' …')}")


def replay(
    run: Annotated[str, typer.Argument(help="A run's id, or its folder.")],
    *,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Make a finished run's report again, without a model."""
    import asyncio

    import agents
    from app.cli.report import print_report
    from app.history import find_run
    from app.settings import load_settings

    found = find_run(load_settings(file=settings).paths.runs, run)
    report = asyncio.run(agents.replay(found))
    print_report(report, json=json)
