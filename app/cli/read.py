"""hypofind read: papers into records, every value with its quote."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import options
from app.cli.exit_codes import Exit


def read(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE…", help='PDF, text, Markdown, BibTeX, RIS, or folders of them; "-" reads text.'
        ),
    ],
    *,
    schema: Annotated[
        str,
        typer.Option(
            help="doping, measurements, synthesis, perovskite_cell, or a .json file with a JSON schema."
        ),
    ] = "measurements",
    model: Annotated[
        str | None,
        typer.Option(
            help='Read with this chat model; "embedded" needs nothing else and reads worse than none. '
            "Default: none."
        ),
    ] = None,
    base_url: options.BaseUrl = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="JSON Lines, one a paper; what stands there is not read again."),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Records as rows: .csv (for hypofind laws) or .parquet."),
    ] = None,
    rdf: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Records as Turtle, with PhySH concepts and quotes.")
    ] = None,
    journal: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep the chat model's answers, and use those kept before."),
    ] = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Read papers into records: by rules and a small tagger, or by a chat model; quotes are checked."""
    from app.cli.reading_papers import answer

    return answer(
        files, schema, model=model, base_url=base_url, out=out, table=table, rdf=rdf, journal=journal,
        json=json, settings=settings,
    )  # fmt: skip
