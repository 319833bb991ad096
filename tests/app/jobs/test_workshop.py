"""The process that has the workshop: its errors are its own class's, and its end ends no run."""

import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from agents.errors import MiningError, RunError, StepFailed
from agents.mining import Spec
from agents.model import Journal
from agents.schema import Call
from agents.scripted import ScriptedServer
from app.errors import SettingsError
from app.health.finding import FindingState
from app.jobs.errors import JobError, WorkshopEnded
from app.jobs.job import Job, JobRequest
from app.jobs.jobs import JobService
from app.jobs.messages import SAID, Routed, ToolAnswer, Use, WorkFailed
from app.jobs.state import RunState
from app.jobs.store import Allowance
from app.jobs.watching import StopRequest
from app.jobs.workshop import STARTS, WorkshopProcess, as_error
from physh import UnknownConcept
from tests.app.jobs.test_engine import wait_until
from tests.app.live import make_settings
from tools.runner import BrokeOff, Runner

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedServer]:
    with ScriptedServer(delay_s=0.3) as server:
        yield server


@pytest.fixture(scope="module")
def jobs(model: ScriptedServer, warm: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JobService]:
    opened = JobService(make_settings(model, warm, tmp_path_factory.mktemp("runs"), jobs=2))
    yield opened
    opened.close()


def end_process(jobs: JobService) -> None:
    child = jobs.workshop._child  # noqa: SLF001 - as the kernel would
    assert child
    os.kill(child._process.pid, signal.SIGKILL)  # noqa: SLF001 - as above


def test_a_run_goes_on_when_its_process_is_killed_once(jobs: JobService, model: ScriptedServer) -> None:
    before = model.delivered.total()
    job, _ = jobs.submit(JobRequest(question="Why do glasses age?"), "local")
    wait_until(lambda: model.delivered.total() > before + 1)
    asked = model.requests.copy()
    recorded = {call.key for call in calls(jobs, job)}
    end_process(jobs)
    wait_until(lambda: jobs.store.get(job.id, None).state.is_final)
    assert jobs.store.get(job.id, None).state is RunState.SUCCEEDED
    assert recorded
    assert not [key for key in recorded if model.requests[key] > asked[key]], "nothing was paid for twice"
    told = [event.id for event in jobs.feed(job.id).read()]
    assert told == list(range(1, len(told) + 1))
    assert jobs.workshop.finding.state is FindingState.OK


def calls(jobs: JobService, job: Job) -> Sequence[Call]:
    return Journal(jobs.folder(job) / "calls.jsonl").calls


def test_work_that_ends_its_process_each_time_is_told_and_the_next_is_done(
    jobs: JobService, model: ScriptedServer
) -> None:
    job, _ = jobs.submit(JobRequest(question="Why do spins freeze?"), "local")
    for _ in range(STARTS):
        before = model.requests.total()
        wait_until(lambda before=before: model.requests.total() > before)  # type: ignore[misc]  # bound now
        end_process(jobs)
    wait_until(lambda: jobs.store.get(job.id, None).state.is_final)
    ended = jobs.store.get(job.id, None)
    assert ended.state is RunState.FAILED
    assert "the process that worked on it ended (-9)" in (ended.reason or "")
    again = jobs.resume(job.id, None, Allowance())
    wait_until(lambda: jobs.store.get(again.id, None).state.is_final)
    assert jobs.store.get(again.id, None).state is RunState.SUCCEEDED


def test_a_run_is_cancelled_in_its_process(jobs: JobService, model: ScriptedServer) -> None:
    before = model.requests.total()
    job, _ = jobs.submit(JobRequest(question="Why do liquids flow?"), "local")
    wait_until(lambda: model.requests.total() > before)
    jobs.cancel(job.id, None)
    wait_until(lambda: jobs.store.get(job.id, None).state.is_final)
    assert jobs.store.get(job.id, None).state is RunState.CANCELLED


def test_a_text_is_routed_there(jobs: JobService) -> None:
    found = Routed.model_validate(jobs.workshop.route("Why do glasses age?").result(120))
    assert found.disciplines
    assert found.concepts[0].score > 0


