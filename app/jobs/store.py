"""Jobs in the database. What may not be done twice is decided by one statement of it."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

import sqlalchemy as sa

from agents.run import make_name
from app.jobs import machine
from app.jobs.errors import JobNotFound, KeyBudgetSpent, NotResumable, OtherRequest, QueueFull, StoreBusy
from app.jobs.job import Job, JobOutcome, JobRequest, now
from app.jobs.repair import UNREADABLE
from app.jobs.state import RunState
from app.jobs.tables import grants, jobs, reading, writing

TRIES = 5
MOST_TOKENS = 2**53  # that a run can have spent: a damaged journal may say more, and no database holds it
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # stands for a time that is not known
UNREADABLE_ROW = "its record in the database is damaged or of a newer version"
Owners: TypeAlias = frozenset[str] | None  # ids of keys whose runs are meant; None: everybody's


@dataclass(frozen=True)
class Allowance:
    """What one API key may spend over all its runs. None: no limit."""

    tokens: int | None = None
    usd: float | None = None


class JobStore:
    """Raises StoreFull or StoreBusy from every method."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(
        self,
        asked: JobRequest,
        owner: str,
        *,
        idempotency: str | None = None,
        allowance: Allowance | None = None,
        most_waiting: int,
    ) -> tuple[Job, bool]:
        """The job, and whether it is new. Raises OtherRequest, QueueFull or KeyBudgetSpent."""
        for _ in range(TRIES):
            try:
                return self._add(asked, owner, idempotency, allowance or Allowance(), most_waiting)
            except sa.exc.IntegrityError:  # another took the name or the key first: now it can be seen
                continue
        raise StoreBusy("many questions come in at once: ask again soon")

    def _add(
        self, asked: JobRequest, owner: str, idempotency: str | None, allowance: Allowance, most_waiting: int
    ) -> tuple[Job, bool]:
        told = asked.model_dump_json(
            exclude_unset=True, exclude={"project"}
        )  # the caller's, and not asked for
        digest = hashlib.sha256(told.encode()).hexdigest()
        created = now()
        with writing(self._engine) as connection:
            known = _find_same(connection, owner, idempotency)
            if known is not None:
                return _same(known, digest), False
            _require_room(connection, most_waiting)
            granted = _grant(connection, owner, asked, allowance)
            row = {
                "id": make_name(asked.question, created),
                "owner": owner,
                "idempotency": idempotency,
                "asked_sha256": digest,
                "asked": granted.model_dump_json(exclude_unset=True),
                "state": RunState.QUEUED.value,
                "created": created.isoformat(),
                "tokens": granted.settings.budget_tokens or 0,
                "usd": granted.settings.budget_usd or 0.0,
                "parent": asked.parent,
            }
            connection.execute(jobs.insert().values(row))
            return _job(connection.execute(sa.select(jobs).where(jobs.c.id == row["id"])).one()), True

    def get(self, name: str, owners: Owners) -> Job:
        """With owners, only theirs. Raises JobNotFound."""
        query = _of(owners, sa.select(jobs).where(jobs.c.id == name))
        with reading(self._engine) as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise JobNotFound(f"there is no run {name[:80]!r} of yours")
        return _job(row)

    def page(
        self, owners: Owners, *, limit: int, below: int | None = None, state: RunState | None = None
    ) -> list[Job]:
        """Newest first, from below a number."""
        query = _of(owners, sa.select(jobs).order_by(jobs.c.number.desc()).limit(limit))
        if below is not None:
            query = query.where(jobs.c.number < below)
        if state is not None:
            query = query.where(jobs.c.state == state.value)
        with reading(self._engine) as connection:
            return [_job(row) for row in connection.execute(query)]

    def forks(self, name: str, owners: Owners, limit: int) -> list[Job]:
        """Return the runs that were forked from this one, oldest first; with owners, only theirs."""
        forked = sa.select(jobs).where(jobs.c.parent == name)
        query = _of(owners, forked.order_by(jobs.c.number).limit(limit))
        with reading(self._engine) as connection:
            return [_job(row) for row in connection.execute(query)]

    def unfinished(self) -> list[Job]:
        query = sa.select(jobs).where(jobs.c.state.in_(machine.UNFINISHED)).order_by(jobs.c.number)
        with reading(self._engine) as connection:
            return [_job(row) for row in connection.execute(query)]

    def ended_with_report(self) -> list[Job]:
        """Oldest first."""
        query = sa.select(jobs).where(jobs.c.ended.is_not(None)).order_by(jobs.c.number)
        with reading(self._engine) as connection:
            found = [_job(row) for row in connection.execute(query)]
        return [job for job in found if job.ended and job.ended.status]

    def counts(self) -> dict[RunState, int]:
        query = sa.select(jobs.c.state, sa.func.count()).group_by(jobs.c.state)
        with reading(self._engine) as connection:
            found = {str(state): int(count) for state, count in connection.execute(query)}
        return {state: found.get(state.value, 0) for state in RunState}

    def cancelling(self) -> list[str]:
        """Return the runs that somebody wants to end, perhaps from another process."""
        query = sa.select(jobs.c.id).where(jobs.c.state == RunState.CANCELLING.value)
        with reading(self._engine) as connection:
            return list(connection.execute(query).scalars())

    def start(self, name: str) -> bool:
        """Whether it may be worked on. A run that was being worked on when we died is started again."""
        with writing(self._engine) as connection:
            return machine.begin(connection, jobs, name)

    def cancel(self, name: str) -> RunState | None:
        """A waiting one is cancelled at once, a running one is cancelling until its report is written.

        The new state; None if nothing changed.
        """
        with writing(self._engine) as connection:
            return machine.cancel(connection, jobs, name, tokens=0, usd=0.0)

    def resume(self, name: str, allowance: Allowance) -> Job:
        """Put a run that has ended back into the queue, with the budget that it had or what is left of it.

        Raises NotResumable, or KeyBudgetSpent.
        """
        with writing(self._engine) as connection:
            row = connection.execute(sa.select(jobs).where(jobs.c.id == name)).one()
            job = _job(row)
            if not job.can_be_resumed:
                why = "is whole" if job.state.is_final else f"is {job.state}"
                raise NotResumable(
                    f"run {name} {why}: only one that ended before it was whole can be resumed"
                )
            granted = _grant_again(connection, job, Allowance(row.tokens, row.usd), allowance)
            values = {
                "state": RunState.QUEUED.value,
                "asked": granted.model_dump_json(exclude_unset=True),
                "finished": None,
                "reason": None,
                "ended": None,
                "tokens": granted.settings.budget_tokens or 0,
                "usd": granted.settings.budget_usd or 0.0,
                "attempt": job.attempt + 1,
            }
            connection.execute(jobs.update().where(jobs.c.id == name).values(values))
            return _job(connection.execute(sa.select(jobs).where(jobs.c.id == name)).one())

    def grant(
        self, what: str, owner: str, allowance: Allowance, wanted: Allowance, spent: Allowance
    ) -> Allowance:
        """Book what something outside runs may still spend, on top of `spent`, and return it.

        Raises KeyBudgetSpent. Booked again, it replaces what was booked before.
        """
        with writing(self._engine) as connection:
            tokens, usd = _promised(connection, owner, but=what)
            given = Allowance(
                _whole(_share("tokens", allowance.tokens, tokens + (spent.tokens or 0), wanted.tokens)),
                _share("USD", allowance.usd, usd + (spent.usd or 0.0), wanted.usd),
            )
            booked = Allowance(
                (spent.tokens or 0) + (given.tokens or 0), (spent.usd or 0.0) + (given.usd or 0.0)
            )
            _book(connection, what, owner, booked)
        return given

    def settle(self, what: str, owner: str, spent: Allowance) -> None:
        """Put what was really spent in place of what was promised."""
        with writing(self._engine) as connection:
            _book(connection, what, owner, spent)

    def end(self, name: str, state: RunState, ended: JobOutcome, reason: str | None = None) -> None:
        """Its promised budget becomes what was spent. An ended one stays as it is."""
        spent = {"tokens": min(ended.spent.tokens, MOST_TOKENS), "usd": ended.spent.cost_usd or 0.0}
        with writing(self._engine) as connection:
            machine.end(connection, jobs, name, state, reason, ended=ended.model_dump_json(), **spent)


