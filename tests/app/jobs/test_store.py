import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from agents.schema import Status
from app.jobs.errors import (
    JobNotFound,
    KeyBudgetSpent,
    NotResumable,
    OtherRequest,
    QueueFull,
    StoreBroken,
    StoreBusy,
    StoreFull,
)
from app.jobs.job import JobOutcome, JobRequest, Spent
from app.jobs.search import HypothesisIndex
from app.jobs.state import RunState
from app.jobs.store import Allowance, JobStore
from app.jobs.tables import OUR_FILE, explained_database, jobs, open_database, tasks
from app.jobs.tasks import TaskKind, Tasks
from app.settings import Settings
from app.settings.sections import PathsSection, RunChoices
from tests.app.reports import make_report

ENOUGH = 1000


@pytest.fixture
def store(engine: sa.Engine) -> JobStore:
    return JobStore(engine)


def ask(question: str = "Why?", **choices: float) -> JobRequest:
    return JobRequest(question=question, settings=RunChoices.model_validate(choices))


def test_what_was_asked_comes_back_as_it_was(store: JobStore) -> None:
    asked = ask("Wh\u00fd?", perspectives=2, budget_tokens=10)
    job, new = store.add(asked, "a", most_waiting=ENOUGH)
    assert new
    assert store.get(job.id, frozenset("a")) == job
    assert job.asked.settings.model_fields_set == {"perspectives", "budget_tokens"}
    with pytest.raises(JobNotFound):
        store.get(job.id, frozenset("b"))
    assert store.get(job.id, None) == job


def test_equal_requests_at_once_are_one_job(store: JobStore) -> None:
    def add(_: int) -> tuple[str, bool]:
        job, new = store.add(ask(), "a", idempotency="k", most_waiting=ENOUGH)
        return job.id, new

    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(add, range(100)))
    assert len({name for name, _ in made}) == 1
    assert sum(new for _, new in made) == 1
    with pytest.raises(OtherRequest, match="became run"):
        store.add(ask("Other?"), "a", idempotency="k", most_waiting=ENOUGH)


def test_names_are_of_one_second_and_yet_differ(store: JobStore) -> None:
    made = {store.add(ask(), "a", most_waiting=ENOUGH)[0].id for _ in range(50)}
    assert len(made) == 50


def test_too_many_may_not_wait(store: JobStore) -> None:
    for _ in range(3):
        first, _new = store.add(ask(), "a", most_waiting=3)
    with pytest.raises(QueueFull, match="3 questions"):
        store.add(ask(), "b", most_waiting=3)
    assert store.start(first.id)
    store.add(ask(), "b", most_waiting=3)


def test_a_key_s_budget_is_promised_spent_and_given_back(store: JobStore) -> None:
    key = Allowance(tokens=100)
    first, _ = store.add(ask(budget_tokens=60), "a", allowance=key, most_waiting=ENOUGH)
    with pytest.raises(KeyBudgetSpent, match="40 are left"):
        store.add(ask(budget_tokens=41), "a", allowance=key, most_waiting=ENOUGH)
    rest, _ = store.add(ask(), "a", allowance=key, most_waiting=ENOUGH)
    assert rest.asked.settings.budget_tokens == 40
    with pytest.raises(KeyBudgetSpent, match="0 are left"):
        store.add(ask(), "a", allowance=key, most_waiting=ENOUGH)
    store.cancel(rest.id)  # gives back what it was promised
    store.start(first.id)
    store.end(first.id, RunState.SUCCEEDED, JobOutcome(spent=Spent(input_tokens=10, output_tokens=15)))
    last, _ = store.add(ask(), "a", allowance=key, most_waiting=ENOUGH)
    assert last.asked.settings.budget_tokens == 75
    store.add(ask(), "b", allowance=key, most_waiting=ENOUGH)  # another key's own


