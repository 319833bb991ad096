"""One SQLite file with all jobs, their pairs and every answered call: what is in it is never asked again.

A commit survives the death of a process at any moment (write-ahead log); several processes may work on one
file, each on its own job. A store of an earlier format is brought to this one, a newer one is refused.
"""

import json
import logging
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from agents.errors import (
    DiskFull,
    JobConflict,
    MiningError,
    RecordDamaged,
    RunRefused,
    StoreBusy,
    StoreDamaged,
    UnknownJob,
)
from agents.files import explained
from agents.mining.lock import is_worked_on
from agents.mining.rows import (
    CELL_COLUMNS,
    PAIR_COLUMNS,
    VIEW,
    pair_row,
    read_all,
    read_cell,
    read_kept,
    read_mined,
    read_pair,
    read_state,
)
from agents.mining.schema import Cell, CellReport, Finding, JobState, Mined, Pair, Progress
from agents.mining.spec import Spec
from agents.mining.tables import FORMAT, MIGRATIONS, TABLES
from agents.model import Budget
from agents.schema import ConceptRef

FILE = "mining.sqlite"
WAIT_S = 30.0  # for another process that writes
PATIENCE = 20  # times that long, before an answer that was paid for is given up
BATCH = 1_000
log = logging.getLogger("hypofind")


