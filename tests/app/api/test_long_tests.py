"""Tests of claims as durable jobs: queued, looked at, cancelled and kept."""

import pytest

from app.client import Client, ServiceProblem
from app.jobs import machine
from app.jobs.benches import LongTest
from app.jobs.state import RunState
from app.jobs.tables import tasks, writing
from app.jobs.tasks import MOST_OPEN, TaskKind, Tasks
from app.jobs.watching import StopRequest
from tests.app.live import Live

pytestmark = pytest.mark.slow

FALLS = "In the ideal gas the pressure falls as the volume rises."


def test_a_test_is_queued_measured_and_kept(eve: Client) -> None:
    queued = eve.queue_test(LongTest(statement=FALLS, seconds=100))
    assert queued.state is RunState.QUEUED
    ended = eve.wait_for_test(queued.id, 120)
    assert (ended.state, ended.by) == (RunState.SUCCEEDED, "eve")
    assert ended.result is not None
    assert ended.result.verdict == "survived"
    assert ended.claim.seconds == 100
    assert [test.id for test in eve.queued_tests().items] == [queued.id]
    assert eve.cancel_test(queued.id).state is RunState.SUCCEEDED, "what has ended stays"


@pytest.mark.parametrize("seconds", [0, 3601])
def test_an_hour_is_the_most(live: Live, seconds: float) -> None:
    with live.http(live.key("eve")) as http:
        answer = http.post("/v1/tests/jobs", json={"statement": FALLS, "seconds": seconds})
    assert answer.status_code == 422


def test_another_project_s_tests_are_not_there_and_a_key_has_so_many(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.jobs.tasks.Tasks._submit", lambda _self, task: task)  # none is begun
    ada, bob = live.key("ada"), live.key("bob")
    with live.client(ada) as client, live.client(bob) as other:
        tests = [client.queue_test(LongTest(statement=FALLS)).id for _ in range(MOST_OPEN)]
        with pytest.raises(ServiceProblem, match="wait or run already"):
            client.queue_test(LongTest(statement=FALLS))
        for look in (other.queued_test, other.cancel_test):
            with pytest.raises(ServiceProblem, match="of yours"):
                look(tests[0])
        assert other.queued_tests().items == []
        first = client.queued_tests(limit=15)
        rest = client.queued_tests(limit=15, cursor=first.next)
        assert [test.id for test in [*first.items, *rest.items]] == tests[::-1]
        assert {client.cancel_test(test).state for test in tests} == {RunState.CANCELLED}


def test_what_another_process_cancelled_is_stopped(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `hypofind keys revoke --runs` does."""
    monkeypatch.setattr("app.jobs.tasks.Tasks._submit", lambda _self, task: task)  # none is begun
    database, ours = live.service.jobs.database, live.service.jobs.tasks
    task = ours.add(TaskKind.TEST, LongTest(statement=FALLS).model_dump_json(), "gone")
    with writing(database) as connection:
        assert machine.begin(connection, tasks, task.id)
    stop = ours._stops[task.id] = StopRequest()  # noqa: SLF001 - as while it is measured
    other = Tasks(database, str)
    assert [one.id for one in other.open_of("gone")] == [task.id]
    other.cancel(task)
    ours.hear()
    assert stop.asked
    assert ours.get(task.id, None, TaskKind.TEST).state is RunState.CANCELLING


def test_a_test_whose_record_is_damaged_says_so_and_hides_no_other(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.jobs.tasks.Tasks._submit", lambda _self, task: task)  # none is begun
    key = live.key("ada")
    with live.client(key) as client:
        broken, healthy = (client.queue_test(LongTest(statement=FALLS)) for _ in range(2))
        with writing(live.service.jobs.database) as connection:
            connection.execute(tasks.update().where(tasks.c.id == broken.id).values(asked="{"))
        assert [test.id for test in client.queued_tests().items] == [healthy.id]
        with pytest.raises(ServiceProblem, match="is damaged or of another version"):
            client.queued_test(broken.id)
