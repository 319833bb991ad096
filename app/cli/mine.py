"""hypofind mine: methods of one discipline tried on the problems of another, by the thousand."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import options
from app.cli.exit_codes import Exit

app = typer.Typer(
    help="Methods of one discipline tried on the problems of another, as a job.", rich_markup_mode=None
)

SpecFile = Annotated[Path, typer.Argument(metavar="SPEC", help="A job's spec, YAML or JSON.")]
Job = Annotated[str, typer.Argument(metavar="JOB", help="A job's name.")]
Limit = Annotated[int, typer.Option("-n", "--limit", min=1, help="Lines to print.")]


@app.command()
def plan(
    spec: SpecFile,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what it would take.")] = False,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Choose the pairs of a job and tell what they will take. No model is asked."""
    from app.cli.mining import plan_job

    return plan_job(spec, dry_run=dry_run, json=json, settings=settings)


@app.command()
def run(
    job: Annotated[str, typer.Argument(metavar="JOB|SPEC", help="A job's name, or a spec to plan first.")],
    *,
    ray: Annotated[bool, typer.Option("--ray", help="On a Ray cluster.")] = False,
    workers: Annotated[int, typer.Option(min=1, max=1000, help="Ray workers.")] = 3,
    address: Annotated[
        str | None, typer.Option(help="Address of a Ray cluster; none: one on this machine.")
    ] = None,
    concurrency: options.Concurrency = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Start a job, or go on with it: a pair that is answered is not asked again."""
    from app.cli.mining import run_mining
    from app.mining import RayChoice

    choice = RayChoice(workers, address) if ray else None
    return run_mining(job, choice, concurrency, json=json, settings=settings)


@app.command()
def status(
    job: Annotated[str | None, typer.Argument(metavar="JOB", help="A job's name; none: all.")] = None,
    *,
    cells: Annotated[
        bool, typer.Option("--cells", help="Every cell: tried, skipped and why, failed.")
    ] = False,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Say how far jobs are."""
    from app.cli.mining_tables import print_status

    return print_status(job, cells=cells, json=json, settings=settings)


@app.command()
def show(
    job: Job,
    *,
    by: Annotated[
        str, typer.Option(help="transfers, methods, fields, surprises, or contrasts.")
    ] = "transfers",
    home: Annotated[str | None, typer.Option("--from", metavar="FIELD", help="Whose methods.")] = None,
    field: Annotated[str | None, typer.Option("--to", metavar="FIELD", help="Whose problems.")] = None,
    limit: Limit = 20,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Show what came of a job, best first."""
    from app.cli.mining_tables import print_results

    return print_results(job, by, home, field, limit, json=json, settings=settings)


@app.command()
def export(
    job: Job,
    folder: Annotated[Path, typer.Argument(help="Where the files are written.")],
    *,
    settings: options.SettingsFile = None,
) -> Exit:
    """Write the map: RDF, tables, pictures, a page, and the calls for a replay."""
    from app.cli.mining import export_job

    return export_job(job, folder, settings=settings)


@app.command()
def pause(job: Job, *, settings: options.SettingsFile = None) -> Exit:
    """Let a running job stop after the pairs under way; `run` goes on with it."""
    from app.cli.mining import wish

    return wish(job, "paused", settings=settings)


@app.command()
def cancel(job: Job, *, settings: options.SettingsFile = None) -> Exit:
    """End a job for good, with what is answered so far."""
    from app.cli.mining import wish

    return wish(job, "cancelled", settings=settings)


@app.command()
def ask(
    job: Job,
    pair: Annotated[str, typer.Argument(help="A pair's id, or the beginning of it.")],
    *,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> int:
    """Open a run that asks about a transfer, from the method's own perspective."""
    from app.cli.mining import ask_about

    return ask_about(job, pair, json=json, settings=settings)
