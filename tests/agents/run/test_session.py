"""A run from question to report through the real client, and what happens to it when things go wrong."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import BaseModel

import agents
from agents import EndpointError, ReplayMiss, RunError
from agents.model import Budget, Endpoint, EventKind, Journal, endpoint_client
from agents.schema import Status, Strict
from agents.scripted import InjectedFault, Request, ScriptedServer, UnknownRequest, chance, listed, scripted
from tests.agents.runs import Watching, begin, cut, go
from tools import ToolError


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


async def test_every_perspective_gives_a_scored_hypothesis(tmp_path: Path, server: ScriptedServer) -> None:
    watching = Watching()
    report = await go(begin(tmp_path), server, watch=watching)
    assert report.status is Status.COMPLETE
    assert {h.perspective.key for h in report.hypotheses} == {"p01", "p02", "p03"}
    assert [h.score.value for h in report.hypotheses] == sorted(
        (h.score.value for h in report.hypotheses), reverse=True
    )
    assert report.usage.calls == 9 == len(report.calls)
    assert len(watching.outcomes) == 3
    assert {event.kind for event in watching.events} >= {EventKind.SENT, EventKind.ANSWERED}


async def test_scripted_answers_say_so(tmp_path: Path, server: ScriptedServer) -> None:
    report = await go(begin(tmp_path, 1), server)
    assert report.hypotheses[0].model == "scripted"
    assert report.hypotheses[0].score.given_by == ["scripted"]
    assert "No model thought" in report.notes[0]


async def test_branches_run_at_once(tmp_path: Path) -> None:
    with ScriptedServer(delay_s=0.2) as slow:
        await go(begin(tmp_path, 6), slow, concurrency=6)
        assert slow.most_at_once == 6


async def test_calls_in_flight_are_bounded(tmp_path: Path) -> None:
    with ScriptedServer(delay_s=0.05) as slow:
        await go(begin(tmp_path, 6), slow, concurrency=2)
        assert slow.most_at_once == 2


async def test_more_reviewers_give_a_spread(tmp_path: Path, server: ScriptedServer) -> None:
    report = await go(begin(tmp_path, 1, reviewers=3), server)
    score = report.hypotheses[0].score
    assert score.readings == 3
    assert score.spread is not None
    assert len({reading.reviewer for reading in report.hypotheses[0].readings}) == 3


async def test_replay_gives_the_same_report_without_a_server(tmp_path: Path, server: ScriptedServer) -> None:
    run = begin(tmp_path)
    report = await go(run, server)
    again = await agents.replay(agents.open_run(tmp_path, run.id))
    assert again.model_dump_json() == report.model_dump_json()


async def test_a_resume_that_was_killed_leaves_the_last_report_as_it_is(
    tmp_path: Path, server: ScriptedServer
) -> None:
    run = begin(tmp_path, 4)
    report = await go(run, server, budget=Budget(tokens=4_000), concurrency=1)
    assert report.failures
    before = (run.folder / "run.json").read_bytes()
    await go(agents.open_run(tmp_path, run.id), server)
    (run.folder / "run.json").write_bytes(before)  # as if it had been killed before it could say how it ended
    again = await agents.replay(agents.open_run(tmp_path, run.id))
    assert again.model_dump_json() == report.model_dump_json()


async def test_a_resume_without_a_model_leaves_the_last_report_as_it_is(tmp_path: Path) -> None:
    def refuses_reviews(request: Request) -> str:
        if "domain walls" not in request.text or "marks" in str(request.asked_schema):
            raise UnknownRequest("gone")
        return scripted(request)

    run = begin(tmp_path, 2)
    with ScriptedServer() as server:
        report = await go(run, server, budget=Budget(tokens=10))
    assert len(report.failures) == 2
    with ScriptedServer(refuses_reviews) as server, pytest.raises(EndpointError, match="gone"):
        await go(agents.open_run(tmp_path, run.id), server)
    assert run.journal.read_bytes()  # proposals came before the model was gone
    again = await agents.replay(agents.open_run(tmp_path, run.id))
    assert again.model_dump_json() == report.model_dump_json()


@pytest.mark.parametrize("after", range(1, 10))
async def test_a_cut_right_after_an_answer_is_replayed_as_reported(
    tmp_path: Path, server: ScriptedServer, after: int
) -> None:
    """After a review, say, and before its score: the call is there, its hypothesis is not in the report."""
    run = begin(tmp_path)
    report = await asyncio.create_task(cut(run, server, after))
    again = await agents.replay(agents.open_run(tmp_path, run.id))
    assert again.model_dump_json() == report.model_dump_json()


async def test_a_run_from_before_calls_were_counted_is_replayed(
    tmp_path: Path, server: ScriptedServer
) -> None:
    run = begin(tmp_path)
    report = await go(run, server)
    path = run.folder / "run.json"
    record = json.loads(path.read_text())
    assert record["end"].pop("calls") == 9
    path.write_text(json.dumps(record))
    again = await agents.replay(agents.open_run(tmp_path, run.id))
    assert again.model_dump_json() == report.model_dump_json()


async def test_a_cut_last_line_is_told(tmp_path: Path, server: ScriptedServer) -> None:
    run = begin(tmp_path, 1)
    await go(run, server)
    run.journal.write_bytes(run.journal.read_bytes()[:-9])
    run.evidence.write_bytes(b'{"key"')
    watching = Watching()
    await go(run, server, watch=watching)
    assert [notice.partition(": ")[2] for notice in watching.notices] == [
        "the last call was cut off while it was written, and is made again",
        "the last tool result was cut off while it was written, and is made again",
    ]


async def test_one_refused_request_stops_no_other(tmp_path: Path) -> None:
    with ScriptedServer(faults=listed(InjectedFault.REFUSED)) as server:
        report = await go(begin(tmp_path), server)
    assert report.status is Status.PARTIAL
    assert len(report.hypotheses) == 2
    assert "refuses this request (400)" in report.failures[0].reason


@pytest.mark.parametrize(("step", "told"), [("review", "does not hold call"), ("mark", "second marks")])
async def test_a_replay_that_lacks_an_answer_says_so(
    tmp_path: Path, server: ScriptedServer, step: str, told: str
) -> None:
    run = begin(tmp_path)
    await go(run, server)
    lines = run.journal.read_text().splitlines(keepends=True)
    gone = next(line for line in lines if json.loads(line)["step"] == step)
    run.journal.write_text("".join(line for line in lines if line != gone))
    with pytest.raises(ReplayMiss, match=told):
        await agents.replay(run)


async def test_a_finished_run_asked_again_pays_nothing(tmp_path: Path, server: ScriptedServer) -> None:
    run = begin(tmp_path)
    report = await go(run, server)
    paid = server.delivered.total()
    assert (await go(agents.open_run(tmp_path, run.id), server)).model_dump_json() == report.model_dump_json()
    assert server.delivered.total() == paid


async def test_one_failed_perspective_does_not_stop_the_others(tmp_path: Path) -> None:
    def breaks_one(request: Request) -> str:
        return "no JSON" if "Physicist 2" in str(request.messages) else scripted(request)

    with ScriptedServer(answers=breaks_one) as server:
        run = begin(tmp_path)
        report = await go(run, server)
    assert report.status is Status.PARTIAL
    assert [(f.perspective.key, f.step) for f in report.failures] == [("p02", "propose")]
    assert len(report.hypotheses) == 2
    assert (await agents.replay(run)).model_dump_json() == report.model_dump_json()


async def test_a_spent_budget_stops_cleanly_and_a_larger_one_goes_on(
    tmp_path: Path, server: ScriptedServer
) -> None:
    run = begin(tmp_path, 4)
    report = await go(run, server, budget=Budget(tokens=4_000), concurrency=1)
    assert report.status is Status.BUDGET
    assert report.usage.input_tokens + report.usage.output_tokens <= 4_000
    assert (await agents.replay(run)).model_dump_json() == report.model_dump_json()
    paid = server.delivered.total()
    whole = await go(agents.open_run(tmp_path, run.id), server)
    assert whole.status is Status.COMPLETE
    assert server.delivered.total() == 12 > paid


async def test_an_interrupted_run_keeps_what_is_finished(tmp_path: Path) -> None:
    run = begin(tmp_path, 4)
    with ScriptedServer(delay_s=0.2) as slow:
        task = asyncio.create_task(go(run, slow, concurrency=2))
        await asyncio.sleep(0.75)
        task.cancel()
        report = await task
        assert report.status is Status.INTERRUPTED
        assert (await agents.replay(run)).model_dump_json() == report.model_dump_json()
        whole = await go(agents.open_run(tmp_path, run.id), slow)
        assert whole.status is Status.COMPLETE
        assert max(slow.delivered.values()) <= 2, "only a call that was in flight may be asked again"
    finished = {h.model_dump_json() for h in report.hypotheses}
    assert finished <= {h.model_dump_json() for h in whole.hypotheses}


async def test_an_endpoint_that_serves_nobody_is_an_error(tmp_path: Path) -> None:
    run = begin(tmp_path)
    endpoints = {"default": Endpoint(name="scripted", base_url="http://127.0.0.1:9/v1")}
    nothing = cast("Any", None)
    with pytest.raises(EndpointError, match=r"127\.0\.0\.1:9"):
        await agents.ask(run, endpoints=endpoints, ontology=nothing, router=nothing)


async def test_a_run_does_not_go_on_with_another_model(tmp_path: Path, server: ScriptedServer) -> None:
    run = begin(tmp_path)
    endpoints = {"default": Endpoint(name="another", base_url=server.base_url)}
    nothing = cast("Any", None)
    with pytest.raises(RunError, match=r"scripted.*another"):
        await agents.ask(run, endpoints=endpoints, ontology=nothing, router=nothing)


async def test_a_run_that_never_ended_cannot_be_replayed(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="--resume"):
        await agents.replay(begin(tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
async def test_faults_in_a_third_of_all_calls_lose_nothing(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faults in 30 % of calls and a cut in the middle: runs end with a report, no answer is paid twice."""
    monkeypatch.setattr(endpoint_client, "FIRST_WAIT_S", 0.01)
    run = begin(tmp_path, 6)
    with ScriptedServer(faults=chance(0.3, seed=seed), retry_after_s=0.01, delay_s=0.01) as server:
        report = await asyncio.create_task(cut(run, server, 1 + seed % 9))
        assert report.status is Status.INTERRUPTED
        assert (await agents.replay(run)).model_dump_json() == report.model_dump_json()
        kept = {h.perspective.key: h.model_dump_json() for h in report.hypotheses}
        in_flight = set(server.requests) - {call.key for call in Journal(run.journal).calls}
        whole = await go(agents.open_run(tmp_path, run.id), server)
    assert len(whole.hypotheses) >= 5
    assert len(whole.hypotheses) + len(whole.failures) == 6
    assert {h.perspective.key: h.model_dump_json() for h in whole.hypotheses}.items() >= kept.items()
    assert {key for key, times in server.delivered.items() if times > 1} <= in_flight
    assert max(server.delivered.values()) <= 2
    again = await agents.replay(agents.open_run(tmp_path, run.id))
    assert again.model_dump_json() == whole.model_dump_json()


