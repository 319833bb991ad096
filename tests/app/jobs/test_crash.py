"""SIGKILL, and what the next start makes of it. `python -m bench.service kills` does it a hundred times."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from agents.mining import MiningStore
from agents.mining.database import FILE
from agents.model import Journal
from agents.scripted import ScriptedServer
from app.api.build import create_app
from app.jobs.jobs import JobService
from app.jobs.state import RunState
from tests.app.live import make_settings
from tests.conftest import ServerFactory

pytestmark = pytest.mark.slow

SERVE = """
import sys
from app.jobs.job import JobRequest
from app.jobs.jobs import JobService
from app.settings import load_settings
jobs = JobService(load_settings())
for question in sys.argv[1:]:
    print(jobs.submit(JobRequest(question=question), "local")[0].id, flush=True)
sys.stdin.read()
"""
MIXED = """
import sys
from starlette.testclient import TestClient
from app.api.build import create_app
from app.settings import load_settings
with TestClient(create_app(load_settings()), base_url="http://127.0.0.1") as http:
    while not http.get("/readyz").is_success:
        pass
    for path, body in (
        ("runs", {"question": sys.argv[1]}),
        ("tests/jobs", {"statement": sys.argv[2], "seconds": 5}),
        ("mining", {"name": "mine", "pairs": 6}),
        ("mining/mine/start", None),
    ):
        made = http.post(f"/v1/{path}", json=body).raise_for_status().json()
        print(made.get("id", ""), flush=True)
    sys.stdin.read()
"""
CLAIM = "In the ideal gas the pressure falls as the volume rises."
QUESTIONS = ("Why do glasses age?", "Why do spins freeze?")
DELIVERED = 3  # answers, when it is killed
PATIENCE_S = 150.0  # a busy machine is no failure
ENDED = ("succeeded", "failed", "cancelled", "done")


def start(model: ScriptedServer, *given: str, script: str = SERVE, **settings: str) -> subprocess.Popen[str]:
    environment = dict(os.environ) | {
        "HYPOFIND_MODEL__NAME": "scripted",
        "HYPOFIND_MODEL__BASE_URL": model.base_url,
        "HYPOFIND_RUN__PERSPECTIVES": "2",
        "HYPOFIND_RUN__TEST_SECONDS": "0",
        **settings,
    }
    command = [sys.executable, "-c", script, *given]
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
    jobs = JobService(make_settings(model, warm, runs))
    try:
        wait_until(lambda: all(jobs.store.get(name, None).state.is_final for name in names))
        ended = [jobs.store.get(name, None) for name in names]
        assert [(job.state, job.reason) for job in ended] == [(RunState.SUCCEEDED, None)] * len(QUESTIONS)
        both = dict.fromkeys(names, RunState.SUCCEEDED)
        wait_until(lambda: jobs._engine.states(names) == both)  # noqa: SLF001 - the engine's record comes to agree
    finally:
        jobs.close()
    assert not [key for key in recorded if model.requests[key] > asked[key]]


def test_a_run_a_mining_job_and_a_test_go_on_together(
    scripted: ServerFactory, warm: Path, tmp_path: Path
) -> None:
    model = scripted(delay_s=0.2)
    settings = make_settings(model, warm, tmp_path / "runs")
    mining, names = settings.paths.mining, list[str]()
    with start(model, QUESTIONS[0], CLAIM, script=MIXED, HYPOFIND_PATHS__MINING=str(mining)) as process:
        assert process.stdout
        names = [process.stdout.readline().strip() for _ in range(4)]
        wait_until(lambda: bool(mined_calls(mining)) and model.delivered.total() >= DELIVERED)
        process.send_signal(signal.SIGKILL)
    run, test = names[:2]
    journal = settings.paths.runs / run / "calls.jsonl"
    recorded = mined_calls(mining) | (
        {call.key for call in Journal(journal).calls} if journal.exists() else set()
    )
    asked = model.requests.copy()
    with TestClient(create_app(settings, ()), base_url="http://127.0.0.1") as http:
        ended = {}
        for path in (f"runs/{run}", f"tests/jobs/{test}", "mining/mine"):
            wait_until(lambda path=path: state_of(http, path) in ENDED)  # type: ignore[misc]  # bound now
            ended[path.partition("/")[0]] = state_of(http, path)
        assert ended == {"runs": "succeeded", "tests": "succeeded", "mining": "done"}
        assert http.get("/v1/mining/mine").json()["done"] == 6
        assert len(http.get("/v1/tests/jobs").json()["items"]) == 1
    assert not [key for key in recorded if model.requests[key] > asked[key]], "nothing was paid for twice"


def state_of(http: TestClient, path: str) -> str:
    return str(http.get(f"/v1/{path}").raise_for_status().json()["state"])


def mined_calls(folder: Path) -> set[str]:
    """Return the keys of the answered calls of all mining jobs."""
    if not (folder / FILE).exists():
        return set()
    with MiningStore(folder) as store:
        return {row["key"] for row in store.rows("select key from call")}


def test_two_services_do_not_share_a_folder(scripted: ServerFactory, warm: Path, tmp_path: Path) -> None:
    from app.jobs.errors import AlreadyServed

    settings = make_settings(scripted(), warm, tmp_path / "runs")
    jobs = JobService(settings)
    try:
        with pytest.raises(AlreadyServed, match="stop it, or set HYPOFIND_PATHS__RUNS"):
            JobService(settings)
    finally:
        jobs.close()
