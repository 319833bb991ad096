"""A job runs to its end from wherever it was stopped, and pays for nothing twice."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import physh
from agents.errors import EndpointError, JobConflict, MiningError, RunRefused
from agents.mining import (
    JobState,
    Means,
    MiningProgress,
    MiningStore,
    PairState,
    resume,
    run_job,
    steer,
    write_journal,
)
from agents.mining.atlas import meetings, surprises
from agents.mining.calls import JobCalls
from agents.mining.jobs import working
from agents.mining.meetings import contrasts
from agents.mining.schema import KnownUse
from agents.model import Budget, Endpoint, Journal
from agents.schema import Stop
from agents.scripted import InjectedFault, ScriptedServer, chance, recorded
from physh.source import EMBEDDED
from tests.agents.mining.conftest import Adder
from tests.conftest import ServerFactory


async def go(
    store: MiningStore,
    server: ScriptedServer,
    ontology: physh.Ontology,
    job: str = "job",
    **options: Any,  # noqa: ANN401 - run_job's own
) -> MiningProgress:
    means = Means({"default": Endpoint(name="scripted", base_url=server.base_url)}, ontology, concurrency=6)
    return await run_job(store, job, means, **options)


async def test_a_job_ends_and_its_answers_are_there(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology
) -> None:
    store, server, shown = planned(questions=2), scripted(), list[MiningProgress]()
    ended = await go(store, server, ontology, shown=shown.append)
    assert (ended.state, ended.done, ended.failed, ended.calls) == (JobState.DONE, 20, 0, 40)
    assert shown[-1].pairs == 20
    mined = list(store.mined("job"))
    assert len(mined) == 20
    verdicts = [one.finding.transfer.verdict for one in mined if one.finding]
    assert verdicts == sorted(verdicts, key=["yes", "maybe", "no"].index)
    findings = [one.finding for one in mined if one.finding]
    assert all(found.spread is not None and 0 <= found.mark <= 100 for found in findings)
    assert all(found.known_uses is None for found in findings)
    assert {cell.state for cell in store.cells("job") if cell.chosen} == {"tried"}


async def test_nothing_is_asked_twice_nor_by_another_job(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology
) -> None:
    server, store = scripted(), planned()
    await go(store, server, ontology)
    planned(name="twin")
    again = await go(store, server, ontology, "twin")
    assert (again.done, again.calls, again.tokens) == (20, 0, 0)
    assert max(server.requests.values()) == 1


async def test_a_paused_job_goes_on_where_it_stood(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents.mining.running.LOOK_S", 0.0)
    store, server = planned(pairs=40), scripted(delay_s=0.02)

    def pause(progress: MiningProgress) -> None:
        if progress.done >= 5:
            store.set_wish("job", JobState.PAUSED)

    paused = await go(store, server, ontology, shown=pause)
    assert paused.state is JobState.PAUSED
    assert 5 <= paused.done < 40
    assert await go(store, server, ontology) == paused, "a pause stands until it is taken back"
    resume(store, "job")
    ended = await go(store, server, ontology)
    assert (ended.state, ended.done) == (JobState.DONE, 40)
    assert max(server.requests.values()) == 1


async def test_a_failure_that_comes_late_undoes_no_answer(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology
) -> None:
    store = planned()
    ended = await go(store, scripted(), ontology)
    store.fail("job", next(store.mined("job")).pair.id, "too late")
    assert store.progress("job") == ended
    assert ended.per_minute
    assert ended.seconds_left is None


async def test_a_job_tells_its_pace_while_it_runs(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents.mining.running.LOOK_S", 0.0)
    shown = list[MiningProgress]()
    await go(planned(), scripted(), ontology, shown=shown.append)
    assert all(progress.per_minute and progress.seconds_left is not None for progress in shown)


async def test_a_tournament_that_cannot_end_leaves_the_job_open(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology
) -> None:
    store = planned(sources=["Networks"], targets=["Nuclear Physics"], pairs=8, matches=9)
    server = scripted()
    asked = Endpoint(name="scripted", base_url=server.base_url)
    nobody = Endpoint(name="scripted", base_url="http://127.0.0.1:9/v1")
    with pytest.raises(EndpointError, match="could not be asked to judge"):
        await run_job(store, "job", Means({"default": asked, "judge": nobody}, ontology))
    left = store.progress("job")
    assert (left.state, left.done) == (JobState.STOPPED, 8)
    store.set_budget("job", Budget(tokens=left.tokens + 3_000))
    assert (await go(store, server, ontology)).state is JobState.BUDGET
    store.set_budget("job", Budget())
    assert (await go(store, server, ontology)).state is JobState.DONE
    held = meetings(store, "job")[0].tournament
    assert held
    assert held.stopped in (Stop.SPENT, Stop.SETTLED, Stop.CANNOT_RANK)
    assert max(server.requests.values()) == 1


@pytest.mark.parametrize("wish", [None, JobState.PAUSED, JobState.CANCELLED])
async def test_a_job_broken_off_in_its_last_stage_is_not_done(
    planned: Adder,
    scripted: ServerFactory,
    ontology: physh.Ontology,
    monkeypatch: pytest.MonkeyPatch,
    wish: JobState | None,
) -> None:
    begun = asyncio.Event()

    async def judge_for_ever(*_: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("agents.mining.running.LOOK_S", 0.01)
    monkeypatch.setattr("agents.mining.running.hold_tournaments", judge_for_ever)
    store = planned(pairs=2, matches=9)
    running = asyncio.create_task(go(store, scripted(), ontology))
    await begun.wait()
    if wish:
        steer(store, "job", wish)
    else:
        running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert store.state("job") is (wish or JobState.STOPPED)


async def test_a_call_of_another_version_is_told(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology
) -> None:
    store, server = planned(pairs=2), scripted()
    await go(store, server, ontology)
    store.do("update call set record = '{}'")
    with pytest.raises(MiningError, match="holds answers of another version"):
        await go(store, server, ontology)


async def test_between_two_disciplines_their_tournament_comes_first(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology
) -> None:
    store = planned(sources=["Networks"], targets=["Nuclear Physics"], pairs=8)
    await go(store, scripted(), ontology)
    first, *_, last = mined = list(store.mined("job"))
    for one, strength, ranked in ((last, 0.2, True), (first, 0.9, False)):
        store.do("insert into rating values ('job', ?, ?, 0, 1, ?)", one.pair.id, strength, ranked)
    among = list(store.mined("job", home=last.pair.home.uri, field=last.pair.field.uri))
    assert [one.pair.id for one in among[:2]] == [last.pair.id, first.pair.id]
    assert among[0].rating == 0.2
    assert [one.pair.id for one in store.mined("job")] == [one.pair.id for one in mined]
    assert store.get_mined("job", first.pair.id).rating is None, "a strength that ranks nothing is not told"


async def test_answers_of_another_version_are_told(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology, caplog: pytest.LogCaptureFixture
) -> None:
    store = planned(compare=[["Networks", "Nuclear Physics"]])
    await go(store, scripted(), ontology)
    store.do("update pair set finding = '{}'")
    assert list(store.mined("job")) == []
    assert "holds answers of another version" in caplog.text
    caplog.clear()
    store.do("update contrast set record = '{}'")
    assert contrasts(store, "job") == []
    assert "holds answers of another version" in caplog.text


async def test_a_cancelled_job_does_not_run_again(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology
) -> None:
    store = planned()
    steer(store, "job", JobState.CANCELLED)
    with pytest.raises(MiningError, match="was cancelled"):
        await go(store, scripted(), ontology)
    with pytest.raises(JobConflict, match="is cancelled: it can no longer be paused"):
        steer(store, "job", JobState.PAUSED)


async def test_known_uses_are_kept_and_bar_a_surprise(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology
) -> None:
    store, asked = planned(), list[str]()

    def search(query: str) -> list[KnownUse]:
        asked.append(query)
        return [KnownUse(title="A paper", source="10.1/1")] * (2 * (len(asked) % 2))

    endpoint = Endpoint(name="scripted", base_url=scripted().base_url)
    await run_job(store, "job", Means({"default": endpoint}, ontology, known_uses=search))
    mined = list(store.mined("job"))
    assert sorted(asked) == sorted(f"{one.pair.method.label} {one.pair.target.label}" for one in mined)
    uses = [len(one.finding.known_uses or []) for one in mined if one.finding]
    assert sorted(uses) == [0] * 10 + [2] * 10
    assert {one.works for one in surprises(store, "job", 100)} <= {0}


async def test_a_budget_ends_it(planned: Adder, scripted: ServerFactory, ontology: physh.Ontology) -> None:
    store = planned(budget={"tokens": 6_000})
    ended = await go(store, scripted(), ontology)
    assert ended.state is JobState.BUDGET
    assert 0 < ended.done < 20
    assert ended.tokens <= 6_000


@pytest.mark.slow
async def test_failures_are_counted_by_reason_and_tried_again(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology
) -> None:
    store = planned()
    bad = scripted(faults=chance(1.0, kinds=[InjectedFault.REFUSED]))
    ended = await go(store, bad, ontology)
    assert (ended.done, ended.failed) == (0, 20)
    assert sum(ended.failures.values()) == 20
    assert {cell.state for cell in store.cells("job") if cell.chosen} == {"failed"}
    assert (await go(store, scripted(), ontology)).done == 20


async def test_faults_of_the_network_lose_no_pair(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology
) -> None:
    server = scripted(faults=chance(0.2), retry_after_s=0.01)
    ended = await go(planned(), server, ontology)
    assert ended.done + ended.failed == 20
    assert ended.done >= 18


async def test_an_endpoint_that_is_not_there_stops_it_in_a_line(
    planned: Adder, ontology: physh.Ontology
) -> None:
    store = planned()
    means = Means({"default": Endpoint(name="scripted", base_url="http://127.0.0.1:9/v1")}, ontology)
    with pytest.raises(EndpointError, match="cannot be reached"):
        await run_job(store, "job", means)
    assert store.state("job") is JobState.STOPPED


async def test_a_job_stays_with_its_model_and_its_physh(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology
) -> None:
    store, server = planned(), scripted()
    await go(store, server, ontology)
    other = Means({"default": Endpoint(name="another", base_url=server.base_url)}, ontology)
    with pytest.raises(MiningError, match="begun with the model 'scripted'"):
        await run_job(store, "job", other)
    store.do("update job set release = '1.0'")
    with pytest.raises(MiningError, match=r"planned with PhySH 1\.0"):
        await go(store, server, ontology)


async def test_two_processes_do_not_run_one_job(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology
) -> None:
    store = planned()
    with working(store.folder, "job"), pytest.raises(MiningError, match="being run by another process"):
        await go(store, scripted(), ontology)


@pytest.mark.slow
async def test_two_jobs_share_a_store_at_once(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology
) -> None:
    server = scripted(delay_s=0.01)
    first, second = planned(), planned(name="other", seed=5)
    both = await asyncio.gather(go(first, server, ontology), go(second, server, ontology, "other"))
    assert [ended.done for ended in both] == [20, 20]


async def test_the_recorded_calls_replay_the_job(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology, tmp_path: Path
) -> None:
    store = planned()
    await go(store, scripted(), ontology)
    assert write_journal(store, "job", Journal(tmp_path / "calls.jsonl")) == 20
    again = planned("elsewhere")
    ended = await go(again, scripted(recorded(tmp_path / "calls.jsonl")), ontology)
    assert ended.done == 20
    assert [one.finding for one in again.mined("job")] == [one.finding for one in store.mined("job")]


async def test_a_full_disk_stops_it_in_a_line_and_it_goes_on(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology
) -> None:
    store, server = planned(pairs=60), scripted()
    pages = store.rows("pragma page_count")[0][0]
    store.rows(f"pragma max_page_count = {pages + 12}")
    with pytest.raises(RunRefused, match="the disk is full; free some space and run the job again"):
        await go(store, server, ontology)
    store.rows("pragma max_page_count = 1000000")
    half = store.progress("job").done
    assert 0 < half < 60
    assert (await go(store, server, ontology)).done == 60


SCRIPT = """
import asyncio, sys
from contextlib import suppress
from pathlib import Path
import physh
from agents.mining import MiningStore, Means, run_job
from agents.model import Endpoint
folder, ontology, url = sys.argv[1:]
ontology = physh.load(Path(ontology), cache=Path(folder))
means = Means({"default": Endpoint(name="scripted", base_url=url)}, ontology, 4)
asyncio.run(run_job(MiningStore(Path(folder)), "job", means))
"""


def _run_and_kill(command: list[str], store: MiningStore) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen(command, env=environment) as process:  # noqa: S603 - our own interpreter
        while store.progress("job").done < 8:
            time.sleep(0.02)
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)


@pytest.mark.slow
async def test_a_killed_job_repeats_no_finished_pair(
    planned: Adder, scripted: ServerFactory, ontology: physh.Ontology
) -> None:
    store, server = planned(pairs=40), scripted(delay_s=0.05)
    command = [sys.executable, "-c", SCRIPT, str(store.folder), str(EMBEDDED), server.base_url]
    await asyncio.to_thread(_run_and_kill, command, store)
    answered = {call.key for call in JobCalls(store, "job").calls}
    finished = {one.pair.id: one.finding for one in store.mined("job")}
    assert store.state("job") is JobState.STOPPED
    before = server.requests.copy()
    ended = await go(store, server, ontology)
    assert ended.done == 40
    assert all(server.requests[key] == before[key] for key in answered)
    assert {one.pair.id: one.finding for one in store.mined("job") if one.pair.id in finished} == finished
    assert store.get_mined("job", next(iter(finished))[:12]).state == PairState.DONE
