import json
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.model import Journal
from agents.rank.counting import PERSON
from agents.schema import Pins, Status
from app.api.reports import RENDER, choose_format
from app.client import Client, ServiceProblem
from app.jobs.events import OutcomeEvent, StateEvent
from app.jobs.state import RunState
from app.settings.sections import RunChoices
from app.steps import from_report
from tests.app.live import Live

pytestmark = pytest.mark.slow

QUESTION = "Why do metallic glasses age more slowly at high pressure?"


@pytest.fixture(scope="module")
def done(live: Live) -> str:
    """A finished run's id."""
    with live.client() as client:
        run = client.ask(QUESTION, settings=RunChoices(perspectives=2))
        assert client.wait(run.id, 150).state is RunState.SUCCEEDED
        return run.id


def test_a_question_is_answered_and_every_event_is_told_in_order(live: Live, client: Client) -> None:
    run = client.ask(QUESTION, settings=RunChoices(perspectives=2))
    assert run.state is RunState.QUEUED
    events = list(client.events(run.id))
    assert [event.id for event in events] == list(range(1, len(events) + 1))
    states = [event.state for event in events if isinstance(event, StateEvent)]
    assert states == [RunState.QUEUED, RunState.RUNNING, RunState.SUCCEEDED]
    outcomes = {event.key: event.score for event in events if isinstance(event, OutcomeEvent)}
    report = client.report(run.id)
    assert {hypothesis.key: hypothesis.score.value for hypothesis in report.hypotheses} == outcomes
    info = client.run(run.id)
    assert (info.status, info.models) == (Status.COMPLETE, ["scripted"])
    assert info.spent.calls == report.usage.calls
    assert info.spent.tokens == report.usage.input_tokens + report.usage.output_tokens
    assert info.progress.finished == len(info.progress.rows) == 2


def test_a_stream_is_taken_up_behind_any_event(client: Client, done: str) -> None:
    events = list(client.events(done))
    for after in (0, 1, len(events) - 1):
        assert list(client.events(done, after=after)) == events[after:]


@settings(max_examples=25)
@given(
    junk=st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=30).filter(
        lambda text: text == text.strip()
    )
)
def test_a_last_event_id_that_is_none_counts_as_none(live: Live, done: str, junk: str) -> None:
    headers = {b"Last-Event-ID": junk.encode("latin-1")}
    address = f"{live.address}/v1/runs/{done}/events"
    answer = httpx.get(address, headers=httpx.Headers(headers), trust_env=False)
    assert answer.status_code == 200
    first = int(junk) + 1 if junk.strip().isascii() and junk.strip().isdecimal() else 1
    assert f"id: {first}\n" in answer.text or first > answer.text.count("id: ")


def test_a_run_that_has_not_changed_is_not_sent_again(live: Live, done: str) -> None:
    with live.http() as http:
        for path in (f"/v1/runs/{done}", f"/v1/runs/{done}/report"):
            etag = http.get(path).headers["etag"]
            again = http.get(path, headers={"If-None-Match": f'"other", W/{etag}'})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)


RIS = "application/x-research-info-systems"


@pytest.mark.parametrize("media_type", RENDER)
def test_a_report_comes_in_each_format(live: Live, done: str, media_type: str) -> None:
    with live.http() as http:
        answer = http.get(f"/v1/runs/{done}/report", headers={"Accept": f"{media_type}, */*;q=0.1"})
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert (done in answer.text) is (media_type != RIS)  # which has no comments, and no works are cited


def test_json_ld_says_what_turtle_says(client: Client, done: str) -> None:
    from rdflib import Graph
    from rdflib.compare import isomorphic

    turtle = Graph().parse(data=client.export(done, "text/turtle"), format="turtle")
    json_ld = Graph().parse(data=client.export(done, "application/ld+json"), format="json-ld")
    assert len(turtle) > 100
    assert isomorphic(turtle, json_ld)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("*/*", "application/json"),
        ("text/*", "text/markdown"),
        ("text/turtle;q=0.9, text/markdown;q=0.2", "text/turtle"),
        ("application/json;q=0, */*;q=0.1", "text/markdown"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "text/html"),
        ("application/xhtml+xml, */*;q=0.8", "application/json"),
        ("image/png", None),
        ("text/turtle;q=much", None),
        ("", None),
    ],
)
def test_the_format_wanted_most_is_chosen(accept: str, chosen: str | None) -> None:
    assert choose_format(accept, RENDER) == chosen


