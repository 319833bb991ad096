"""Event streams of tests, uses of tools and mining jobs: in order, taken up, ended; uses are kept."""

import time
from datetime import datetime

import pytest

from agents.mining import JobState
from agents.model import EventKind
from app.api import events
from app.client import Client, NewMining, ServiceProblem
from app.jobs.benches import LongTest, ToolUse
from app.jobs.events import CallEvent, NoticeEvent, RunEvent, StageEvent, StateEvent
from app.jobs.feed import CHUNK
from app.jobs.state import RunState
from app.jobs.tasks import FOLDER, TaskKind
from tests.app.live import Live

pytestmark = pytest.mark.slow

FALLS = "In the ideal gas the pressure falls as the volume rises."
AREA = ToolUse(tool="rectangle_area", arguments={"width": 2, "height": 3})


def states(told: list[RunEvent]) -> list[RunState]:
    return [event.state for event in told if isinstance(event, StateEvent)]


def test_a_test_is_followed_to_its_verdict_and_from_the_middle(eve: Client) -> None:
    queued = eve.queue_test(LongTest(statement=FALLS, seconds=5))
    told = list(eve.test_events(queued.id))
    assert states(told) == [RunState.QUEUED, RunState.RUNNING, RunState.SUCCEEDED]
    assert [event.id for event in told] == list(range(1, len(told) + 1))
    (verdict,) = [event for event in told if isinstance(event, CallEvent)]
    assert verdict.kind is EventKind.TESTED
    assert verdict.reason.startswith("survived: ")
    assert list(eve.test_events(queued.id, after=2)) == told[2:]


def test_a_use_of_a_tool_is_followed_and_its_result_kept(eve: Client) -> None:
    queued = eve.queue_use(AREA)
    told = list(eve.use_events(queued.id))
    assert states(told) == [RunState.QUEUED, RunState.RUNNING, RunState.SUCCEEDED]
    assert any(isinstance(event, NoticeEvent) and "rectangle_area" in event.text for event in told)
    ended = eve.queued_use(queued.id)
    assert (ended.state, ended.by, ended.use.tool) == (RunState.SUCCEEDED, "eve", "rectangle_area")
    assert ended.kept is not None
    assert eve.result(ended.kept).result.content == {"area": 6}
    assert queued.id in [use.id for use in eve.queued_uses().items]
    assert eve.cancel_use(queued.id).state is RunState.SUCCEEDED, "what has ended stays"


def test_what_a_tool_refuses_is_the_reason(eve: Client) -> None:
    use = eve.queue_use(ToolUse(tool="rectangle_area", arguments={"width": 0, "height": 3}))
    last = list(eve.use_events(use.id))[-1]
    assert isinstance(last, StateEvent)
    assert last.state is RunState.FAILED
    assert last.reason == "a width of 0 m is none: give a larger one"