def test_money_is_promised_where_it_is_counted_and_given_back(store: JobStore) -> None:
    store.add(ask(), "a", allowance=Allowance(tokens=10), most_waiting=ENOUGH)  # no money is counted yet
    key = Allowance(usd=1.0)
    first, _ = store.add(ask(), "a", allowance=key, most_waiting=ENOUGH)
    assert first.asked.settings.budget_usd == 1.0
    with pytest.raises(KeyBudgetSpent):
        store.add(ask(), "a", allowance=key, most_waiting=ENOUGH)
    store.cancel(first.id)
    again, _ = store.add(ask(), "a", allowance=key, most_waiting=ENOUGH)
    assert again.asked.settings.budget_usd == 1.0


def test_promises_at_once_never_exceed_the_budget(store: JobStore) -> None:
    def add(_: int) -> int:
        try:
            store.add(ask(budget_tokens=10), "a", allowance=Allowance(tokens=100), most_waiting=ENOUGH)
        except KeyBudgetSpent:
            return 0
        return 10

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(add, range(40))) == 100


def test_states_follow_their_order(store: JobStore) -> None:
    job, _ = store.add(ask(), "a", most_waiting=ENOUGH)
    assert store.start(job.id)
    assert store.get(job.id, None).state is RunState.RUNNING
    assert store.start(job.id)  # again, after a crash
    assert store.cancel(job.id) is RunState.CANCELLING
    assert store.cancel(job.id) is None
    assert store.start(job.id)
    store.end(job.id, RunState.CANCELLED, JobOutcome(status=Status.INTERRUPTED))
    store.end(job.id, RunState.SUCCEEDED, JobOutcome())
    ended = store.get(job.id, None)
    assert (ended.state, ended.ended and ended.ended.status) == (RunState.CANCELLED, Status.INTERRUPTED)
    assert not store.start(job.id)
    assert store.cancel(job.id) is None
    assert store.unfinished() == []
    assert store.counts()[RunState.CANCELLED] == 1


def test_a_grant_books_what_was_spent_and_what_may_still_be_in_tokens_and_in_money(store: JobStore) -> None:
    key, wanted = Allowance(tokens=100, usd=10.0), Allowance(tokens=30, usd=3.0)
    assert store.grant("job", "a", key, wanted, Allowance()) == wanted
    assert store.grant("job", "a", key, wanted, Allowance(tokens=20, usd=2.0)) == wanted  # 50 and 5.0 booked
    with pytest.raises(KeyBudgetSpent, match="50 are left"):
        store.grant("other", "a", key, Allowance(tokens=51), Allowance())
    with pytest.raises(KeyBudgetSpent, match="5"):
        store.grant("other", "a", key, Allowance(tokens=1, usd=5.1), Allowance())
    assert store.grant("other", "a", key, Allowance(tokens=50, usd=5.0), Allowance()).tokens == 50
    store.settle("job", "a", Allowance(tokens=20, usd=2.0))  # 30 and 3.0 come back
    assert store.grant("third", "a", key, Allowance(tokens=30, usd=3.0), Allowance()).usd == 3.0
    assert store.grant("theirs", "b", key, wanted, Allowance()) == wanted  # another key's own


def test_a_resumed_run_has_the_budget_that_it_had_and_no_more_of_a_rich_key(store: JobStore) -> None:
    key = Allowance(tokens=1_000)
    job, _ = store.add(ask(budget_tokens=60), "a", allowance=key, most_waiting=ENOUGH)
    store.start(job.id)
    store.end(job.id, RunState.FAILED, JobOutcome(spent=Spent(input_tokens=20)), "the model went away")
    assert store.resume(job.id, key).asked.settings.budget_tokens == 60