def test_pages_hold_every_run_once_newest_first(live: Live, client: Client) -> None:
    made = [client.ask(f"{QUESTION} {number}").id for number in range(5)]
    listed, cursor = [], None
    while True:
        page = client.runs(limit=2, cursor=cursor)
        listed += [run.id for run in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert listed[:5] == made[::-1]
    assert len(set(listed)) == len(listed)
    for run in made:
        client.wait(run, 150)
    assert {run.state for run in client.runs(state=RunState.SUCCEEDED, limit=100).items} == {
        RunState.SUCCEEDED
    }


def test_a_hundred_equal_posts_are_one_run(live: Live) -> None:
    body = {"question": QUESTION, "settings": {"perspectives": 1}}

    def post(_: int) -> httpx.Response:
        return http.post("/v1/runs", json=body, headers={"Idempotency-Key": "one and the same"})

    with live.http() as http, ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(post, range(100)))
        other = http.post(
            "/v1/runs", json=body | {"question": "?"}, headers={"Idempotency-Key": "one and the same"}
        )
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert (other.status_code, other.json()["type"].rpartition("/")[2]) == (422, "idempotency-key-reused")
    with live.client() as client:
        client.wait(answers[0].json()["id"], 150)


def test_cancelling_stops_calls_and_reports_what_is_finished(live: Live, client: Client) -> None:
    live.model.delay_s = 3
    try:
        runs = [
            client.ask(f"{QUESTION} {number}", settings=RunChoices(perspectives=2)).id for number in range(3)
        ]
        while any(client.run(run).state is RunState.QUEUED for run in runs[:2]):
            time.sleep(0.05)
        answered = [client.cancel(run).state for run in reversed(runs)]
        assert answered[0] is RunState.CANCELLED  # it waited: two are worked on at once
        ended = [client.wait(run, 150) for run in runs]
        asked = sum(live.model.requests.values())
    finally:
        live.model.delay_s = 0
    assert [run.state for run in ended] == [RunState.CANCELLED] * 3
    assert [run.status for run in ended] == [Status.INTERRUPTED, Status.INTERRUPTED, None]
    assert client.cancel(runs[0]).state is RunState.CANCELLED
    assert sum(live.model.requests.values()) == asked
    assert client.report(runs[0]).status is Status.INTERRUPTED
    with pytest.raises(ServiceProblem, match="is cancelled and has no report") as refused:
        client.report(runs[2])
    assert refused.value.problem.status == 409


def test_a_run_that_ended_early_is_gone_on_with_and_nothing_is_paid_for_twice(
    live: Live, client: Client
) -> None:
    live.model.delay_s, before = 0.3, live.model.delay_s
    try:
        run = client.ask("Why do wires creep?", settings=RunChoices(perspectives=3)).id
        while not client.run(run).spent.calls:
            time.sleep(0.02)
        client.cancel(run)
        assert client.wait(run, 150).state is RunState.CANCELLED
    finally:
        live.model.delay_s = before
    paid, asked = client.run(run).spent, live.model.requests.copy()
    recorded = {call.key for call in Journal(live.settings.paths.runs / run / "calls.jsonl").calls}
    assert recorded
    assert client.resume(run).state is RunState.QUEUED
    with pytest.raises(ServiceProblem) as refused:
        client.resume(run)
    assert refused.value.problem.status == 409
    ended = client.wait(run, 150)
    assert (ended.state, ended.status) == (RunState.SUCCEEDED, Status.COMPLETE)
    assert ended.spent.calls > paid.calls
    assert not [key for key in recorded if live.model.requests[key] > asked[key]]
    told = list(client.events(run))
    assert [event.id for event in told] == list(range(1, len(told) + 1))
    states = [event.state.value for event in told if isinstance(event, StateEvent)]
    assert states == ["queued", "running", "cancelling", "cancelled", "queued", "running", "succeeded"]
    with pytest.raises(ServiceProblem, match="is whole"):
        client.resume(run)


def test_a_failed_run_says_why(live: Live, client: Client) -> None:
    live.model.api_key = "another"
    try:
        run = client.wait(client.ask(QUESTION).id, 150)
    finally:
        live.model.api_key = None
    assert run.state is RunState.FAILED
    assert run.reason is not None
    assert "key" in run.reason
    last = list(client.events(run.id))[-1]
    assert isinstance(last, StateEvent)
    assert last.reason == run.reason


