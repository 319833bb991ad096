"""The service on PostgreSQL. Debian's server is started where it is installed."""

from pathlib import Path

import pytest

from agents.scripted import ScriptedServer
from app.jobs.errors import AlreadyServed
from app.jobs.job import JobRequest
from app.jobs.jobs import JobService
from app.jobs.tables import DBOS_FILE, OUR_FILE
from tests.app.jobs.test_engine import wait_until
from tests.app.live import make_settings, run_service

pytestmark = pytest.mark.slow


def test_a_run_its_marks_and_its_key_are_kept_there(warm: Path, tmp_path: Path, postgres: str) -> None:
    with ScriptedServer() as model:
        settings = make_settings(model, warm, tmp_path / "runs", database=postgres)
        with run_service(settings, model) as live:
            key = live.key()
            with live.client(key) as client:
                run = client.ask("Why do glasses age?", idempotency_key="once").id
                assert client.ask("Why do glasses age?", idempotency_key="once").id == run
                assert client.wait(run, 120).state == "succeeded"
                named = client.report(run).hypotheses[0].perspective.key
                client.mark(run, named, 4)
                assert [item.id for item in client.runs().items] == [run]
                assert [mark.mark for mark in client.marks(run)] == [4]
    assert not [name for name in (DBOS_FILE, OUR_FILE) if (tmp_path / "runs" / name).exists()]


def test_what_waited_there_is_gone_on_with_and_a_second_service_is_refused(
    warm: Path, tmp_path: Path, postgres: str
) -> None:
    """Both name the one database, each its own folder: the queue of one must not feed the other."""
    with ScriptedServer(delay_s=0.5) as model:
        settings = make_settings(model, warm, tmp_path / "runs", database=postgres, jobs=1)
        jobs = JobService(settings)
        made = [jobs.submit(JobRequest(question=f"Why does glass {n} age?"), "local")[0].id for n in range(3)]
        wait_until(lambda: bool(model.delivered.total()))
        with pytest.raises(AlreadyServed, match="another hypofind serve"):
            JobService(make_settings(model, warm, tmp_path / "others", database=postgres))
        jobs.close()
        jobs = JobService(settings)
        try:
            wait_until(lambda: all(jobs.store.get(name, None).state == "succeeded" for name in made))
        finally:
            jobs.close()
        assert max(model.delivered.values()) == 1, "no answer was paid for twice"