def test_a_run_is_resumed_once_and_within_what_is_left_of_the_budget(store: JobStore) -> None:
    key = Allowance(tokens=100)
    job, _ = store.add(ask(budget_tokens=60), "a", allowance=key, most_waiting=ENOUGH)
    with pytest.raises(NotResumable, match="is queued"):
        store.resume(job.id, key)
    store.start(job.id)
    store.end(job.id, RunState.FAILED, JobOutcome(spent=Spent(input_tokens=20)), "the model went away")
    other, _ = store.add(ask(budget_tokens=50), "a", allowance=key, most_waiting=ENOUGH)
    again = store.resume(job.id, key)
    assert (again.state, again.attempt, again.reason) == (RunState.QUEUED, 1, None)
    assert again.workflow != job.workflow
    assert again.asked.settings.budget_tokens == 50, "20 are spent, and 30 are left beside the other's 50"
    with pytest.raises(NotResumable):
        store.resume(job.id, key)
    store.start(job.id)
    store.end(job.id, RunState.FAILED, JobOutcome(spent=Spent(input_tokens=50)))
    with pytest.raises(KeyBudgetSpent, match="no tokens are left"):
        store.resume(job.id, key)
    store.start(other.id)
    store.end(other.id, RunState.SUCCEEDED, JobOutcome(status=Status.COMPLETE))
    with pytest.raises(NotResumable, match="is whole"):
        store.resume(other.id, key)


def test_a_clock_that_is_set_back_changes_no_order(store: JobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [store.add(ask(), "a", most_waiting=ENOUGH)[0].id]
    earlier = datetime.now(UTC) - timedelta(hours=1)
    monkeypatch.setattr("app.jobs.store.now", lambda: earlier)
    made += [store.add(ask(), "a", most_waiting=ENOUGH)[0].id for _ in range(3)]
    assert [job.id for job in store.page(frozenset("a"), limit=9)] == made[::-1]
    assert [job.id for job in store.unfinished()] == made
    assert store.start(made[0])


def test_pages_go_on_where_the_last_ended(store: JobStore) -> None:
    made = [store.add(ask(), owner, most_waiting=ENOUGH)[0].id for owner in "aabab"]
    mine = [made[index] for index in (3, 1, 0)]
    first = store.page(frozenset("a"), limit=2)
    rest = store.page(frozenset("a"), limit=2, below=first[-1].number)
    assert [job.id for job in (*first, *rest)] == mine
    assert [job.id for job in store.page(None, limit=9)] == made[::-1]
    assert store.page(frozenset("a"), limit=9, state=RunState.RUNNING) == []


def test_a_locked_database_is_told_as_busy(sqlite: sa.Engine) -> None:
    engine, store = sqlite, JobStore(sqlite)
    other = sa.create_engine(engine.url)
    with other.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=1")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        with engine.connect() as ours:
            ours.exec_driver_sql("PRAGMA busy_timeout=10")
        with pytest.raises(StoreBusy, match="ask again"):
            store.add(ask(), "a", most_waiting=ENOUGH)
    job, _ = store.add(ask(), "a", most_waiting=ENOUGH)
    assert store.page(None, limit=9) == [job]


def test_a_full_disk_is_told_and_nothing_is_lost(sqlite: sa.Engine) -> None:
    engine, store = sqlite, JobStore(sqlite)
    before, _ = store.add(ask(), "a", most_waiting=ENOUGH)
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreFull, match="free some space"):
        store.add(ask("x" * 100_000), "a", most_waiting=ENOUGH)
    assert before in store.page(None, limit=99)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("SQLITE_BUSY", StoreBusy),
        ("SQLITE_LOCKED_SHAREDCACHE", StoreBusy),
        ("SQLITE_FULL", StoreFull),
        ("SQLITE_IOERR_WRITE", StoreFull),
        ("SQLITE_CORRUPT", StoreBroken),
        ("SQLITE_NOTADB", StoreBroken),
        ("SQLITE_READONLY", StoreBroken),
        ("SQLITE_ERROR", StoreBroken),
    ],
)
def test_what_the_database_says_is_told_by_its_name(name: str, kind: type[Exception]) -> None:
    refusal = sqlite3.OperationalError("whatever it says")
    refusal.sqlite_errorname = name
    with pytest.raises(kind), explained_database():
        raise sa.exc.OperationalError("SELECT 1", {}, refusal)


@pytest.mark.parametrize(
    ("code", "kind"), [("53100", StoreFull), ("42703", StoreBroken), ("57P03", StoreBusy)]
)
def test_postgresql_is_told_by_its_code(code: str, kind: type[Exception]) -> None:
    refusal = Exception("whatever it says")
    refusal.sqlstate = code  # type: ignore[attr-defined]  # as psycopg's errors have it
    with pytest.raises(kind), explained_database():
        raise sa.exc.OperationalError("SELECT 1", {}, refusal)


