"""A store: one SQLite file with all jobs, their pairs and every answered call.

What is in it is never asked again. Several processes may work on one, each on its own job.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime

from agents.errors import JobConflict, RecordDamaged, UnknownJob
from agents.mining.jobs import JobTable
from agents.mining.rows import (
    CELL_COLUMNS,
    PAIR_COLUMNS,
    pair_row,
    read_all,
    read_cell,
    read_mined,
    read_pair,
)
from agents.mining.schema import (
    Cell,
    CellReport,
    JobState,
    Mined,
    MiningProgress,
    TransferFinding,
    TransferPair,
)
from agents.mining.spec import Spec
from agents.schema import ConceptRef

BATCH = 1_000
log = logging.getLogger("hypofind")


class MiningStore(JobTable):
    """Raises MiningError or RunRefused. `close` it, or use it in a with statement."""

    # ---- a plan

    def add_job(
        self,
        spec: Spec,
        release: str,
        pairs: Iterable[TransferPair],
        cells: Callable[[], Iterable[Cell]],
        owner: str | None = None,
    ) -> None:
        """Keep a job, all or nothing; `cells` are known once `pairs` are read.

        Pairs are gathered in a temporary table of this connection, so that choosing them, which takes seconds
        to minutes, holds up nobody who writes. Raises JobConflict for a name that is taken.
        """
        self._require_free(spec.name)
        with self.told(), self.whole("begin"):
            self.connection.execute("create temp table planned as select * from pair where 0")
        try:
            with self.told(), self.whole("begin"):
                terms = self._gather(spec.name, pairs)
            with self.told(), self.whole():
                self._require_free(spec.name)
                now = datetime.now(UTC).isoformat(timespec="seconds")
                self.connection.execute(
                    "insert into job (id, spec, created, state, release, owner) values (?, ?, ?, ?, ?, ?)",
                    [spec.name, spec.model_dump_json(), now, JobState.PLANNED, release, owner],
                )
                self._add_terms(terms)
                columns = ", ".join(PAIR_COLUMNS)
                self.connection.execute(f"insert into pair ({columns}) select {columns} from planned")  # noqa: S608 - our own names
                self._add_cells(spec.name, cells())
        finally:
            with self.told():
                self.connection.execute("drop table if exists temp.planned")

    def _require_free(self, name: str) -> None:
        if self.rows("select 1 from job where id = ?", name):
            raise JobConflict(f"there is a job {name!r} already: give the spec another name")

    def _gather(self, job: str, pairs: Iterable[TransferPair]) -> set[ConceptRef]:
        marks = ", ".join("?" * len(PAIR_COLUMNS))
        insert = f"insert into planned ({', '.join(PAIR_COLUMNS)}) values ({marks})"  # noqa: S608 - our own names
        terms: set[ConceptRef] = set()
        for position, pair in enumerate(pairs):
            self.connection.execute(insert, pair_row(job, position, pair))
            terms |= {pair.method, pair.home, pair.target, pair.field}
        return terms

    def _add_cells(self, job: str, cells: Iterable[Cell]) -> None:
        marks = ", ".join("?" * len(CELL_COLUMNS))
        for position, cell in enumerate(cells):
            self._add_terms({cell.home, cell.field})
            said = (cell.methods_facet, cell.targets_facet, cell.candidates, cell.chosen, cell.reason)
            self.connection.execute(
                f"insert into cell ({', '.join(CELL_COLUMNS)}) values ({marks})",  # noqa: S608 - our own names
                [job, position, cell.home.uri, cell.field.uri, *said],
            )

    def _add_terms(self, terms: Iterable[ConceptRef]) -> None:
        self.connection.executemany(
            "insert or ignore into term values (?, ?)", [(t.uri, t.label) for t in terms]
        )

    # ---- pairs

    def open_pairs(self, job: str) -> Iterator[TransferPair]:
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

    def finish(self, job: str, pair: str, finding: TransferFinding) -> None:
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
        self.require_job(job)
        wanted = {"job": job, "home": home, "field": field}
        given = {name: value for name, value in wanted.items() if value is not None}
        where = " and ".join(f"{name} = ?" for name in given)
        strength = "strength desc nulls last, " if home and field else ""
        order = (
            f"order by {strength}case verdict when 'yes' then 0 when 'maybe' then 1 else 2 end, "
            "mark desc, fit desc, id"
        )
        with self.told():
            cursor = self.connection.execute(
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

    def progress(self, job: str) -> MiningProgress:
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
        state, found = self.state(job), self.require_job(job)["per_minute"]
        rate = float(found) if isinstance(found, int | float) else None
        left = states.get("open", 0)
        return MiningProgress(
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

    def overview(self, owners: AbstractSet[str] | None = None) -> list[MiningProgress]:
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
        self.require_job(job)
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

    def _pairs_of(self, select: str, *values: object) -> list[tuple[str, int]]:
        return [(str(row[0]), int(row[1])) for row in self.rows(select, *values)]

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
