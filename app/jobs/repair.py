"""What becomes of a damaged database of the service: it is moved aside, and what can be read is taken over.

Runs lie in their own folders. A run whose row is lost is listed again from its folder; it belongs to nobody,
so that with keys only an admin sees it. A key whose row is lost is none, and the service goes on wanting one.
"""

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import sqlalchemy as sa
from pydantic import ValidationError

from agents import Run, RunError, open_run, run_names
from agents.schema import Report
from app.jobs.job import JobOutcome, JobRequest
from app.jobs.state import RunState
from app.settings.sections import INHERITED, RunChoices

MAGIC = b"SQLite format 3\x00"
CRATE = "ro-crate-metadata.json"  # in the folder of a run that was opened from a published archive
UNREADABLE = "(the record of this run cannot be read)"
NOBODY = "recovered"  # the owner of a run whose row was lost
ENDS = ("", "-wal", "-shm")
log = logging.getLogger("hypofind")


def is_damaged(path: Path) -> bool:
    """Whether SQLite cannot read the file. An absent or empty one is a new database."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    try:
        with closing(sqlite3.connect(path)) as database:
            (state,) = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError:
        return False  # locked or not readable: whoever opens it says so
    except sqlite3.DatabaseError:
        return True
    return bool(state != "ok")


def move_aside(path: Path) -> Path:
    """Move a database and its journals away and return where it lies now; nothing is overwritten."""
    number = next(n for n in range(1, 10_000) if not path.with_name(f"{path.name}.damaged-{n}").exists())
    aside = path.with_name(f"{path.name}.damaged-{number}")
    for end in ENDS:
        part = path.with_name(path.name + end)
        if part.exists():
            part.replace(aside.with_name(aside.name + end))
    log.warning("%s was damaged: it is moved to %s and made again", path, aside.name)
    return aside


def take_over(aside: Path, tables: sa.MetaData, engine: sa.Engine) -> None:
    """Copy every row that can still be read into the new database."""
    whole = aside.with_name(f"{aside.name}.reading")
    shutil.copyfile(aside, whole)
    with whole.open("r+b") as file:
        file.write(MAGIC)  # without it SQLite looks no further, and the rows may be whole
    try:
        for table in tables.sorted_tables:
            names = {column.name for column in table.columns}
            for row in _rows(whole, table.name):
                kept = {name: value for name, value in row.items() if name in names}
                with suppress(sa.exc.DBAPIError), engine.begin() as connection:
                    connection.execute(table.insert().values(kept))
    finally:
        whole.unlink()


def _rows(path: Path, table: str) -> Iterator[dict[str, object]]:
    """Rows from both ends: in the middle there may be damage."""
    seen: set[object] = set()
    for order in ("ASC", "DESC"):
        with closing(sqlite3.connect(path)) as database, suppress(sqlite3.DatabaseError):
            database.row_factory = sqlite3.Row
            for row in database.execute(f"SELECT rowid AS _row, * FROM {table} ORDER BY rowid {order}"):  # noqa: S608 - a name of ours
                if row["_row"] not in seen:
                    seen.add(row["_row"])
                    yield {name: row[name] for name in row.keys() if name != "_row"}  # noqa: SIM118 - sqlite3.Row iterates values


def list_again(runs: Path, jobs: sa.Table, engine: sa.Engine) -> int:
    """Give each run of the service that has no row one, from its folder; return how many."""
    with engine.begin() as connection:
        known = set(connection.execute(sa.select(jobs.c.id)).scalars())
    found = [
        name for name in run_names(runs) if name not in known and (runs / name / "events.jsonl").exists()
    ]
    for name in reversed(found):  # oldest first, as they were asked
        with engine.begin() as connection:
            connection.execute(jobs.insert().values(_row(runs, name)))
    return len(found)


def list_opened(runs: Path, jobs: sa.Table, engine: sa.Engine) -> None:
    """Give each run that was opened from a published archive a row; with keys, an admin sees it."""
    found = [name for name in run_names(runs) if (runs / name / CRATE).exists()]
    with engine.begin() as connection:
        known = set(connection.execute(sa.select(jobs.c.id).where(jobs.c.id.in_(found))).scalars())
    for name in found:
        if name not in known:
            with engine.begin() as connection:
                connection.execute(jobs.insert().values(_row(runs, name)))


def _row(runs: Path, name: str) -> dict[str, object]:
    asked, created, report = JobRequest(question=UNREADABLE), "1970-01-01T00:00:00+00:00", None
    with suppress(RunError):
        run = open_run(runs, name)
        asked, created = _asked(run), run.record.created.isoformat()
        report = run.report()
    return {
        "id": name,
        "owner": NOBODY,
        "asked_sha256": "",
        "asked": asked.model_dump_json(exclude_unset=True),
        "state": (RunState.SUCCEEDED if report else RunState.FAILED).value,
        "created": created,
        "reason": None if report else f"its record was lost; hypofind ask --resume {name} goes on with it",
        "ended": _ended(report).model_dump_json(),
        "tokens": 0,
        "usd": 0.0,
    }


def _asked(run: Run) -> JobRequest:
    """Return what was asked, so that a fork inherits it; without settings that this version does not have."""
    had = run.record.settings
    try:
        chosen = RunChoices.model_validate({name: getattr(had, name) for name in INHERITED})
    except ValidationError:
        chosen = RunChoices()
    return JobRequest(question=run.record.question, pins=had.pins, settings=chosen)


def _ended(report: Report | None) -> JobOutcome:
    if report is None:
        return JobOutcome()
    return JobOutcome(status=report.status, models=sorted({one.model for one in report.hypotheses}))