def _of(owners: Owners, query: sa.Select[Any]) -> sa.Select[Any]:
    return query if owners is None else query.where(jobs.c.owner.in_(sorted(owners)))


def _book(connection: sa.Connection, what: str, owner: str, amount: Allowance) -> None:
    connection.execute(grants.delete().where(grants.c.what == what))
    row = {"what": what, "owner": owner, "tokens": amount.tokens or 0, "usd": amount.usd or 0.0}
    connection.execute(grants.insert().values(row))


def _whole(amount: float | None) -> int | None:
    return None if amount is None else int(amount)


def _find_same(connection: sa.Connection, owner: str, idempotency: str | None) -> sa.Row[Any] | None:
    if idempotency is None:
        return None
    same = (jobs.c.owner == owner) & (jobs.c.idempotency == idempotency)
    return connection.execute(sa.select(jobs).where(same)).one_or_none()


def _same(row: sa.Row[Any], digest: str) -> Job:
    if row.asked_sha256 != digest:
        raise OtherRequest(
            f"this Idempotency-Key was used for another request, which became run {row.id}: take a new one"
        )
    return _job(row)


def _require_room(connection: sa.Connection, most: int) -> None:
    waiting = sa.select(sa.func.count()).where(jobs.c.state == RunState.QUEUED)
    if connection.execute(waiting).scalar_one() >= most:
        raise QueueFull(f"{most} questions are waiting already: ask again later")


