"""A link shows one report to whoever has it, for a time, and opens nothing else."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.api.access import Service
from app.client import Client, ServiceProblem
from app.jobs.job import now
from app.jobs.keys import Scope
from app.jobs.links import MOST
from app.jobs.tables import links
from app.settings.sections import RunChoices
from tests.app.live import Live

pytestmark = pytest.mark.slow

QUESTION = "Why do metallic glasses age more slowly at high pressure?"


@pytest.fixture(scope="module")
def alice(live: Live) -> str:
    return live.key("alice")


@pytest.fixture(scope="module")
def run(live: Live, alice: str) -> str:
    with live.client(alice) as client:
        return client.wait(client.ask(QUESTION, settings=RunChoices(perspectives=1)).id, 150).id


def refused(client: Client) -> int:
    with pytest.raises(ServiceProblem) as problem:
        client.shared()
    return problem.value.problem.status


def test_a_link_shows_the_report_and_opens_nothing_else(live: Live, alice: str, run: str) -> None:
    with live.client(alice) as client:
        made = client.make_link(run)
        report = client.report(run)
    with live.client(made.opens) as guest:
        assert guest.shared() == report
        for path in (f"/v1/runs/{run}", "/v1/runs", f"/v1/runs/{run}/report", f"/v1/runs/{run}/links"):
            with live.http(made.opens) as http:
                assert http.get(path).status_code == 401, path
    with live.http(made.opens) as http:
        assert http.post(f"/v1/runs/{run}/links").status_code == 401


def test_only_a_hash_of_it_is_stored(live: Live, alice: str, run: str) -> None:
    with live.client(alice) as client:
        made = client.make_link(run)
    secret = made.opens.rpartition("_")[2]
    folder = live.service.jobs.runs
    stored = b"".join(path.read_bytes() for path in folder.glob("service.sqlite*"))
    assert made.link.id.encode() in stored
    assert secret.encode() not in stored


def test_a_revoked_link_ends_at_once(live: Live, alice: str, run: str) -> None:
    with live.client(alice) as client:
        made = client.make_link(run)
        with live.client(made.opens) as guest:
            guest.shared()
            over = client.revoke_link(run, made.link.id)
            assert over.revoked
            assert refused(guest) == 401
        assert client.revoke_link(run, made.link.id).revoked == over.revoked
        assert over.id in [link.id for link in client.links(run) if link.revoked]
        with pytest.raises(ServiceProblem, match="has no link"):
            client.revoke_link(run, "nothing")


def test_an_expired_link_is_over(live: Live, alice: str, run: str) -> None:
    with live.client(alice) as client:
        made = client.make_link(run, days=1)
    assert made.link.expires - made.link.created == timedelta(days=1)
    with live.service.jobs.database.begin() as connection:
        before = (now() - timedelta(seconds=1)).isoformat()
        connection.execute(sa.update(links).where(links.c.id == made.link.id).values(expires=before))
    with live.client(made.opens) as guest:
        assert refused(guest) == 401


@pytest.mark.parametrize("days", [0, 91, -1])
def test_a_link_holds_for_days_and_not_for_ever(live: Live, alice: str, run: str, days: int) -> None:
    with live.http(alice) as http:
        assert http.post(f"/v1/runs/{run}/links", json={"days": days}).status_code == 422


def test_what_is_no_link_opens_nothing(live: Live, alice: str, run: str) -> None:
    with live.client(alice) as client:
        made = client.make_link(run).opens
    for text in (f"{made[:-1]}{'a' if made[-1] != 'a' else 'b'}", f"lnk_00000000_{made[13:]}", "lnk_", "x"):
        with live.client(text) as guest:
            assert refused(guest) == 401
    with live.client(alice) as client:
        assert refused(client) == 403


def test_who_may_only_read_makes_no_link(live: Live, run: str) -> None:
    reader = live.key("reader", scopes=[Scope.READ])
    with live.http(reader) as http:
        assert http.post(f"/v1/runs/{run}/links").status_code == 403


def test_a_run_has_only_so_many_links(live: Live, alice: str) -> None:
    with live.client(alice) as client:
        other = client.wait(client.ask(QUESTION, settings=RunChoices(perspectives=1)).id, 150).id
        for _ in range(MOST):
            link = client.make_link(other).link
        with pytest.raises(ServiceProblem, match="links in use"):
            client.make_link(other)
        client.revoke_link(other, link.id)
        client.make_link(other)


def test_a_link_ends_with_its_owner_s_key(live: Live) -> None:
    key = live.key("leaving")
    with live.client(key) as client:
        run = client.wait(client.ask(QUESTION, settings=RunChoices(perspectives=1)).id, 150).id
        made = client.make_link(run)
    service: Service = live.service
    with live.client(made.opens) as guest:
        guest.shared()
        service.keys.revoke(key.split("_")[1])
        assert refused(guest) == 401
