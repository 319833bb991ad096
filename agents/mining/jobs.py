"""What a store knows of each job beside its pairs: owner, spec, state, wishes, pace, model, who runs it."""

import json
import sqlite3
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path

from agents.errors import JobConflict, MiningError, RunRefused, UnknownJob
from agents.files import explained
from agents.mining.database import Database
from agents.mining.rows import read_kept, read_state
from agents.mining.schema import JobState
from agents.mining.spec import Spec
from agents.model import Budget


@contextmanager
def working(folder: Path, job: str) -> Iterator[None]:
    """Keep other processes off the job. Raises MiningError if one is at it."""
    from filelock import FileLock, Timeout

    lock = FileLock(_lock_path(folder, job))
    with explained(folder, "write"):
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise MiningError(
                f"job {job!r} is being run by another process: wait for it, or pause it"
            ) from error
    try:
        yield
    finally:
        lock.release()


def is_worked_on(folder: Path, job: str) -> bool:
    """Whether somebody holds the job: a process that was killed does not."""
    try:
        with working(folder, job):
            return False
    except MiningError:
        return True
    except RunRefused:  # nobody writes in a folder that may not be written
        return False


def _lock_path(folder: Path, job: str) -> Path:
    return folder / f".{job}.lock"


class JobTable(Database):
    """The jobs of one file. Raises MiningError or RunRefused."""

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
        row = self.require_job(job)
        found = row["owner"] if "owner" in row.keys() else None  # noqa: SIM118 - sqlite3.Row iterates values
        return None if found is None else str(found)

    def wanted(self) -> list[str]:
        """Return the jobs that somebody started and nobody has ended yet: a new start goes on with them."""
        return [row["id"] for row in self.rows("select id from job where wanted = 1 order by created, id")]

    def set_wanted(self, job: str, *, wanted: bool) -> None:
        self.do("update job set wanted = ? where id = ?", int(wanted), job)

    def spec(self, job: str) -> Spec:
        return read_kept(Spec, self.require_job(job)["spec"], job)

    def set_budget(self, job: str, budget: Budget) -> None:
        """All else that a job was planned with stays. Raises JobConflict while it runs."""
        if self.state(job) is JobState.RUNNING:
            raise JobConflict(f"job {job!r} is running: pause it before its budget is changed")
        spec = self.spec(job).model_copy(update={"budget": budget})
        self.do("update job set spec = ? where id = ?", spec.model_dump_json(), job)

    def release(self, job: str) -> str:
        """Of PhySH, that the job was planned with."""
        return str(self.require_job(job)["release"])

    def state(self, job: str) -> JobState:
        """As it was left; a job whose process was killed has stopped."""
        state = read_state(self.require_job(job)["state"], job)
        if state is JobState.RUNNING and not is_worked_on(self.folder, job):
            return JobState.STOPPED
        return state

    def set_state(self, job: str, state: JobState) -> None:
        self.do("update job set state = ? where id = ?", state, job)

    def wish(self, job: str) -> JobState | None:
        """Paused or cancelled, if somebody asked for it."""
        found = self.require_job(job)["wish"]
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
        found = self.require_job(job)["model"]
        return None if found is None else str(found)

    def set_model(self, job: str, name: str) -> None:
        """Whoever is asked. A job stays with its model: its answers are compared."""
        before = self.model(job)
        if before not in (None, name):
            raise MiningError(
                f"job {job!r} was begun with the model {before!r} and cannot go on with {name!r}"
            )
        self.do("update job set model = ? where id = ?", name, job)

    def require_job(self, job: str) -> sqlite3.Row:
        """Return its row. Raises UnknownJob."""
        rows = self.rows("select * from job where id = ?", job)
        if not rows:
            known = ", ".join(self.jobs()[:8]) or "none yet"
            raise UnknownJob(f"no mining job {job[:80]!r} in {self.folder}; there are: {known}")
        return rows[0]
