"""Mining over the REST API: planned, started, steered, and its map read."""

import time

import pytest

from agents.mining import Choices, JobState
from app.api.mining_schema import NewMining
from app.client import Client, ServiceProblem
from tests.app.live import Live

WAIT_S = 60.0


def test_a_job_is_planned_started_and_its_map_read(client: Client) -> None:
    planned = client.plan_mining(NewMining(name="small", pairs=12))
    assert (planned.state, planned.pairs, planned.done) == (JobState.PLANNED, 12, 0)
    client.steer_mining("small", "start")
    end = time.monotonic() + WAIT_S
    while client.mining_job("small").state is not JobState.DONE:
        assert time.monotonic() < end
        time.sleep(0.1)
    assert "small" in [progress.job for progress in client.mining_jobs()]
    found = client.mining_map("small")
    assert sum(meeting.pairs for meeting in found.meetings) == 12
    first = found.meetings[0]
    mined = client.transfers("small", home=first.home.label, field=first.field.uri)
    assert len(mined) == first.pairs
    assert all(one.finding and one.finding.model == "scripted" for one in mined)


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