@pytest.mark.parametrize(
    ("use", "told"),
    [
        (ToolUse(tool="rectangle_aria", arguments={}), "did you mean rectangle_area"),
        (ToolUse(tool="rectangle_area", arguments={"width": 2}), "rectangle_area.height is missing"),
        (ToolUse(tool="rectangle_area", arguments={"width": -2, "height": 1}), "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_used_is_told_before_it_is_queued(eve: Client, use: ToolUse, told: str) -> None:
    with pytest.raises(ServiceProblem, match=told) as raised:
        eve.queue_use(use)
    assert raised.value.problem.status == 422


def test_a_mining_job_s_stream_waits_for_its_start_and_counts_pairs(eve: Client) -> None:
    eve.plan_mining(NewMining(name="followed", pairs=2))
    stream = eve.mining_events("followed")
    eve.steer_mining("followed", "start")
    told = list(stream)
    assert states(told) == [RunState.QUEUED, RunState.RUNNING, RunState.SUCCEEDED]
    stages = [(event.stage, event.done, event.total) for event in told if isinstance(event, StageEvent)]
    assert stages[-1] == ("pairs", 2, 2)
    assert eve.mining_job("followed").state is JobState.DONE


def test_a_job_that_ended_before_it_began_ends_its_stream(
    eve: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "LOOK_S", 0.1)
    eve.plan_mining(NewMining(name="unbegun", pairs=2))
    eve.steer_mining("unbegun", "cancel")
    (last,) = eve.mining_events("unbegun")
    assert isinstance(last, StateEvent)
    assert (last.state, last.reason) == (RunState.CANCELLED, "cancelled")


def test_where_the_events_are_lost_the_database_says_how_it_ended(
    eve: Client, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "LOOK_S", 0.1)
    use = eve.queue_use(AREA)
    list(eve.use_events(use.id))
    (live.service.jobs.runs / FOLDER / use.id / "events.jsonl").unlink()
    assert states(list(eve.use_events(use.id))) == [RunState.SUCCEEDED]


def test_a_long_story_is_told_whole_and_at_once(live: Live) -> None:
    key = live.key("patient")
    tasks = live.service.jobs.tasks
    with live.client(key) as client:
        use = client.queue_use(AREA)
        list(client.use_events(use.id))
        path = live.service.jobs.runs / FOLDER / use.id / "events.jsonl"
        *before, last = tasks.feed(use.id).read()
        notices = [
            NoticeEvent(id=before[-1].id + 1 + n, at=last.at, text="x" * 80) for n in range(4 * CHUNK // 100)
        ]
        story = [*before, *notices, last.model_copy(update={"id": notices[-1].id + 1})]
        path.write_text("".join(event.model_dump_json() + "\n" for event in story))
        begun = time.monotonic()
        assert list(client.use_events(use.id)) == story
        assert time.monotonic() < begun + 2 * events.LOOK_S


def test_why_it_ended_names_no_path_of_the_service(
    live: Live, eve: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.jobs.tasks.Tasks._submit", lambda _self, task: task)  # none is begun
    use = eve.queue_use(AREA)
    reason = "cannot write /srv/data/runs/calls.jsonl: no such file"
    live.service.jobs.tasks.feed(use.id).add(
        lambda number, at: StateEvent(id=number, at=at, state=RunState.FAILED, reason=reason)
    )
    (last,) = eve.use_events(use.id)
    assert isinstance(last, StateEvent)
    assert last.reason == "cannot write calls.jsonl: no such file"
    eve.cancel_use(use.id)


def test_a_busy_stream_of_a_revoked_key_ends(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "LOOK_S", 0.2)
    monkeypatch.setattr("app.jobs.tasks.Tasks._submit", lambda _self, task: task)  # none is begun
    key, tasks = live.key("leaving"), live.service.jobs.tasks
    use = tasks.add(TaskKind.TOOL, AREA.model_dump_json(), key[4:12])
    feed = tasks.feed(use.id)
    with live.http(key) as http, http.stream("GET", f"/v1/tools/jobs/{use.id}/events") as stream:
        lines = stream.iter_lines()
        live.service.keys.revoke(key[4:12])
        end = time.monotonic() + 30
        feed.add(on_and_on)
        while next(lines, None) is not None:
            assert time.monotonic() < end
            time.sleep(0.05)
            feed.add(on_and_on)
    tasks.cancel(use)


def on_and_on(number: int, at: datetime) -> NoticeEvent:
    return NoticeEvent(id=number, at=at, text="on and on")


def test_a_revoked_key_s_stream_ends(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "LOOK_S", 0.1)
    monkeypatch.setattr("app.jobs.tasks.Tasks._submit", lambda _self, task: task)  # none is begun
    key = live.key("leaving")
    use = live.service.jobs.tasks.add(TaskKind.TOOL, AREA.model_dump_json(), key[4:12])
    with live.http(key) as http, http.stream("GET", f"/v1/tools/jobs/{use.id}/events") as stream:
        assert stream.status_code == 200
        live.service.keys.revoke(key[4:12])
        begun = time.monotonic()
        assert [line for line in stream.iter_lines() if line.startswith("data")] == []
        assert time.monotonic() < begun + 60
    live.service.jobs.tasks.cancel(use)
