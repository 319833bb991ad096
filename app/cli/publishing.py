"""What is published by its name, and what an opened archive is told as."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from agents import open_run
from agents.mining import Store
from agents.mining.database import FILE
from app.cli.output import clean
from app.history import find_run
from app.jobs.people import LOCAL
from app.publishing import (
    Author,
    Opened,
    OpenedMining,
    OpenedResult,
    Recomputed,
    compute_again,
    publish,
    publish_mining,
    publish_result,
    recompute,
)
from app.results import NAME, DamagedResult, NoSuchResult, read
from app.settings import Settings

if TYPE_CHECKING:
    from app.publishing.opening_results import Changed

SHOWN = 5  # differing values of a test or a result; the JSON has all


def make_archive(
    settings: Settings, name: str, authors: Sequence[Author], licence: str, sign: Path | None
) -> tuple[str, bytes, str]:
    """Return what it is called, its archive, and what may be done with it.

    It is that of a kept result, a mining job, or a run.

    Raises what publishing it raises, and RunError where there is nothing of that name.
    """
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
        with Store(mining) as store:
            is_job = name in store.jobs()
        if is_job:
            made = publish_mining(mining, name, authors, licence)
            return f"mining-{name}", made, "its map is drawn again from it"
    run = find_run(runs, name)
    return run.id, publish(run, authors, licence, key=sign), "it replays to the same report"


def tell_opened(opened: Opened | OpenedResult | OpenedMining) -> None:
    match opened:
        case OpenedResult():
            again = opened.hindrance or "it can be computed again here"
            lines = [f"{opened.result}: {opened.tool}", *_imprint(opened), again]
        case OpenedMining():
            lines = [f"mining job {opened.job}", *_imprint(opened), *_tell_mining(opened)]
        case Opened():
            lines = _tell_run(opened)
    for line in lines:
        typer.echo(clean(line))


def _tell_mining(opened: OpenedMining) -> list[str]:
    files = f"{opened.transfers} transfers; its files lie in {opened.folder}"
    if opened.store is None:
        return [files, "it was published before jobs could be taken in: its files are all there is"]
    same = "the same tables, byte for byte" if opened.same_map else "NOT the tables that the archive holds"
    return [files, f"it stands among the jobs in {opened.store}, and its map has {same}"]


def _imprint(opened: Opened | OpenedResult | OpenedMining) -> list[str]:
    return [
        f"published {opened.published} by {', '.join(opened.authors)}, {opened.licence}",
        f"{opened.files} files are what the archive says of them",
    ]


def _tell_run(opened: Opened) -> list[str]:
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


def compute_anew(
    opened: Opened | OpenedResult | OpenedMining, runs: Path, *, tell: bool
) -> tuple[list[dict[str, object]], bool]:
    """Measure or compute again what can be, and return what came of it and whether it is the same.

    A result that cannot be computed here is not the same; a mining job asks models, and nothing is computed.
    """
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


def _tell_test(test: Recomputed) -> None:
    if test.hindrance:
        said = f"not measured: {test.hindrance}"
    elif test.same:
        said = f"{test.verdict_now} again, {test.points} of {test.points} values the same"
    else:
        said = f"{test.verdict_then} then, {test.verdict_now} now; {len(test.differences)} values differ"
    typer.echo(clean(f"{test.key} {test.instrument}: {said}"))
    for one in test.differences[:SHOWN]:
        typer.echo(f"    at {one.at}: {one.then} then, {one.now} now")
