"""hypofind compare: what differs between two runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.output import clean, print_json
from app.errors import InputError

if TYPE_CHECKING:
    from agents import Report
    from app.comparing import VersionPair


def compare(
    first: options.RunName,
    second: Annotated[str, typer.Argument(help="Another run.")],
    *,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Show what differs between the hypotheses of two runs, field by field."""
    from app.comparing import compare as compare_reports

    found = compare_reports(_read_report(first, settings), _read_report(second, settings))
    if json:
        print_json(found.model_dump(mode="json"))
        return
    for pair in found.pairs:
        _print(pair)


def _read_report(name: str, settings: Path | None) -> "Report":
    """Return a run's report. Raises RunError, or InputError for a run without a report."""
    from app.history import find_run
    from app.settings import load_settings

    run = find_run(load_settings(file=settings).paths.runs, name)
    report = run.report()
    if report is None:
        raise InputError(f"run {run.id} has no report yet: hypofind ask --resume {run.id} finishes it")
    return report


def _print(pair: "VersionPair") -> None:
    typer.echo(clean(f"{pair.first or '–'} and {pair.second or '–'}: {pair.why}"))
    if pair.first is None or pair.second is None:
        return
    if not pair.changes:
        typer.echo("    no difference")
    for change in pair.changes:
        typer.echo(clean(f"    {change.field}"))
        typer.echo(clean(f"      - {change.first or 'none'}"))
        typer.echo(clean(f"      + {change.second or 'none'}"))
