"""Mining jobs belong to API keys: who sees and steers them, and who pays."""

import time

import pytest

from agents.mining import JobState
from app.api.mining_schema import NewMining
from app.client import Client, ServiceProblem
from app.settings.sections import RunChoices
from tests.app.api.test_mining import until
from tests.app.live import Live

pytestmark = pytest.mark.slow

SETTLES_S = 60.0


def settled(live: Live, client: Client) -> int:
    """Return what the job spent, once its key is charged with it: the store knows its end before that."""
    end = time.monotonic() + SETTLES_S
    while True:
        charged = next(tokens for one, tokens, _usd in live.service.keys.all() if one.name == "thrifty")
        spent = client.mining_job("dear").tokens
        if charged == spent or time.monotonic() > end:
            assert charged == spent
            return spent
        time.sleep(0.1)


def test_a_job_belongs_to_its_key(live: Live) -> None:
    """Another key neither sees nor steers it; an admin's does."""
    alice, bob = live.key("alice"), live.key("bob")
    admin = live.key("admin", scopes=["admin"])
    with live.client(alice) as mine, live.client(bob) as other, live.client(admin) as all_:
        mine.plan_mining(NewMining(name="alices", pairs=3))
        assert [one.job for one in mine.mining_jobs()] == ["alices"]
        assert other.mining_jobs() == []
        assert "alices" in [one.job for one in all_.mining_jobs()]
    with live.http(bob) as http:
        for path in ("", "/transfers", "/cells", "/map"):
            assert http.get(f"/v1/mining/alices{path}").status_code == 404
        for action in ("start", "pause", "cancel"):
            assert http.post(f"/v1/mining/alices/{action}").status_code == 404
        assert "alices" not in http.get("/v1/mining/bobs").text


def test_a_key_s_budget_holds_for_mining_and_runs_together(live: Live) -> None:
    key = live.key("thrifty", tokens=5_000)  # of its own name: keys of other tests are in the same service
    with live.client(key) as client:
        client.plan_mining(NewMining(name="dear", pairs=40))
        client.steer_mining("dear", "start")
        until(client, "dear", JobState.BUDGET)
        spent = settled(live, client)
        assert 0 < spent <= 5_000
        with pytest.raises(ServiceProblem, match="may spend 5,000 tokens in all"):
            client.ask("Why do glasses age?", settings=RunChoices(budget_tokens=5_000 - spent + 1))


def test_who_starts_another_s_job_books_on_the_key_that_planned_it(live: Live) -> None:
    live.service.projects.add("shared-lab")
    poor = live.key("poor", tokens=300, project="shared-lab", role="owner")
    rich = live.key("rich", project="shared-lab", role="owner")
    with live.client(poor) as mine, live.client(rich) as other:
        mine.plan_mining(NewMining(name="poors", pairs=20))
        other.steer_mining("poors", "start")
        until(mine, "poors", JobState.BUDGET)
        assert mine.mining_job("poors").tokens <= 300