def _grant(connection: sa.Connection, owner: str, asked: JobRequest, allowance: Allowance) -> JobRequest:
    """With a budget that what is left of the key's covers: all that is left, if none was asked for."""
    if allowance == Allowance():
        return asked
    tokens, usd = _promised(connection, owner)
    wanted = asked.settings
    limits = {
        "budget_tokens": _share("tokens", allowance.tokens, tokens, wanted.budget_tokens),
        "budget_usd": _share("USD", allowance.usd, usd, wanted.budget_usd),
    }
    given = {name: value for name, value in limits.items() if value is not None}
    return asked.model_copy(update={"settings": wanted.model_copy(update=given)})


def _grant_again(connection: sa.Connection, job: Job, spent: Allowance, allowance: Allowance) -> JobRequest:
    """With the budget that it had, which counts what it has spent, or less where others took it meanwhile."""
    if allowance == Allowance():
        return job.asked
    tokens, usd = _promised(connection, job.owner)
    had = job.asked.settings
    limits = {
        "budget_tokens": _rest("tokens", allowance.tokens, tokens, spent.tokens, had.budget_tokens),
        "budget_usd": _rest("USD", allowance.usd, usd, spent.usd, had.budget_usd),
    }
    given = {name: value for name, value in limits.items() if value is not None}
    return job.asked.model_copy(update={"settings": had.model_copy(update=given)})


def _rest(
    unit: str, allowed: float | None, promised: float, spent: float | None, had: float | None
) -> float | None:
    """Return a run's whole budget: what it has spent and what is left, and never more than it had."""
    if allowed is None:
        return had
    left, used = allowed - promised, spent or 0
    more = left if had is None else min(left, had - used)
    if more <= 0:
        raise KeyBudgetSpent(f"no {unit} are left for this run: have the key's budget raised, or ask anew")
    return used + more


def _promised(connection: sa.Connection, owner: str, *, but: str | None = None) -> tuple[int, float]:
    """Return the tokens and USD that an owner's runs and grants have spent or may spend, but for a grant."""
    others = (grants.c.owner == owner) & (grants.c.what != (but or ""))
    tokens, usd = 0, 0.0
    for table, where in ((jobs, jobs.c.owner == owner), (grants, others)):
        sums = sa.select(sa.func.sum(table.c.tokens), sa.func.sum(table.c.usd)).where(where)
        some, money = connection.execute(sums).one()
        tokens, usd = tokens + int(some or 0), usd + float(money or 0.0)
    return tokens, usd


def _share(unit: str, allowed: float | None, promised: float, wanted: float | None) -> float | None:
    if allowed is None:
        return wanted
    left = allowed - promised
    if left <= 0 or (wanted or 0) > left:
        raise KeyBudgetSpent(
            f"this API key may spend {allowed:,g} {unit} in all; {max(left, 0):,g} are left that no run of "
            "yours has spent or may yet spend: ask for less, or have the key's budget raised"
        )
    return left if wanted is None else wanted


def _job(row: sa.Row[Any]) -> Job:
    """Return the row's job. One that cannot be read is shown as failed, and hides no other."""
    try:
        return Job(
            number=row.number,
            id=row.id,
            owner=row.owner,
            asked=JobRequest.model_validate_json(row.asked),
            state=RunState(row.state),
            created=row.created,
            started=row.started,
            finished=row.finished,
            reason=row.reason,
            ended=JobOutcome.model_validate_json(row.ended) if row.ended else None,
            attempt=row.attempt or 0,
        )
    except ValueError:
        return Job(
            number=row.number,
            id=row.id,
            owner=row.owner,
            asked=JobRequest(question=UNREADABLE),
            state=RunState.FAILED,
            created=EPOCH,
            reason=f"{UNREADABLE_ROW}; its folder is untouched",
            ended=JobOutcome(),
        )
