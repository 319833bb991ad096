"""SIGKILL, and what the next start makes of it. `python -m bench.service kills` does it a hundred times."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agents.model import Journal
from agents.scripted import ScriptedServer
from app.jobs.jobs import Jobs
from app.jobs.state import RunState
from tests.app.live import make_settings
from tests.conftest import ServerFactory

SERVE = """
import sys
from app.jobs.job import Asked
from app.jobs.jobs import Jobs
from app.settings import load_settings
jobs = Jobs(load_settings())
for question in sys.argv[1:]:
    print(jobs.submit(Asked(question=question), "local")[0].id, flush=True)
sys.stdin.read()
"""
QUESTIONS = ("Why do glasses age?", "Why do spins freeze?")
DELIVERED = 3  # answers, when it is killed
PATIENCE_S = 60.0


def start(model: ScriptedServer, *questions: str) -> subprocess.Popen[str]:
    environment = dict(os.environ) | {
        "HYPOFIND_MODEL__NAME": "scripted",
        "HYPOFIND_MODEL__BASE_URL": model.base_url,
        "HYPOFIND_RUN__PERSPECTIVES": "2",
        "HYPOFIND_RUN__TEST_SECONDS": "0",
    }
    command = [sys.executable, "-c", SERVE, *questions]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True)  # noqa: S603 - ours


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_killed_service_goes_on_and_repeats_no_finished_call(
    scripted: ServerFactory, warm: Path, tmp_path: Path
) -> None:
    model = scripted(delay_s=0.1)
    with start(model, *QUESTIONS) as process:
        assert process.stdout
        names = [process.stdout.readline().strip() for _ in QUESTIONS]
        wait_until(lambda: sum(model.delivered.values()) >= DELIVERED)
        process.send_signal(signal.SIGKILL)
    runs = tmp_path / "runs"
    recorded = {
        c.key
        for name in names
        if (runs / name / "calls.jsonl").exists()
        for c in Journal(runs / name / "calls.jsonl").calls
    }
    asked = model.requests.copy()
    jobs = Jobs(make_settings(model, warm, runs))
    try:
        wait_until(lambda: all(jobs.store.get(name, None).state.is_final for name in names))
        ended = [jobs.store.get(name, None) for name in names]
        assert [(job.state, job.reason) for job in ended] == [(RunState.SUCCEEDED, None)] * len(QUESTIONS)
        both = dict.fromkeys(names, RunState.SUCCEEDED)
        wait_until(lambda: jobs._engine.states(names) == both)  # noqa: SLF001 - the engine's record comes to agree
    finally:
        jobs.close()
    assert not [key for key in recorded if model.requests[key] > asked[key]]


def test_two_services_do_not_share_a_folder(scripted: ServerFactory, warm: Path, tmp_path: Path) -> None:
    from app.jobs.errors import AlreadyServed

    settings = make_settings(scripted(), warm, tmp_path / "runs")
    jobs = Jobs(settings)
    try:
        with pytest.raises(AlreadyServed, match="stop it, or set HYPOFIND_PATHS__RUNS"):
            Jobs(settings)
    finally:
        jobs.close()
