"""Mining over the REST API: planned, started, steered, and its map read."""

import csv
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from io import BytesIO, StringIO
from pathlib import Path

import pytest

import physh
from agents.errors import JobConflict, MiningError
from agents.mining import Choices, JobState, Means, MiningProgress, MiningStore, Spec, Strategy, steer
from agents.mining.jobs import working
from agents.model import Budget, Endpoint
from app.api.mining_schema import NewMining
from app.client import Client, ServiceProblem
from app.jobs.feed import Feed, Make
from app.jobs.job import now
from app.jobs.mining_desk import MiningDesk
from app.jobs.mining_work import mine
from app.jobs.state import RunState
from app.jobs.tasks import QueuedTask, TaskKind
from app.jobs.watching import Reporter, StopRequest
from tests.app.live import Live

pytestmark = pytest.mark.slow

WAIT_S = 150.0


def test_a_job_is_planned_started_and_its_map_read(client: Client) -> None:
    planned = client.plan_mining(NewMining(name="small", pairs=12))
    assert (planned.state, planned.pairs, planned.done) == (JobState.PLANNED, 12, 0)
    client.steer_mining("small", "start")
    until(client, "small", JobState.DONE)
    assert "small" in [progress.job for progress in client.mining_jobs()]
    found = client.mining_map("small")
    assert sum(meeting.pairs for meeting in found.meetings) == 12
    first = found.meetings[0]
    mined = client.transfers("small", home=first.home.label, field=first.field.uri).items
    assert len(mined) == first.pairs
    assert all(one.finding and one.finding.model == "scripted" for one in mined)
    whole, page = client.transfers("small"), client.transfers("small", limit=5)
    read = page.items
    while page.next:
        page = client.transfers("small", limit=5, cursor=page.next)
        read += page.items
    assert whole.next is None
    assert read == whole.items
    assert len(read) == 12


def test_a_job_is_taken_away_in_four_formats(client: Client) -> None:
    client.plan_mining(NewMining(name="taken", pairs=4))
    client.steer_mining("taken", "start")
    until(client, "taken", JobState.DONE)
    archive = zipfile.ZipFile(BytesIO(client.export_mining("taken")))
    table = client.export_mining("taken", "text/csv")
    assert archive.read("transfers.csv") == table
    assert len(list(csv.DictReader(StringIO(table.decode())))) == 4
    assert {"map.html", "map.png", "spec.json", "cells.csv"} <= set(archive.namelist())
    graph = client.export_mining("taken", "application/n-triples").decode()
    assert all(line.endswith(" .") for line in graph.splitlines())
    assert "taken" in graph
    assert client.export_mining("taken", "image/png").startswith(b"\x89PNG")
    with pytest.raises(ServiceProblem, match="can be had as application/zip"):
        client.export_mining("taken", "application/pdf")
    with pytest.raises(ServiceProblem, match="no mining job"):
        client.export_mining("nothing")


def until(client: Client, job: str, state: JobState) -> None:
    end = time.monotonic() + WAIT_S
    while client.mining_job(job).state is not state:
        assert time.monotonic() < end
        time.sleep(0.1)


def test_known_uses_and_comparisons_are_what_the_job_wanted(client: Client) -> None:
    client.plan_mining(
        NewMining(name="rich", pairs=3, library=True, compare=(("Networks", "Nuclear Physics"),))
    )
    client.steer_mining("rich", "start")
    until(client, "rich", JobState.DONE)
    findings = [one.finding for one in client.transfers("rich").items]
    assert all(found and found.known_uses == [] for found in findings), "looked for, and none found"
    (compared,) = client.mining_map("rich").contrasts
    assert (compared.first, compared.second, compared.model) == ("Networks", "Nuclear Physics", "scripted")


def test_a_pause_holds_before_a_job_has_begun(client: Client) -> None:
    client.plan_mining(NewMining(name="held", pairs=2))
    assert client.steer_mining("held", "pause").state is JobState.PAUSED
    client.steer_mining("held", "start")
    until(client, "held", JobState.DONE)
    with pytest.raises(ServiceProblem, match="is done: it can no longer be paused"):
        client.steer_mining("held", "pause")


def task(job: str) -> QueuedTask:
    return QueuedTask(
        id=f"mining-{job}",
        kind=TaskKind.MINING,
        owner="local",
        asked=job,
        state=RunState.RUNNING,
        created=now(),
    )


def watcher(folder: Path) -> Reporter:
    return Reporter(Feed(folder / "events.jsonl").add, StopRequest())


def add_job(
    store: MiningStore, job: str, *, spec: str = "{}", state: str = "planned", release: str = "2.7"
) -> None:
    """A job without pairs."""
    insert = "insert into job (id, spec, created, state, release) values (?, ?, '', ?, ?)"
    store.do(insert, job, spec, state, release)


def test_a_job_that_is_paused_while_it_waits_is_not_begun(tmp_path: Path) -> None:
    begun = list[str]()

    def work(job: str, _add: Callable[[Make], None], _stop: StopRequest) -> None:
        begun.append(job)
        raise MiningError("nothing to run it with")

    with MiningStore(tmp_path) as store:
        for job in ("first", "second"):
            add_job(store, job)
        desk = MiningDesk(tmp_path, work)
        steer(store, "first", JobState.PAUSED)
        assert desk.perform(task("first"), StopRequest(), watcher(tmp_path)).state is RunState.CANCELLED
        with pytest.raises(MiningError, match="nothing to run it with"):
            desk.perform(task("second"), StopRequest(), watcher(tmp_path))
    assert begun == ["second"]


