"""What DBOS calls a job's state, and what is made of jobs that only one of the two records knows."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args, get_type_hints

from dbos import WorkflowStatus

from app.jobs.engine import STATES
from app.jobs.job import Asked
from app.jobs.jobs import Jobs
from app.jobs.search import FILE, Found, Wanted
from app.jobs.state import RunState
from app.jobs.store import Store
from app.jobs.tables import open_database
from tests.app.live import make_settings
from tests.conftest import ServerFactory


def test_every_state_of_dbos_has_one_of_ours() -> None:
    assert set(STATES) == set(get_args(get_type_hints(WorkflowStatus)["status"]))


def test_a_question_that_was_only_written_down_is_taken_up(
    scripted: ServerFactory, warm: Path, tmp_path: Path
) -> None:
    """As after a power cut between our record and the engine's."""
    settings = make_settings(scripted(api_key="another"), warm, tmp_path / "runs")
    database = open_database(settings)
    job, _ = Store(database).add(Asked(question="Why do glasses age?"), "local", most_waiting=9)
    database.dispose()
    jobs = Jobs(settings)
    try:
        wait_until(lambda: jobs.store.get(job.id, None).state.is_final)
        assert (
            jobs.store.get(job.id, None).state is RunState.FAILED
        )  # for want of a key, which it came to ask with
    finally:
        jobs.close()


def test_a_lost_index_is_made_again(scripted: ServerFactory, warm: Path, tmp_path: Path) -> None:
    settings = make_settings(scripted(), warm, tmp_path / "runs")
    jobs = Jobs(settings)
    job, _ = jobs.submit(Asked(question="Why do glasses age?"), "local")
    wait_until(lambda: bool(search(jobs)))
    jobs.close()
    for path in (tmp_path / "runs").glob(f"{FILE}*"):
        path.unlink()
    jobs = Jobs(settings)
    try:
        wait_until(lambda: {found.run for _, found in search(jobs)} == {job.id})
    finally:
        jobs.close()


def search(jobs: Jobs) -> list[tuple[int, Found]]:
    return jobs.index.search(frozenset({"local"}), Wanted(text="glasses"), limit=9, below=None)


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
