"""hypofind publish and hypofind open: archives that others can read, replay and measure again."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.exit_codes import Exit
from app.cli.output import clean, notice, print_json

if TYPE_CHECKING:
    from app.publishing import Author, OpenedCrate, OpenedMining, OpenedResult, Recomputed
    from app.publishing.opening_results import Changed
    from app.settings import Settings

SHOWN = 5  # differing values of a test or a result; the JSON has all


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
    from app.publishing import read_author, save
    from app.settings import load_settings

    people = [read_author(one) for one in author]
    name, content, promise = _make_archive(load_settings(file=settings), run, people, licence, sign)
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
    from app.publishing import MINED, OpenedCrate, OpenedMining, open_any
    from app.settings import load_settings

    paths = load_settings(file=settings).paths
    runs, mining = (out, out / MINED) if out else (paths.runs, paths.mining)
    opened = open_any(crate, runs, mining)
    if not json:
        _tell_opened(opened)
    again, same = _compute_anew(opened, runs, tell=not json) if recompute else ([], True)
    if json:
        print_json(opened.model_dump(mode="json") | ({"recomputed": again} if recompute else {}))
    differs = (isinstance(opened, OpenedCrate) and not opened.same_report) or (
        isinstance(opened, OpenedMining) and opened.same_map is False
    )
    if differs or not same:
        raise typer.Exit(Exit.FAILED)


def _make_archive(
    settings: "Settings", name: str, authors: "Sequence[Author]", licence: str, sign: Path | None
) -> tuple[str, bytes, str]:
    """Return what it is called, its archive, and what may be done with it.

    It is that of a kept result, a mining job, or a run.

    Raises what publishing it raises, and RunError where there is nothing of that name.
    """
    from agents.mining import MiningStore
    from agents.mining.database import FILE
    from app.history import find_run
    from app.jobs.people import LOCAL
    from app.publishing import publish as publish_run
    from app.publishing import publish_mining, publish_result
    from app.results import NAME, DamagedResult, NoSuchResult, read

    runs, mining = settings.paths.runs, settings.paths.mining
    if NAME.fullmatch(name) and sign is None:
        try:
            kept = read(runs, LOCAL, name)
        except DamagedResult:
            raise
        except NoSuchResult:
            pass  # a run may be called so
        else:
            made = publish_result(kept, authors, licence)
            return f"{kept.result.tool}-{name}", made, "what it says can be computed again"
    if sign is None and (mining / FILE).exists():
        with MiningStore(mining) as store:
            is_job = name in store.jobs()
        if is_job:
            made = publish_mining(mining, name, authors, licence)
            return f"mining-{name}", made, "its map is drawn again from it"
    run = find_run(runs, name)
    return run.id, publish_run(run, authors, licence, key=sign), "it replays to the same report"


def _tell_opened(opened: "OpenedCrate | OpenedResult | OpenedMining") -> None:
    from app.publishing import OpenedCrate, OpenedMining, OpenedResult

    match opened:
        case OpenedResult():
            again = opened.hindrance or "it can be computed again here"
            lines = [f"{opened.result}: {opened.tool}", *_imprint(opened), again]
        case OpenedMining():
            lines = [f"mining job {opened.job}", *_imprint(opened), *_tell_mining(opened)]
        case OpenedCrate():
            lines = _tell_run(opened)
    for line in lines:
        typer.echo(clean(line))


def _tell_mining(opened: "OpenedMining") -> list[str]:
    files = f"{opened.transfers} transfers; its files lie in {opened.folder}"
    if opened.store is None:
        return [files, "it was published before jobs could be taken in: its files are all there is"]
    same = "the same tables, byte for byte" if opened.same_map else "NOT the tables that the archive holds"
    return [files, f"it stands among the jobs in {opened.store}, and its map has {same}"]


def _imprint(opened: "OpenedCrate | OpenedResult | OpenedMining") -> list[str]:
    return [
        f"published {opened.published} by {', '.join(opened.authors)}, {opened.licence}",
        f"{opened.files} files are what the archive says of them",
    ]


def _tell_run(opened: "OpenedCrate") -> list[str]:
    report = (
        "the same report, byte for byte" if opened.same_report else "NOT the report that the archive holds"
    )
    measurable = sum(test.hindrance is None for test in opened.tests)
    published, files = _imprint(opened)
    return [
        f"{opened.run}: {opened.question}",
        published,
        f"{files}; replayed to {report}",
        f"tests: {len(opened.tests)}, of which {measurable} can be measured again here",
        *(f"  {test.key}: {test.hindrance}" for test in opened.tests if test.hindrance),
    ]


def _compute_anew(
    opened: "OpenedCrate | OpenedResult | OpenedMining", runs: Path, *, tell: bool
) -> tuple[list[dict[str, object]], bool]:
    """Measure or compute again what can be, and return what came of it and whether it is the same.

    A result that cannot be computed here is not the same; a mining job asks models, and nothing is computed.
    """
    from agents import open_run
    from app.jobs.people import LOCAL
    from app.publishing import OpenedMining, OpenedResult, compute_again, recompute
    from app.results import read

    match opened:
        case OpenedMining():
            return [], True
        case OpenedResult():
            if opened.hindrance:
                return [], False
            changed = compute_again(read(runs, LOCAL, opened.result).result)
            if tell:
                _tell_changed(changed)
            return [one.model_dump(mode="json") for one in changed], not changed
    tests = []
    for test in recompute(open_run(runs, opened.run)):
        tests.append(test)
        if tell:
            _tell_test(test)
    told = [one.model_dump(mode="json") | {"same": one.same} for one in tests]
    return told, all(one.same for one in tests)


def _tell_changed(changed: "Sequence[Changed]") -> None:
    typer.echo(f"computed again: {len(changed)} values differ" if changed else "computed again: the same")
    for one in changed[:SHOWN]:
        typer.echo(clean(f"    {one.at}: {one.then} then, {one.now} now"))


def _tell_test(test: "Recomputed") -> None:
    if test.hindrance:
        said = f"not measured: {test.hindrance}"
    elif test.same:
        said = f"{test.verdict_now} again, {test.points} of {test.points} values the same"
    else:
        said = f"{test.verdict_then} then, {test.verdict_now} now; {len(test.differences)} values differ"
    typer.echo(clean(f"{test.key} {test.instrument}: {said}"))
    for one in test.differences[:SHOWN]:
        typer.echo(f"    at {one.at}: {one.then} then, {one.now} now")
