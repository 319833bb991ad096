"""The service on PostgreSQL: name an empty database in FINDER_TEST_POSTGRES."""

import os
from pathlib import Path

import pytest

from agents.scripted import ScriptedServer
from app.jobs.tables import DBOS_FILE, OUR_FILE
from tests.app.live import make_settings, run_service

ADDRESS = os.environ.get("FINDER_TEST_POSTGRES")


@pytest.mark.skipif(ADDRESS is None, reason="FINDER_TEST_POSTGRES names no empty PostgreSQL database")
def test_a_run_its_marks_and_its_key_are_kept_there(warm: Path, tmp_path: Path) -> None:
    with ScriptedServer() as model:
        settings = make_settings(model, warm, tmp_path / "runs", database=ADDRESS)
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