class Store:
    """Raises MiningError or RunRefused. `close` it, or use it in a with statement."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / FILE
        with explained(folder, "make"):
            folder.mkdir(parents=True, exist_ok=True)
        self._writes = os.access(folder, os.W_OK)
        with self._told():
            self._db = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?{self._mode()}",
                uri=True,
                timeout=WAIT_S,
                isolation_level=None,
                check_same_thread=False,
            )
            self._db.row_factory = sqlite3.Row
            self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    # ---- jobs

    def add_job(
        self,
        spec: Spec,
        release: str,
        pairs: Iterable[Pair],
        cells: Callable[[], Iterable[Cell]],
        owner: str | None = None,
    ) -> None:
        """Keep a job, all or nothing; `cells` are known once `pairs` are read.

        Pairs are gathered in a temporary table of this connection, so that choosing them, which takes seconds
        to minutes, holds up nobody who writes. Raises JobConflict for a name that is taken.
        """
        self._require_free(spec.name)
        with self._told(), self._whole("begin"):
            self._db.execute("create temp table planned as select * from pair where 0")
        try:
            with self._told(), self._whole("begin"):
                terms = self._gather(spec.name, pairs)
            with self._told(), self._whole():
                self._require_free(spec.name)
                now = datetime.now(UTC).isoformat(timespec="seconds")
                self._db.execute(
                    "insert into job (id, spec, created, state, release, owner) values (?, ?, ?, ?, ?, ?)",
                    [spec.name, spec.model_dump_json(), now, JobState.PLANNED, release, owner],
                )
                self._add_terms(terms)
                columns = ", ".join(PAIR_COLUMNS)
                self._db.execute(f"insert into pair ({columns}) select {columns} from planned")  # noqa: S608 - our own names
                self._add_cells(spec.name, cells())
        finally:
            with self._told():
                self._db.execute("drop table if exists temp.planned")

    def _require_free(self, name: str) -> None:
        if self.rows("select 1 from job where id = ?", name):
            raise JobConflict(f"there is a job {name!r} already: give the spec another name")

    def jobs(self, owners: AbstractSet[str] | None = None) -> list[str]:
        """Return all jobs' names, or those of some owners, newest first."""
        query = "select id from job{} order by created desc, id"
        if owners is None:
            rows = self.rows(query.format(""))
        else:
            where = " where owner in (select value from json_each(?))"
            rows = self.rows(query.format(where), json.dumps(sorted(owners)))
        return [row["id"] for row in rows]

    def owner(self, job: str) -> str | None:
        """Return whose API key planned it; None for one that was planned on this machine."""
        row = self._job(job)
        found = row["owner"] if "owner" in row.keys() else None  # noqa: SIM118 - sqlite3.Row iterates values
        return None if found is None else str(found)

    def wanted(self) -> list[str]:
        """Return the jobs that somebody started and nobody has ended yet: a new start goes on with them."""
        return [row["id"] for row in self.rows("select id from job where wanted = 1 order by created, id")]

    def set_wanted(self, job: str, *, wanted: bool) -> None:
        self.do("update job set wanted = ? where id = ?", int(wanted), job)

    def spec(self, job: str) -> Spec:
        return read_kept(Spec, self._job(job)["spec"], job)

    def set_budget(self, job: str, budget: Budget) -> None:
        """All else that a job was planned with stays. Raises JobConflict while it runs."""
        if self.state(job) is JobState.RUNNING:
            raise JobConflict(f"job {job!r} is running: pause it before its budget is changed")
        spec = self.spec(job).model_copy(update={"budget": budget})
        self.do("update job set spec = ? where id = ?", spec.model_dump_json(), job)

    def release(self, job: str) -> str:
        """Of PhySH, that the job was planned with."""
        return str(self._job(job)["release"])

    def state(self, job: str) -> JobState:
        """As it was left; a job whose process was killed has stopped."""
        state = read_state(self._job(job)["state"], job)
        if state is JobState.RUNNING and not is_worked_on(self.folder, job):
            return JobState.STOPPED
        return state

    def set_state(self, job: str, state: JobState) -> None:
        self.do("update job set state = ? where id = ?", state, job)

    def wish(self, job: str) -> JobState | None:
        """Paused or cancelled, if somebody asked for it."""
        found = self._job(job)["wish"]
        return read_state(found, job) if found else None

    def set_wish(self, job: str, wish: JobState) -> None:
        self.do("update job set wish = ? where id = ?", wish, job)

    def lift_pause(self, job: str) -> None:
        self.do(
            "update job set wish = null, state = iif(state = 'paused', 'planned', state) where id = ?", job
        )

    def begin(self, job: str) -> bool:
        """Running from now on, unless somebody has paused or cancelled it by now."""
        begin = "update job set state = 'running' where id = ? and state not in ('paused', 'cancelled')"
        return self.do(begin, job) == 1

    def set_pace(self, job: str, ended: int, seconds: float) -> None:
        """Of so many pairs in that time; none: not known."""
        per_minute = round(60 * ended / seconds, 2) if ended else None
        self.do("update job set per_minute = ? where id = ?", per_minute, job)

    def model(self, job: str) -> str | None:
        found = self._job(job)["model"]
        return None if found is None else str(found)

    def set_model(self, job: str, name: str) -> None:
        """Whoever is asked. A job stays with its model: its answers are compared."""
        before = self.model(job)
        if before not in (None, name):
            raise MiningError(
                f"job {job!r} was begun with the model {before!r} and cannot go on with {name!r}"
            )
        self.do("update job set model = ? where id = ?", name, job)

    # ---- pairs

    def open_pairs(self, job: str) -> Iterator[Pair]:
        """Those without an answer, in the plan's order; read in parts, as they are written meanwhile."""
        last = -1
        while rows := self.rows(
            "select * from pair_view where job = ? and state = 'open' and position > ? "
            "order by position limit ?",
            job,
            last,
            BATCH,
        ):
            last = rows[-1]["position"]
            yield from read_all(read_pair, rows)

    def reopen_failed(self, job: str) -> int:
        """What failed is tried again, and an answer that is kept costs nothing. How many."""
        return self.do(
            "update pair set state = 'open', reason = null where job = ? and state = 'failed'", job
        )

    def finish(self, job: str, pair: str, finding: Finding) -> None:
        """The first finding stays."""
        self.do(
            "update pair set state = 'done', reason = null, mark = ?, verdict = ?, finding = ? "
            "where job = ? and id = ? and state <> 'done'",
            finding.mark,
            finding.transfer.verdict,
            finding.model_dump_json(),
            job,
            pair,
        )

    def fail(self, job: str, pair: str, reason: str) -> None:
        """An answer that is there already stays."""
        self.do(
            "update pair set state = 'failed', reason = ? where job = ? and id = ? and state <> 'done'",
            reason,
            job,
            pair,
        )

    def mined(
        self, job: str, *, home: str | None = None, field: str | None = None, skip: int = 0, limit: int = -1
    ) -> Iterator[Mined]:
        """With a finding, best first: by verdict, mark, and the selection's fit. URIs.

        Between two disciplines, those that their tournament ranked come first, by strength.
        """
        self._job(job)
        wanted = {"job": job, "home": home, "field": field}
        given = {name: value for name, value in wanted.items() if value is not None}
        where = " and ".join(f"{name} = ?" for name in given)
        strength = "strength desc nulls last, " if home and field else ""
        order = (
            f"order by {strength}case verdict when 'yes' then 0 when 'maybe' then 1 else 2 end, "
            "mark desc, fit desc, id"
        )
        with self._told():
            cursor = self._db.execute(
                f"select * from pair_view where {where} and state = 'done' {order} limit ? offset ?",  # noqa: S608 - our own names
                [*given.values(), limit, skip],
            )
            yield from read_all(read_mined, cursor)

    def get_mined(self, job: str, pair: str) -> Mined:
        """By its id, or the beginning of it."""
        rows = self.rows(
            "select * from pair_view where job = ? and id >= ? and id < ? limit 2", job, pair, f"{pair}g"
        )
        if len(rows) != 1:
            what = "no pair" if not rows else "more than one pair"
            raise UnknownJob(f"job {job!r} has {what} whose id begins with {pair[:40]!r}")
        return read_mined(rows[0])

    # ---- what became of a job

    def progress(self, job: str) -> Progress:
        states = dict(self._pairs_of("select state, count(*) from pair where job = ? group by state", job))
        failures = dict(
            self._pairs_of(
                "select reason, count(*) from pair where job = ? and state = 'failed' group by reason", job
            )
        )
        paid = self.rows(
            "select count(*) as calls, coalesce(sum(tokens), 0) as tokens, "
            "case when count(cost) < count(*) then null else coalesce(sum(cost), 0.0) end as cost "
            "from call where job = ?",
            job,
        )[0]
        state, found = self.state(job), self._job(job)["per_minute"]
        rate = float(found) if isinstance(found, int | float) else None
        left = states.get("open", 0)
        return Progress(
            job=job,
            state=state,
            pairs=sum(states.values()),
            done=states.get("done", 0),
            failed=states.get("failed", 0),
            per_minute=rate,
            seconds_left=round(60 * left / rate, 1) if rate and state is JobState.RUNNING else None,
            calls=paid["calls"],
            tokens=paid["tokens"],
            cost_usd=paid["cost"],
            failures=failures,
        )

    def overview(self, owners: AbstractSet[str] | None = None) -> list[Progress]:
        """Return how far all jobs are, or those of some owners, newest first.

        A job whose record is damaged is logged and left out: it is asked for by its name.
        """
        found = []
        for job in self.jobs(owners):
            try:
                found.append(self.progress(job))
            except RecordDamaged as error:
                log.warning("%s", error)
        return found

    def cells(self, job: str) -> list[CellReport]:
        """Every discipline × facet cell, in the plan's order: tried, skipped and why, failed, or waiting."""
        self._job(job)
        rows = self.rows(
            "with ended as (select home, field, methods_facet, targets_facet, sum(state = 'done') as done, "
            "sum(state = 'failed') as failed from pair where job = ? group by 1, 2, 3, 4) "
            "select cell.*, h.label as home_label, f.label as field_label, "
            "coalesce(ended.done, 0) as done, coalesce(ended.failed, 0) as failed "
            "from cell join term h on h.uri = cell.home join term f on f.uri = cell.field "
            "left join ended using (home, field, methods_facet, targets_facet) "
            "where cell.job = ? order by cell.position",
            job,
            job,
        )
        return [read_cell(row) for row in rows]

    # ---- beyond single pairs

    def meetings(self, job: str) -> list[tuple[str, str]]:
        """URIs of disciplines, source and target, between which something was answered."""
        rows = self.rows(
            "select distinct home, field from pair where job = ? and state = 'done' order by home, field", job
        )
        return [(row["home"], row["field"]) for row in rows]

    def discipline(self, job: str, name: str) -> str:
        """The URI of a discipline of the job's cells, by URI or label. Raises MiningError."""
        rows = self.rows(
            "select distinct uri, label from term where uri in (select home from cell where job = ?) "
            "or uri in (select field from cell where job = ?) order by label",
            job,
            job,
        )
        known = {said: row["uri"] for row in rows for said in (row["label"].casefold(), row["uri"])}
        found = known.get(name.casefold(), known.get(name))
        if found is None:
            labels = ", ".join(row["label"] for row in rows)
            raise UnknownJob(f"job {job!r} has no discipline {name[:80]!r}; there are: {labels}")
        return str(found)

    # ---- statements, for the files beside this one too

    def rows(self, select: str, *values: object) -> list[sqlite3.Row]:
        with self._told():
            return self._db.execute(select, values).fetchall()

    def do(self, statement: str, *values: object) -> int:
        """Return how many rows it changed. What is to be kept waits for as long as others write."""
        for _ in range(PATIENCE - 1):
            try:
                return self._do(statement, values)
            except StoreBusy:
                continue
        return self._do(statement, values)

    def _do(self, statement: str, values: Sequence[object]) -> int:
        with self._told():
            return self._db.execute(statement, values).rowcount

    # ---- the file

    def _mode(self) -> str:
        """Where nothing may be written, what is there can still be read."""
        if self._writes:
            return "mode=rwc"
        has_log = self.path.with_name(f"{FILE}-wal").exists()
        return "mode=ro" if has_log else "mode=ro&immutable=1"

    def _open(self) -> None:
        if self._writes:
            self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")  # a killed process loses nothing; a power cut may
        known = self._db.execute("select 1 from sqlite_master where name = 'meta'").fetchone()
        if known:
            found = self._db.execute("select value from meta where name = 'format'").fetchone()
            self._migrate(found[0] if found else "unknown")
            return
        self._db.executescript(TABLES + VIEW)
        self._db.execute("insert or ignore into meta values ('format', ?)", [FORMAT])

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
            with self._whole():
                for statement in filter(None, step.split(";")):
                    self._db.execute(statement)
                found = str(int(found) + 1)
                self._db.execute("update meta set value = ? where name = 'format'", [found])

    def _gather(self, job: str, pairs: Iterable[Pair]) -> set[ConceptRef]:
        marks = ", ".join("?" * len(PAIR_COLUMNS))
        insert = f"insert into planned ({', '.join(PAIR_COLUMNS)}) values ({marks})"  # noqa: S608 - our own names
        terms: set[ConceptRef] = set()
        for position, pair in enumerate(pairs):
            self._db.execute(insert, pair_row(job, position, pair))
            terms |= {pair.method, pair.home, pair.target, pair.field}
        return terms

    def _add_cells(self, job: str, cells: Iterable[Cell]) -> None:
        marks = ", ".join("?" * len(CELL_COLUMNS))
        for position, cell in enumerate(cells):
            self._add_terms({cell.home, cell.field})
            said = (cell.methods_facet, cell.targets_facet, cell.candidates, cell.chosen, cell.reason)
            self._db.execute(
                f"insert into cell ({', '.join(CELL_COLUMNS)}) values ({marks})",  # noqa: S608 - our own names
                [job, position, cell.home.uri, cell.field.uri, *said],
            )

    def _add_terms(self, terms: Iterable[ConceptRef]) -> None:
        self._db.executemany("insert or ignore into term values (?, ?)", [(t.uri, t.label) for t in terms])

    def _job(self, job: str) -> sqlite3.Row:
        rows = self.rows("select * from job where id = ?", job)
        if not rows:
            known = ", ".join(self.jobs()[:8]) or "none yet"
            raise UnknownJob(f"no mining job {job[:80]!r} in {self.folder}; there are: {known}")
        return rows[0]

    def _pairs_of(self, select: str, *values: object) -> list[tuple[str, int]]:
        return [(str(row[0]), int(row[1])) for row in self.rows(select, *values)]

    @contextmanager
    def _whole(self, begin: str = "begin immediate") -> Iterator[None]:
        self._db.execute(begin)
        try:
            yield
        except BaseException:
            if self._db.in_transaction:  # a full disk has ended it already
                self._db.execute("rollback")
            raise
        self._db.execute("commit")

    @contextmanager
    def _told(self) -> Iterator[None]:
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
            return StoreBusy(f"{self.path} is busy: another process wrote for {WAIT_S:.0f} s; try again")
        if code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
            return StoreDamaged(
                f"{self.path} is damaged or no store of mining jobs: restore it from a backup, move it away, "
                "or name another folder"
            )
        return RunRefused(f"cannot use {self.path}: {error}")
