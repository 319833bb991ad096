"""Small faults that were found by attack, each by the request that showed it."""

import json
import logging
import socket

import pytest
from anyio import BrokenResourceError
from starlette.types import Message

from agents.mining.database import FILE
from agents.schema import LONGEST_NAME
from app.api.events import Departures
from app.api.problems import without_paths
from app.jobs.state import RunState
from app.serving import _taken
from app.settings.sections import RunChoices
from tests.app.live import Live
from tools import ToolError
from tools.calculator import TOOL
from tools.runner import Runner

pytestmark = pytest.mark.slow

QUESTION = "Why do metallic glasses age more slowly at high pressure?"


@pytest.mark.parametrize("role", ["x" * 200_000, "x" * (LONGEST_NAME + 1), "\ud800", "a\x00b"])
def test_a_role_that_is_no_name_is_refused(live: Live, role: str) -> None:
    body = json.dumps({"question": QUESTION, "pins": {"roles": [role]}})
    with live.http() as http:
        answer = http.post("/v1/runs", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422, answer.text[:200]


@pytest.mark.parametrize("expression", ["c^100 c^100", "9^9^9^9", "1 / 0", "10^400 m", "(" * 500])
async def test_the_calculator_refuses_what_it_cannot_hold(expression: str) -> None:
    with Runner() as runner, pytest.raises(ToolError):
        await runner.run(TOOL, TOOL.arguments(expression=expression, unit=None), "anybody")


def test_a_damaged_store_of_mining_jobs_is_the_operators_and_named_without_its_path(live: Live) -> None:
    store = live.settings.paths.mining / FILE
    store.parent.mkdir(exist_ok=True)
    store.write_bytes(b"x" * 10_000)
    with live.http() as http:
        try:
            answer = http.get("/v1/mining")
        finally:
            store.unlink()
    assert answer.status_code == 500, answer.text
    assert answer.json()["type"].endswith("/damaged"), answer.text
    assert str(store.parent) not in answer.text
    assert "Retry-After" not in answer.headers


def test_a_damaged_file_of_marks_is_the_operators_and_does_not_pass(live: Live) -> None:
    with live.client() as client:
        run = client.wait(client.ask(QUESTION, settings=RunChoices(perspectives=1)).id, 150)
    (live.service.jobs.runs / run.id / "marks.jsonl").write_text("{{{\n")
    with live.http() as http:
        answer = http.get(f"/v1/runs/{run.id}/feedback")
    assert answer.json()["type"].endswith("/damaged"), answer.text
    assert "Retry-After" not in answer.headers


def test_a_run_without_a_hypothesis_has_not_succeeded(live: Live) -> None:
    with live.client() as client:
        run = client.wait(client.ask(QUESTION, settings=RunChoices(budget_tokens=1)).id, 150)
    assert run.state is RunState.FAILED
    assert "before there was a hypothesis" in str(run.reason)


def test_readiness_knows_what_the_model_said_last(live: Live) -> None:
    with live.client() as client:
        live.model.api_key = "another"
        try:
            client.wait(client.ask(QUESTION).id, 150)
            said = client.readiness()
        finally:
            live.model.api_key = None
        assert not said.ready
        assert any("did not answer the last question" in check.found for check in said.checks)
        client.wait(client.ask(QUESTION).id, 150)
        assert client.readiness().ready


def test_listeners_that_break_off_leave_no_traceback(live: Live, caplog: pytest.LogCaptureFixture) -> None:
    server = logging.getLogger("uvicorn.error")
    server.addHandler(caplog.handler)
    try:
        with live.client() as client:
            run = client.wait(client.ask(QUESTION, settings=RunChoices(perspectives=1)).id, 150)
        for _ in range(40):
            with live.http() as http, http.stream("GET", f"/v1/runs/{run.id}/events") as stream:
                next(stream.iter_raw())
        with live.http() as http:
            assert http.get("/healthz").is_success
    finally:
        server.removeHandler(caplog.handler)
    assert not [record for record in caplog.records if record.name == "uvicorn.error" and record.exc_info]


async def test_of_what_ends_a_stream_only_the_listener_s_departure_is_let_go() -> None:
    async def serve(failures: list[Exception]) -> None:
        async def app(*_: object) -> None:
            raise BaseExceptionGroup("a stream", failures)

        await Departures(app)({}, receive, send)

    async def receive() -> Message:
        return {}

    async def send(_message: Message) -> None:
        """Nobody listens."""

    await serve([BrokenResourceError()])
    with pytest.raises(ExceptionGroup) as raised:
        await serve([BrokenResourceError(), ValueError("ours")])
    assert [type(one) for one in raised.value.exceptions] == [ValueError]


def test_a_taken_port_of_the_page_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert "is taken" in str(_taken("127.0.0.1", taken.getsockname()[1]))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("/srv/finder/runs/a/report.json is damaged", "report.json is damaged"),
        ("cannot write /data/mining/: the disk is full", "cannot write mining: the disk is full"),
        ("ask https://w3id.org/x/y or 1/2 and/or a/b", "ask https://w3id.org/x/y or 1/2 and/or a/b"),
        ("GET /v1/runs/x takes no body", "GET x takes no body"),
    ],
)
def test_a_caller_is_told_no_path_of_the_server(said: str, told: str) -> None:
    assert without_paths(said) == told