def test_a_damaged_row_is_shown_as_broken_and_hides_no_other(store: JobStore, engine: sa.Engine) -> None:
    healthy, _ = store.add(ask("One?"), "a", most_waiting=ENOUGH)
    for column, value in {"asked": "{", "state": "dreaming", "ended": '{"newer": 1}'}.items():
        broken, _ = store.add(ask(f"Which {column}?"), "a", most_waiting=ENOUGH)
        with engine.begin() as connection:
            connection.execute(jobs.update().where(jobs.c.id == broken.id).values({column: value}))
        shown = store.get(broken.id, frozenset("a"))
        assert shown.state is RunState.FAILED
        assert shown.reason is not None
        assert "damaged or of a newer version" in shown.reason
    assert healthy in store.page(frozenset("a"), limit=9)
    assert sum(store.counts().values()) >= 1


def test_a_row_of_a_task_that_cannot_be_read_hides_no_other(engine: sa.Engine) -> None:
    known = Tasks(engine, str)
    healthy = known.add(TaskKind.TEST, "{}", "a")
    broken = known.add(TaskKind.TEST, "{}", "a")
    with engine.begin() as connection:
        connection.execute(tasks.update().where(tasks.c.id == broken.id).values(created="yesterday"))
        newer = {"id": "paper-1", "kind": "paper", "owner": "a", "asked": "{}", "state": "queued"}
        connection.execute(tasks.insert().values(**newer, created=healthy.created.isoformat()))
    found = {task.id: task for _, task in known.page(frozenset("a"), TaskKind.TEST, limit=9)}
    assert found[healthy.id] == healthy
    assert found[broken.id].state is RunState.FAILED
    assert {task.id for task in known.open_of("a")} == {healthy.id, broken.id}


def test_a_damaged_journal_s_tokens_fit_into_the_database(store: JobStore) -> None:
    job, _ = store.add(ask(), "a", most_waiting=ENOUGH)
    assert store.start(job.id)
    store.end(job.id, RunState.FAILED, JobOutcome(spent=Spent(output_tokens=10**30)))
    assert store.get(job.id, None).state is RunState.FAILED
    assert store.add(ask("Next?"), "a", allowance=Allowance(tokens=2**60), most_waiting=ENOUGH)


def test_what_cannot_be_made_findable_keeps_nothing_else_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: JobStore
) -> None:
    job, _ = store.add(ask(), "a", most_waiting=ENOUGH)
    index = HypothesisIndex(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(index, "_insert", fail)
        with pytest.raises(sqlite3.OperationalError):
            index.add(job, make_report())
    index.add(job, make_report())
    assert index.runs() == {job.id}
    index.close()


def fail(*_: object) -> None:
    raise sqlite3.OperationalError("disk I/O error")


def test_tables_of_an_earlier_version_are_brought_up_to_date(tmp_path: Path) -> None:
    settings = Settings(paths=PathsSection(runs=tmp_path))
    engine = open_database(settings)
    job, _ = JobStore(engine).add(ask(), "a", most_waiting=ENOUGH)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE hypofind_jobs DROP COLUMN usd")
        connection.exec_driver_sql("DROP TABLE hypofind_format")
    engine.dispose()
    again = open_database(settings)
    assert JobStore(again).get(job.id, frozenset("a")) == job
    JobStore(again).add(ask("More?"), "a", allowance=Allowance(usd=1.0), most_waiting=ENOUGH)
    again.dispose()


def test_a_database_of_a_newer_version_is_refused_in_a_line(sqlite: sa.Engine, tmp_path: Path) -> None:
    with sqlite.begin() as connection:
        connection.exec_driver_sql("UPDATE hypofind_format SET number = 99")
    with pytest.raises(StoreBroken, match="update the service"):
        open_database(Settings(paths=PathsSection(runs=tmp_path)))


@pytest.mark.usefixtures("sqlite")
def test_the_file_lies_beside_the_runs(tmp_path: Path) -> None:
    assert (tmp_path / OUR_FILE).is_file()
