"""hypofind runs and hypofind replay: what was asked before."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.output import notice, print_json, print_table

if TYPE_CHECKING:
    from app.history import Past


def runs(*, json: options.Json = False, settings: options.SettingsFile = None) -> None:
    """List runs, newest first."""
    from app.history import list_runs
    from app.settings import load_settings

    folder = load_settings(file=settings).paths.runs
    found = list_runs(folder)
    if json:
        print_json([past.model_dump(mode="json") for past in found])
    elif found:
        print_table(
            ("Run", "Status", "Hypotheses", "Question"), [_row(past) for past in found], flexible="Question"
        )
    else:
        notice(f"no runs in {folder} yet: hypofind ask makes one")


def _row(past: "Past") -> tuple[str, ...]:
    return past.run, past.status, str(past.hypotheses), " ".join(past.question.split())


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
