"""hypofind laws: formulas with units between the columns of a table, or in what an instrument says."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import options


def laws(
    table: Annotated[
        Path | None,
        typer.Argument(help='A CSV (plain, .gz, .xz) whose headings carry units: "length (cm)".'),
    ] = None,
    *,
    target: Annotated[str, typer.Option(help="The column to be explained, or an instrument's response.")],
    instrument: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="In place of a table: what this instrument or model learned."),
    ] = None,
    over: Annotated[
        list[str] | None,
        typer.Option(metavar="PARAMETER", help="Parameter of the instrument. Repeatable; all, if not given."),
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=1, max=3600, help="Seconds of one core for the search.")
    ] = 60.0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of samples and resamples.")] = 0,
    figure: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw law and data, as .png or .svg.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Find a law: a formula right in its units, with intervals, tested on rows out of range."""
    from app.cli.finding_laws import answer

    answer(
        table,
        target,
        instrument=instrument,
        over=over or [],
        seconds=seconds,
        seed=seed,
        figure=figure,
        json=json,
    )
