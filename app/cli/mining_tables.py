"""What `hypofind mine status` and `mine show` print."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel

from agents.mining import CellReport, Mined, Store
from agents.mining.atlas import meetings, surprises, travellers
from agents.mining.contrasts import contrasts
from app.cli.exit_codes import Exit
from app.cli.mining import print_lines, told
from app.cli.output import clean, notice, print_json, print_table
from app.errors import InputError
from app.mining import open_store
from app.mining_files import note_of
from app.settings import load_settings

VIEWS = ("transfers", "methods", "fields", "surprises", "contrasts")


def print_status(job: str | None, *, cells: bool, json: bool, settings: Path | None) -> Exit:
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
            print_lines(f"{told(progress)}  ({progress.state})")
            print_lines(*(f"  {count:,} × {clean(reason)}" for reason, count in progress.failures.items()))
    return Exit.DONE


def _print_cells(cells: Sequence[CellReport], *, json: bool) -> None:
    if json:
        print_json([cell.model_dump(mode="json") for cell in cells])
        return
    for c in cells:
        why = f"  ({c.reason})" if c.reason else ""
        print_lines(
            f"{c.state:8}{c.done:>6}/{c.chosen:<6}{c.home.label}, {c.methods_facet} → "
            f"{c.field.label}, {c.targets_facet}{why}"
        )


def print_results(
    job: str, view: str, home: str | None, field: str | None, limit: int, *, json: bool, settings: Path | None
) -> Exit:
    if view not in VIEWS:
        raise InputError(f"--by {view!r} is none of {', '.join(VIEWS)}")
    loaded = load_settings(None, settings)
    with open_store(loaded) as store:
        note = note_of(store, job)
        if view == "transfers":
            uris = [None if name is None else store.discipline(job, name) for name in (home, field)]
            mined = list(store.mined(job, home=uris[0], field=uris[1], limit=limit))
            _print(mined, TRANSFERS, [_transfer_row(one) for one in mined], json=json)
        else:
            _print_view(store, job, view, limit, json=json)
    notice(note)
    return Exit.DONE


TRANSFERS = ("Id", "Verdict", "Mark", "Strength", "Transfer")


def _transfer_row(mined: Mined) -> tuple[str, ...]:
    pair, finding = mined.pair, mined.finding
    assert finding  # noqa: S101 - only what is answered is listed
    mark = f"{finding.mark:.0f}" + (f" ± {finding.spread:.0f}" if finding.spread is not None else "")
    method, target = f"{pair.method.label} ({pair.home.label})", f"{pair.target.label} ({pair.field.label})"
    strength = (
        "" if mined.rating is None else f"{mined.rating:.1f} ({mined.rating_low:.1f}–{mined.rating_high:.1f})"
    )
    return (pair.id[:8], finding.transfer.verdict.value, mark, strength, f"{method} → {target}")


def _print_view(store: Store, job: str, view: str, limit: int, *, json: bool) -> None:
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


def _print_contrasts(store: Store, job: str, *, json: bool) -> None:
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
    found: Sequence[BaseModel], headings: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, json: bool
) -> None:
    if json:
        print_json([one.model_dump(mode="json") for one in found])
    else:
        print_table(headings, rows, flexible=headings[-1] if headings is TRANSFERS else headings[0])