class Sum(Strict):
    a: float
    b: float


class Total(BaseModel):
    total: float
    unit: str = "eV"


class Adder:
    """A tool for these tests."""

    name, version, purpose = "adder", "1.0", "adds two energies in eV"
    arguments: type[BaseModel] = Sum

    def __init__(self) -> None:
        self.runs = 0

    def run(self, arguments: BaseModel) -> BaseModel:
        self.runs += 1
        values = Sum.model_validate(arguments.model_dump())
        if values.a > values.b:
            raise ToolError("a must not exceed b")
        return Total(total=values.a + values.b)


async def test_tool_results_stand_as_evidence_failures_too(tmp_path: Path, server: ScriptedServer) -> None:
    run = begin(tmp_path, 6)
    adder = Adder()
    report = await go(run, server, tools=[adder])
    evidence = [item for h in report.hypotheses for item in h.evidence]
    assert evidence
    assert {item.source for item in evidence} == {"adder 1.0"}
    assert all(item.error == "a must not exceed b" or item.content["unit"] == "eV" for item in evidence)
    assert any(check.name == "tools answered" for h in report.hypotheses for check in h.checks)
    ran = adder.runs
    for again in (await agents.replay(run, tools=[adder]), await go(run, server, tools=[adder])):
        assert again.model_dump_json() == report.model_dump_json()
    assert adder.runs == ran > 0
