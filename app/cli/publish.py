"""hypofind publish and hypofind open: a run as an archive that others can read, replay and measure again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.exit_codes import Exit
from app.cli.output import clean, notice, print_json

if TYPE_CHECKING:
    from app.publishing import Opened, Recomputed

SHOWN = 5  # differing values of a test; the JSON has all


def publish(
    run: Annotated[str, typer.Argument(help="A run's id, or its folder.")],
    *,
    licence: Annotated[
        str, typer.Option(metavar="NAME", help="CC0-1.0, CC-BY-4.0 or CC-BY-SA-4.0: yours to choose.")
    ],
    author: Annotated[
        list[str],
        typer.Option(metavar="PERSON", help="'First Last <ORCID iD>'; the iD may be left out. Repeatable."),
    ],
    to: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The archive; RUN.crate.zip otherwise.")
    ] = None,
    sign: Annotated[
        Path | None,
        typer.Option(metavar="KEY", help="Your RSA private key: hypotheses become signed nanopublications."),
    ] = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Write a run as an RO-Crate: report, records, provenance, and a page that opens in a browser.

    Texts of third parties are referred to and not copied; keys, paths and names of machines are left out.
    Nothing is sent anywhere.
    """
    from app.history import find_run
    from app.publishing import publish as make
    from app.publishing import read_author, save
    from app.settings import load_settings

    people = [read_author(one) for one in author]
    found = find_run(load_settings(file=settings).paths.runs, run)
    target = to or Path(f"{found.id}.crate.zip")
    content = make(found, people, licence, key=sign)
    save(content, target)
    if json:
        print_json({"run": found.id, "file": str(target), "bytes": len(content)})
    else:
        typer.echo(f"{target}: {len(content):,} bytes, {licence}; it replays to the same report")
        notice("look at it before you share it: unzip it and open ro-crate-preview.html")


def open_published(
    crate: Annotated[Path, typer.Argument(help="An archive that hypofind publish made.")],
    *,
    out: options.Out = None,
    recompute: Annotated[
        bool, typer.Option("--recompute", help="Measure its tests again, and show what differs.")
    ] = False,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Check a published run, keep it among the runs, and replay it without a model."""
    from agents import open_run
    from app.publishing import open_crate
    from app.publishing import recompute as measure
    from app.settings import load_settings

    runs = out or load_settings(file=settings).paths.runs
    opened = open_crate(crate, runs)
    again = []
    if not json:
        _print(opened)
    for test in measure(open_run(runs, opened.run)) if recompute else ():
        again.append(test)
        if not json:
            _print_test(test)
    if json:
        recomputed = [one.model_dump(mode="json") | {"same": one.same} for one in again]
        print_json(opened.model_dump(mode="json") | ({"recomputed": recomputed} if recompute else {}))
    if not opened.same_report or not all(one.same for one in again):
        raise typer.Exit(Exit.FAILED)


def _print(opened: "Opened") -> None:
    report = (
        "the same report, byte for byte" if opened.same_report else "NOT the report that the archive holds"
    )
    measurable = sum(test.hindrance is None for test in opened.tests)
    for line in (
        f"{opened.run}: {opened.question}",
        f"published {opened.published} by {', '.join(opened.authors)}, {opened.licence}",
        f"{opened.files} files are what the archive says of them; replayed to {report}",
        f"tests: {len(opened.tests)}, of which {measurable} can be measured again here",
        *(f"  {test.key}: {test.hindrance}" for test in opened.tests if test.hindrance),
    ):
        typer.echo(clean(line))


def _print_test(test: "Recomputed") -> None:
    if test.hindrance:
        said = f"not measured: {test.hindrance}"
    elif test.same:
        said = f"{test.verdict_now} again, {test.points} of {test.points} values the same"
    else:
        said = f"{test.verdict_then} then, {test.verdict_now} now; {len(test.differences)} values differ"
    typer.echo(clean(f"{test.key} {test.instrument}: {said}"))
    for one in test.differences[:SHOWN]:
        typer.echo(f"    at {one.at}: {one.then} then, {one.now} now")
