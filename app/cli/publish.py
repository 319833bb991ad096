"""hypofind publish and hypofind open: archives that others can read, replay and measure again."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import options
from app.cli.exit_codes import Exit
from app.cli.output import notice, print_json


def publish(
    run: Annotated[
        str, typer.Argument(help="A run's id or folder, a kept result's name, or a mining job's.")
    ],
    *,
    licence: Annotated[
        str, typer.Option(metavar="NAME", help="CC0-1.0, CC-BY-4.0 or CC-BY-SA-4.0: yours to choose.")
    ],
    author: Annotated[
        list[str],
        typer.Option(metavar="PERSON", help="'First Last <ORCID iD>'; the iD may be left out. Repeatable."),
    ],
    to: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The archive; NAME.crate.zip otherwise.")
    ] = None,
    sign: Annotated[
        Path | None,
        typer.Option(metavar="KEY", help="Your RSA private key: hypotheses become signed nanopublications."),
    ] = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Write a run, a kept result or a mining job as an RO-Crate, with a page that opens in a browser.

    Texts of third parties are referred to and not copied; keys, paths and names of machines are left out.
    Nothing is sent anywhere.
    """
    from app.cli.publishing import make_archive
    from app.publishing import read_author, save
    from app.settings import load_settings

    people = [read_author(one) for one in author]
    name, content, promise = make_archive(load_settings(file=settings), run, people, licence, sign)
    target = to or Path(f"{name}.crate.zip")
    save(content, target)
    if json:
        print_json({"run": name, "file": str(target), "bytes": len(content)})
    else:
        typer.echo(f"{target}: {len(content):,} bytes, {licence}; {promise}")
        notice("look at it before you share it: unzip it and open ro-crate-preview.html")


def open_published(
    crate: Annotated[Path, typer.Argument(help="An archive that hypofind publish made.")],
    *,
    out: options.Out = None,
    recompute: Annotated[
        bool,
        typer.Option("--recompute", help="Measure or compute it again, and show what differs."),
    ] = False,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Check what was published and keep it: a run is replayed without a model, a result can be cited."""
    from app.cli.publishing import compute_anew, tell_opened
    from app.publishing import MINED, Opened, OpenedMining, open_any
    from app.settings import load_settings

    paths = load_settings(file=settings).paths
    runs, mining = (out, out / MINED) if out else (paths.runs, paths.mining)
    opened = open_any(crate, runs, mining)
    if not json:
        tell_opened(opened)
    again, same = compute_anew(opened, runs, tell=not json) if recompute else ([], True)
    if json:
        print_json(opened.model_dump(mode="json") | ({"recomputed": again} if recompute else {}))
    differs = (isinstance(opened, Opened) and not opened.same_report) or (
        isinstance(opened, OpenedMining) and opened.same_map is False
    )
    if differs or not same:
        raise typer.Exit(Exit.FAILED)
