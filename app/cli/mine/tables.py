"""What `hypofind mine` tells of jobs: how far they are, and what came of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.exit_codes import Exit
from app.cli.mine.jobs import Job, print_lines, tell_progress
from app.cli.output import clean, notice, print_json, print_table
from app.errors import InputError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from agents.mining import CellReport, Mined, MiningStore

Limit = Annotated[int, typer.Option("-n", "--limit", min=1, help="Lines to print.")]

VIEWS = ("transfers", "methods", "fields", "surprises", "contrasts")
TRANSFERS = ("Id", "Verdict", "Mark", "Strength", "Transfer")  # columns


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
    from app.mining import open_store
    from app.settings import load_settings

    with open_store(load_settings(None, settings)) as store:
        if cells and job:
            _print_cells(store.cells(job), json=json)
            return Exit.DONE
        found = [store.progress(job)] if job else store.overview()
        if json:
            print_json([progress.model_dump(mode="json") for progress in found])
            return Exit.DONE
        if not found:
            notice(f"no mining jobs in {store.folder} yet")
        for progress in found:
            print_lines(f"{tell_progress(progress)}  ({progress.state})")
            print_lines(*(f"  {count:,} × {clean(reason)}" for reason, count in progress.failures.items()))
    return Exit.DONE


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
    from app.mining import open_store
    from app.mining_files import note_of
    from app.settings import load_settings

    if by not in VIEWS:
        raise InputError(f"--by {by!r} is none of {', '.join(VIEWS)}")
    loaded = load_settings(None, settings)
    with open_store(loaded) as store:
        note = note_of(store, job)
        if by == "transfers":
            uris = [None if name is None else store.discipline(job, name) for name in (home, field)]
            mined = list(store.mined(job, home=uris[0], field=uris[1], limit=limit))
            _print(mined, TRANSFERS, [_transfer_row(one) for one in mined], json=json)
        else:
            _print_view(store, job, by, limit, json=json)
    notice(note)
    return Exit.DONE


def _print_cells(cells: "Sequence[CellReport]", *, json: bool) -> None:
    if json:
        print_json([cell.model_dump(mode="json") for cell in cells])
        return
    for c in cells:
        why = f"  ({c.reason})" if c.reason else ""
        print_lines(
            f"{c.state:8}{c.done:>6}/{c.chosen:<6}{c.home.label}, {c.methods_facet} → "
            f"{c.field.label}, {c.targets_facet}{why}"
        )


def _transfer_row(mined: "Mined") -> tuple[str, ...]:
    pair, finding = mined.pair, mined.finding
    assert finding  # noqa: S101 - only what is answered is listed
    mark = f"{finding.mark:.0f}" + (f" ± {finding.spread:.0f}" if finding.spread is not None else "")
    method, target = f"{pair.method.label} ({pair.home.label})", f"{pair.target.label} ({pair.field.label})"
    strength = (
        "" if mined.rating is None else f"{mined.rating:.1f} ({mined.rating_low:.1f}–{mined.rating_high:.1f})"
    )
    return (pair.id[:8], finding.transfer.verdict.value, mark, strength, f"{method} → {target}")


def _print_view(store: "MiningStore", job: str, view: str, limit: int, *, json: bool) -> None:
    from agents.mining.atlas import meetings, surprises, travellers

    if view == "methods":
        found = travellers(store, job, limit)
        rows = [
            (t.method.label, str(t.fields), str(t.fields_maybe), str(t.pairs), f"{t.mark:.0f}") for t in found
        ]
        _print(found, ("Method", "Fields yes", "Fields maybe", "Pairs", "Mean mark"), rows, json=json)
    elif view == "fields":
        met = sorted(meetings(store, job), key=lambda m: (-m.open_share, -m.mark))[:limit]
        table = [
            (m.home.label, m.field.label, str(m.pairs), str(m.yes), str(m.maybe), f"{m.mark:.0f}")
            for m in met
        ]
        _print(met, ("Methods of", "Problems of", "Pairs", "Yes", "Maybe", "Mean mark"), table, json=json)
        if not json:
            held = [(m, m.tournament) for m in met if m.tournament]
            print_lines(*(f"{m.home.label} → {m.field.label}: {t.stopped}; {t.verdict}" for m, t in held))
    elif view == "surprises":
        odd = surprises(store, job, limit)
        _print(odd, TRANSFERS, [_transfer_row(one.mined) for one in odd], json=json)
    else:
        _print_contrasts(store, job, json=json)


def _print_contrasts(store: "MiningStore", job: str, *, json: bool) -> None:
    from agents.mining.meetings import contrasts

    found = contrasts(store, job)
    if json:
        print_json([one.model_dump(mode="json") for one in found])
        return
    for one in found:
        said = one.contrast
        print_lines(
            f"{one.first} and {one.second}, by {one.model}",
            *(
                f"  both: {clean(s.challenge)} ({clean(s.in_first)}; {clean(s.in_second)})"
                for s in said.shared
            ),
            *(f"  only {one.first}: {clean(text)}" for text in said.only_first),
            *(f"  only {one.second}: {clean(text)}" for text in said.only_second),
            *(f"  {clean(t.first)} = {clean(t.second)}: {clean(t.meaning)}" for t in said.glossary),
        )


def _print(
    found: "Sequence[BaseModel]", headings: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, json: bool
) -> None:
    if json:
        print_json([one.model_dump(mode="json") for one in found])
    else:
        print_table(headings, rows, flexible=headings[-1] if headings is TRANSFERS else headings[0])