def test_one_that_ends_while_nobody_asks_is_begun_again(jobs: JobService) -> None:
    wait_until(lambda: jobs.workshop.is_open)
    end_process(jobs)
    wait_until(lambda: not jobs.workshop.is_open)
    wait_until(lambda: jobs.workshop.is_open)


def test_another_takes_its_place_after_so_much_work(
    jobs: JobService, model: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_until(lambda: jobs.workshop.is_open)
    monkeypatch.setattr(jobs.workshop, "_left", 1)
    first = jobs.workshop._child  # noqa: SLF001 - which process it is
    assert first
    before = model.requests.total()
    job, _ = jobs.submit(JobRequest(question="Why do metals shine?"), "local")
    wait_until(lambda: model.requests.total() > before)
    assert jobs.workshop._child is not first  # noqa: SLF001 - as above
    assert jobs.workshop.is_open
    assert jobs.workshop.route("Why do glasses age?").result(150), "the second answers meanwhile"
    wait_until(lambda: jobs.store.get(job.id, None).state.is_final)
    assert jobs.store.get(job.id, None).state is RunState.SUCCEEDED
    wait_until(lambda: first._process.poll() is not None)  # noqa: SLF001 - as above
    assert first._process.returncode == 0  # noqa: SLF001 - as above
    assert jobs.workshop.finding.state is FindingState.OK


def test_its_errors_are_told_as_they_were_raised(jobs: JobService) -> None:
    with pytest.raises(UnknownConcept, match="no discipline 'Alchemy'"):
        jobs.workshop.plan(Spec(name="one", pairs=2, sources=("Alchemy",)), "local")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (MiningError.__name__, MiningError),
        (RunError.__name__, RunError),
        (SettingsError.__name__, SettingsError),
        (StepFailed.__name__, JobError),  # is made of two words, of which one is known here
        ("FileNotFoundError", JobError),
        (None, BrokeOff),
    ],
)
def test_an_error_becomes_one_of_its_class(name: str | None, kind: type[Exception]) -> None:
    error = as_error(WorkFailed(number=1, error=name, said="why"))
    assert type(error) is kind
    assert str(error) == "why"


def test_nothing_is_begun_once_it_is_closed(jobs: JobService) -> None:
    with Runner() as runner:
        workshop = WorkshopProcess(jobs.settings, runner)
        workshop.close()
        with pytest.raises(WorkshopEnded, match="the service ends"):
            workshop.mine("one", lambda _make: None, StopRequest())


def test_a_tool_that_cannot_be_used_is_told_to_who_asked_alone(jobs: JobService) -> None:
    said = list[object]()

    class Heard:
        def say(self, what: object) -> None:
            said.append(what)

    child: Any = Heard()
    for tool, arguments in (("calculator", {"expression": None}), ("nobody", {})):
        asked = Use(number=7, tool=tool, arguments=arguments, caller="one", seconds=None)
        jobs.workshop._hear(child, asked)  # noqa: SLF001 - as the process would say it
    refused = [one for one in said if isinstance(one, ToolAnswer)]
    assert [one.number for one in refused] == [7, 7]
    assert all("cannot be used" in (one.broke_off or "") for one in refused)


def test_what_has_no_bound_is_said_as_it_is() -> None:
    asked = Use(number=1, tool="one", arguments={"most": float("inf")}, caller="one", seconds=None)
    assert SAID.validate_json(asked.model_dump_json()) == asked


def test_a_process_that_ends_at_once_is_not_begun_for_ever(
    jobs: JobService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.jobs.child.SERVE", "raise SystemExit(3)")
    monkeypatch.setattr("app.jobs.workshop.PAUSES_S", (0.2, 0.4))
    with Runner() as runner:
        workshop = WorkshopProcess(jobs.settings, runner)
        workshop.begin()
        wait_until(lambda: "ended (3)" in workshop.finding.found)
        with pytest.raises(WorkshopEnded, match=r"ended \(3\)"):
            workshop.plan(Spec(name="one", pairs=2), "local")
        workshop.close()