def test_marks_are_kept_in_the_order_given(live: Live, client: Client, done: str) -> None:
    before = len(client.marks(done))
    client.mark(done, "p01", 2)
    client.mark(done, "p01", 5, "on second thoughts")
    assert [(m.mark, m.note, m.by) for m in client.marks(done)[before:]] == [
        (2, None, "local"),
        (5, "on second thoughts", "local"),
    ]
    with pytest.raises(ServiceProblem, match="is no hypothesis of this run"):
        client.mark(done, "p99", 5)


def test_marks_are_laid_beside_the_judges(client: Client) -> None:
    done = client.ask(QUESTION, settings=RunChoices(perspectives=2, matches=1, children=0)).id
    client.wait(done, 150)
    one, other = client.report(done).hypotheses
    client.mark(done, one.key, 5)
    client.mark(done, other.key, 1)
    end = time.monotonic() + 60
    while True:
        tournament = client.report(done).tournament
        assert tournament is not None
        persons = [record for record in tournament.judges if record.judge == PERSON]
        if persons or time.monotonic() > end:
            break
        time.sleep(0.1)
    assert [record.matches for record in persons] == [1]


def test_hypotheses_are_found_over_all_runs(client: Client, done: str) -> None:
    report = client.report(done)
    best = report.hypotheses[0]
    assert done in {found.run for found in client.hypotheses("metallic glasses", limit=100).items}
    assert not client.hypotheses("xylophone").items
    assert not client.hypotheses('"AND OR NOT (').items
    by_concept = client.hypotheses(concept=best.perspective.narrow.uri, limit=100).items
    assert (done, best.key) in {(found.run, found.key) for found in by_concept}
    found = client.hypotheses(min_score=best.score.value, limit=100).items
    assert all(one.score >= best.score.value for one in found)
    scores, cursor = [], None
    while True:
        page = client.hypotheses(limit=1, cursor=cursor)
        scores += [one.score for one in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert scores == sorted(scores, reverse=True)
    assert len(scores) >= len(report.hypotheses)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/question"),
        ({"question": ""}, "/question"),
        ({"question": " \n"}, "/question"),
        ({"question": "a\x00b"}, "/question"),
        ({"question": "x" * 8_001}, "/question"),
        ({"question": "Why?", "url": "http://169.254.169.254/"}, "/url"),
        ({"question": "Why?", "settings": {"concurrency": 64}}, "/settings/concurrency"),
        ({"question": "Why?", "settings": {"perspectives": 21}}, "/settings/perspectives"),
        ({"question": "Why?", "pins": {"frameworks": ["no such thing"]}}, "/pins"),
        ({"question": "Why?", "pins": {"roles": ["A", "B"]}}, "/pins"),
        ({"question": "Why?", "settings": {"budget_usd": 1}}, "/settings"),
        ([], ""),
    ],
)
def test_a_wrong_request_is_refused_with_a_pointer(live: Live, body: object, pointer: str) -> None:
    with live.http() as http:
        answer = http.post("/v1/runs", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [part["pointer"] for part in answer.json()["errors"]] == [pointer]
    assert answer.json()["detail"]


def test_pins_steer_the_run(client: Client) -> None:
    concept = client.concept("Spintronics")
    run = client.ask(QUESTION, pins=Pins(frameworks=(concept.uri,)))
    client.wait(run.id, 150)
    assert client.report(run.id).hypotheses[0].perspective.narrow.uri == concept.uri


def test_what_is_shown_of_a_run_is_what_is_streamed(live: Live, done: str) -> None:
    with live.http() as http:
        answer = http.get(f"/v1/runs/{done}/events")
    data = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
    kinds = [line[7:] for line in answer.text.splitlines() if line.startswith("event: ")]
    assert [event["type"] for event in data] == kinds


def test_the_pipeline_is_live_and_then_that_of_the_report(live: Live, client: Client) -> None:
    live.model.delay_s, before = 1.0, live.model.delay_s
    try:
        run = client.ask(QUESTION, settings=RunChoices(perspectives=1))
        for event in client.events(run.id):
            if event.type == "call":
                break
        under_way = client.pipeline(run.id)
        assert under_way.live
        assert under_way.steps[0].step == "propose"
    finally:
        live.model.delay_s = before
    client.wait(run.id, 150)
    pipeline = client.pipeline(run.id)
    assert pipeline == from_report(client.report(run.id))
    assert not pipeline.live


def test_a_step_s_call_has_answer_and_template(client: Client, done: str) -> None:
    report = client.report(done)
    found = client.call(done, 0)
    assert found.call.key == report.calls[0].key
    assert json.loads(found.call.answer)
    assert found.template
    with pytest.raises(ServiceProblem, match=f"no call {len(report.calls)}"):
        client.call(done, len(report.calls))
