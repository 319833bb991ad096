"""What DBOS calls a job's state, and what is made of jobs that only one of the two records knows."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from dbos import WorkflowStatus

from app.jobs.engine import STATES, read_state
from app.jobs.job import JobRequest
from app.jobs.jobs import JobService
from app.jobs.search import FILE, FoundHypothesis, HypothesisFilter
from app.jobs.state import RunState
from app.jobs.store import JobStore
from app.jobs.tables import open_database, tasks
from app.jobs.tasks import TaskKind
from tests.app.live import make_settings
from tests.conftest import ServerFactory

pytestmark = pytest.mark.slow


def test_every_state_of_dbos_has_one_of_ours() -> None:
    assert set(STATES) == set(get_args(get_type_hints(WorkflowStatus)["status"]))


@pytest.mark.parametrize(
    ("said", "given", "state"),
    [
        ("PENDING", {"args": ["a-run"], "kwargs": {}}, RunState.RUNNING),
        ("PENDING", "what DBOS could not read", RunState.FAILED),
        ("OF TOMORROW", {"args": ["a-run"], "kwargs": {}}, RunState.FAILED),
    ],
)
def test_a_workflow_that_cannot_be_read_has_failed(said: str, given: object, state: RunState) -> None:
    status = WorkflowStatus()
    vars(status).update(status=said, input=given)
    assert read_state(status) is state


def test_rows_that_cannot_be_read_keep_no_service_from_starting(
    scripted: ServerFactory, warm: Path, tmp_path: Path
) -> None:
    settings = make_settings(scripted(), warm, tmp_path / "runs")
    database = open_database(settings)
    task = {"owner": "local", "asked": "{", "state": "queued", "created": "2026-01-01T00:00:00+00:00"}
    with database.begin() as connection:
        for name, other in (("a", {"kind": "paper"}), ("b", {"kind": "test", "created": "yesterday"})):
            connection.execute(tasks.insert().values(task | {"id": name} | other))
    database.dispose()
    jobs = JobService(settings)
    try:
        assert jobs.tasks.get("b", None, TaskKind.TEST).state is RunState.FAILED
        job, _ = jobs.submit(JobRequest(question="Why do glasses age?"), "local")
        wait_until(lambda: jobs.store.get(job.id, None).state is RunState.SUCCEEDED)
    finally:
        jobs.close()


def test_a_question_that_was_only_written_down_is_taken_up(
    scripted: ServerFactory, warm: Path, tmp_path: Path
) -> None:
    """As after a power cut between our record and the engine's."""
    settings = make_settings(scripted(api_key="another"), warm, tmp_path / "runs")
    database = open_database(settings)
    job, _ = JobStore(database).add(JobRequest(question="Why do glasses age?"), "local", most_waiting=9)
    database.dispose()
    jobs = JobService(settings)
    try:
        wait_until(lambda: jobs.store.get(job.id, None).state.is_final)
        assert (
            jobs.store.get(job.id, None).state is RunState.FAILED
        )  # for want of a key, which it came to ask with
    finally:
        jobs.close()


def test_a_lost_index_is_made_again(scripted: ServerFactory, warm: Path, tmp_path: Path) -> None:
    settings = make_settings(scripted(), warm, tmp_path / "runs")
    jobs = JobService(settings)
    job, _ = jobs.submit(JobRequest(question="Why do glasses age?"), "local")
    wait_until(lambda: bool(search(jobs)))
    jobs.close()
    for path in (tmp_path / "runs").glob(f"{FILE}*"):
        path.unlink()
    jobs = JobService(settings)
    try:
        wait_until(lambda: {found.run for _, found in search(jobs)} == {job.id})
    finally:
        jobs.close()


def search(jobs: JobService) -> list[tuple[int, FoundHypothesis]]:
    return jobs.index.search(frozenset({"local"}), HypothesisFilter(text="glasses"), limit=9, below=None)


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 150  # a busy machine is no failure
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
