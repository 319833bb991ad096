"""The SQLite file of a store: its tables, opening it, bringing it to this format, statements, refusals.

A commit survives the death of a process at any moment (write-ahead log); several processes may work on one
file. A file of an earlier format is brought to this one, a newer one is refused.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from agents.errors import DiskFull, MiningStoreBusy, RunRefused, StoreDamaged
from agents.files import explained
from agents.mining.rows import VIEW

FORMAT = "3"  # raise it whenever a table or what is kept in one changes
MIGRATIONS = {
    "2": "alter table job add column owner text;alter table job add column wanted integer not null default 0;"
}
"""What brings a store of an earlier format to the next one."""

TABLES = """
create table if not exists meta (name text primary key, value text not null);
create table if not exists job (
    id text primary key, spec text not null, created text not null, state text not null,
    wish text, release text not null, model text, per_minute real, owner text,
    wanted integer not null default 0
);
create table if not exists term (uri text primary key, label text not null);
create table if not exists pair (
    job text not null, position integer not null, id text not null,
    method text not null, home text not null, target text not null, field text not null,
    methods_facet text not null, targets_facet text not null, fit real not null, distance integer not null,
    state text not null default 'open', reason text, mark real, verdict text, finding text,
    primary key (job, position), unique (job, id)
) without rowid;
create index if not exists pair_state on pair (job, state, position);
create index if not exists pair_best on pair (job, home, field, mark);
create table if not exists cell (
    job text not null, position integer not null, home text not null, field text not null,
    methods_facet text not null, targets_facet text not null,
    candidates integer not null, chosen integer not null, reason text, primary key (job, position)
);
create table if not exists call (
    key text primary key, job text not null, tokens integer not null, cost real, record text not null
) without rowid;
create index if not exists call_job on call (job);
create table if not exists rating (
    job text not null, pair text not null, strength real not null, low real not null, high real not null,
    ranked integer not null, primary key (job, pair)
);
create table if not exists tournament (
    job text not null, home text not null, field text not null, matches integer not null,
    stopped text not null, verdict text not null, primary key (job, home, field)
);
create table if not exists contrast (
    job text not null, first text not null, second text not null, model text not null, record text not null,
    primary key (job, first, second)
);
"""


FILE = "mining.sqlite"
WAIT_S = 30.0  # for another process that writes
PATIENCE = 20  # times that long, before an answer that was paid for is given up


class Database:
    """Raises MiningError or RunRefused. `close` it, or use it in a with statement."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / FILE
        with explained(folder, "make"):
            folder.mkdir(parents=True, exist_ok=True)
        self._writes = os.access(folder, os.W_OK)
        with self.told():
            self.connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?{self._mode()}",
                uri=True,
                timeout=WAIT_S,
                isolation_level=None,
                check_same_thread=False,
            )
            self.connection.row_factory = sqlite3.Row
            self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()

    def rows(self, select: str, *values: object) -> list[sqlite3.Row]:
        with self.told():
            return self.connection.execute(select, values).fetchall()

    def do(self, statement: str, *values: object) -> int:
        """Return how many rows it changed. What is to be kept waits for as long as others write."""
        for _ in range(PATIENCE - 1):
            try:
                return self._do(statement, values)
            except MiningStoreBusy:
                continue
        return self._do(statement, values)

    def _do(self, statement: str, values: Sequence[object]) -> int:
        with self.told():
            return self.connection.execute(statement, values).rowcount

    def _mode(self) -> str:
        """Where nothing may be written, what is there can still be read."""
        if self._writes:
            return "mode=rwc"
        has_log = self.path.with_name(f"{FILE}-wal").exists()
        return "mode=ro" if has_log else "mode=ro&immutable=1"

    def _open(self) -> None:
        if self._writes:
            self.connection.execute("pragma journal_mode = wal")
        # a killed process loses nothing; a power cut may
        self.connection.execute("pragma synchronous = normal")
        known = self.connection.execute("select 1 from sqlite_master where name = 'meta'").fetchone()
        if known:
            found = self.connection.execute("select value from meta where name = 'format'").fetchone()
            self._migrate(found[0] if found else "unknown")
            return
        self.connection.executescript(TABLES + VIEW)
        self.connection.execute("insert or ignore into meta values ('format', ?)", [FORMAT])

    def _migrate(self, found: str) -> None:
        """Bring the file to this format. Raises StoreDamaged for a newer one, or one too old to be known."""
        while found != FORMAT:
            step = MIGRATIONS.get(found)
            if step and not self._writes:
                return  # what it lacks is not needed to read it
            if step is None:
                raise StoreDamaged(
                    f"{self.path} was made by another version (format {found}, this one has {FORMAT}): name "
                    "another folder, or move that file away"
                )
            with self.whole():
                for statement in filter(None, step.split(";")):
                    self.connection.execute(statement)
                found = str(int(found) + 1)
                self.connection.execute("update meta set value = ? where name = 'format'", [found])

    @contextmanager
    def whole(self, begin: str = "begin immediate") -> Iterator[None]:
        """All of it or nothing."""
        self.connection.execute(begin)
        try:
            yield
        except BaseException:
            if self.connection.in_transaction:  # a full disk has ended it already
                self.connection.execute("rollback")
            raise
        self.connection.execute("commit")

    @contextmanager
    def told(self) -> Iterator[None]:
        """SQLite's refusals in words."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise self._explain(error) from error

    def _explain(self, error: sqlite3.DatabaseError) -> Exception:
        code = getattr(error, "sqlite_errorname", "")
        if code.startswith("SQLITE_FULL"):
            return DiskFull(
                f"cannot write {self.path}: the disk is full; free some space and run the job again, what is "
                "finished is kept"
            )
        if code.startswith("SQLITE_READONLY"):
            return RunRefused(f"{self.path} may not be written: copy it to a folder of yours")
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return MiningStoreBusy(
                f"{self.path} is busy: another process wrote for {WAIT_S:.0f} s; try again"
            )
        if code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
            return StoreDamaged(
                f"{self.path} is damaged or no store of mining jobs: restore it from a backup, move it away, "
                "or name another folder"
            )
        return RunRefused(f"cannot use {self.path}: {error}")