def test_a_pause_between_the_look_and_the_start_is_heard(tmp_path: Path) -> None:
    with MiningStore(tmp_path) as store:
        release = physh.load().release
        add_job(store, "one", spec=Spec(name="one", pairs=1).model_dump_json(), release=release)

        @contextmanager
        def means() -> Iterator[Means]:
            steer(store, "one", JobState.PAUSED)  # while models are opened
            yield unanswered()

        desk = MiningDesk(
            tmp_path, lambda job, add, stop: mine(store, job, means(), stop, Reporter(add, stop))
        )
        assert desk.perform(task("one"), StopRequest(), watcher(tmp_path)).reason == "paused"
        assert store.state("one") is JobState.PAUSED


def unanswered() -> Means:
    """Return means with a model that nobody serves."""
    return Means({"default": Endpoint(name="scripted", base_url="http://127.0.0.1:9")}, physh.load())


def no_work(_job: str, _add: Callable[[Make], None], _stop: StopRequest) -> None:
    """Run nothing."""


def test_of_two_clients_wishes_a_cancel_stands_and_a_pause_is_taken_back(tmp_path: Path) -> None:
    desk = MiningDesk(tmp_path, no_work)
    with MiningStore(tmp_path) as store:
        add_job(store, "one", state="running")
        with working(tmp_path, "one"):
            steer(store, "one", JobState.PAUSED)
            desk.start("one")
            assert store.wish("one") is None
            steer(store, "one", JobState.CANCELLED)
            with pytest.raises(JobConflict, match="was cancelled"):
                steer(store, "one", JobState.PAUSED)
            with pytest.raises(JobConflict, match="was cancelled"):
                desk.start("one")
            assert store.wish("one") is JobState.CANCELLED


def test_a_plan_that_is_refused_is_not_kept_and_a_larger_budget_goes_on(client: Client, live: Live) -> None:
    with pytest.raises(ServiceProblem, match="too small for a single question"):
        client.plan_mining(NewMining(name="poor", pairs=6, budget=Budget(tokens=900)))
    assert "poor" not in [progress.job for progress in client.mining_jobs()]
    client.plan_mining(NewMining(name="poor", pairs=6, strategy=Strategy.RANDOM, budget=Budget(tokens=3_000)))
    client.steer_mining("poor", "start")
    until(client, "poor", JobState.BUDGET)
    with live.http() as http:
        assert http.post("/v1/mining/poor/start", json={"budget": {"tokens": 90}}).status_code == 422
        assert http.post("/v1/mining/poor/start", json={"budget": {"tokens": 90_000}}).status_code == 202
    until(client, "poor", JobState.DONE)


def test_a_cancelled_job_is_over(client: Client) -> None:
    client.plan_mining(NewMining(name="over", pairs=2))
    assert client.steer_mining("over", "cancel").state is JobState.CANCELLED
    with pytest.raises(ServiceProblem, match="was cancelled") as raised:
        client.steer_mining("over", "start")
    assert raised.value.problem.status == 409


@pytest.mark.parametrize(
    ("chosen", "status", "told"),
    [
        ({"name": "a", "pairs": 2, "sources": ["Alchemy"]}, 404, "no discipline 'Alchemy'"),
        ({"name": "a", "pairs": 2, "sources": ["Networks"], "targets": ["Networks"]}, 422, "nothing to try"),
        ({"name": "a", "pairs": 2, "search": ["vixra"]}, 422, "/search/0: Input should be"),
        ({"name": "a", "pairs": 2, "compare": [["Networks", "Alchemy"]]}, 404, "no discipline 'Alchemy'"),
        ({"name": "a", "pairs": 9_999_999}, 422, "less than or equal to 5000"),
        ({"name": "a", "pairs": 2, "base_url": "http://10.0.0.1"}, 422, "Extra inputs"),
    ],
)
def test_what_cannot_be_planned_is_told(live: Live, chosen: object, status: int, told: str) -> None:
    with live.http() as http:
        answer = http.post("/v1/mining", json=chosen)
    assert answer.status_code == status
    assert told in answer.json()["detail"]


def test_an_unknown_job_is_not_found(client: Client) -> None:
    with pytest.raises(ServiceProblem, match="no mining job 'nobody'") as raised:
        client.mining_map("nobody")
    assert raised.value.problem.status == 404


def test_no_request_names_an_address() -> None:
    assert not {"model", "base_url"} & set(Choices.model_fields)


def test_what_was_wanted_is_taken_up_by_the_next_desk(tmp_path: Path) -> None:
    queued: list[tuple[str, str]] = []
    with MiningStore(tmp_path) as store:
        for job in ("left", "idle"):
            add_job(store, job, spec=Spec(name=job, pairs=1).model_dump_json(), state="running")
        store.set_wanted("left", wanted=True)  # and the service was killed
        MiningDesk(tmp_path, no_work, submit=lambda *given: queued.append(given)).take_up()
    assert queued == [("left", "local")]


def test_a_service_that_ends_leaves_the_job_wanted_and_promised(tmp_path: Path) -> None:
    settled: list[MiningProgress] = []
    stop = StopRequest()
    stop.ask()
    with MiningStore(tmp_path) as store:
        spec = Spec(name="one", pairs=1).model_dump_json()
        add_job(store, "one", spec=spec, release=physh.load().release)
        store.set_wanted("one", wanted=True)

        def work(job: str, add: Callable[[Make], None], stop: StopRequest) -> None:
            mine(store, job, nullcontext(unanswered()), stop, Reporter(add, stop))

        desk = MiningDesk(tmp_path, work, lambda _owner, progress: settled.append(progress))
        desk.perform(task("one"), stop, watcher(tmp_path))
        assert store.wanted() == ["one"]
    assert settled == []
