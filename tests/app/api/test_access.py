"""Who may do what. One service, with keys."""

from collections.abc import Iterator

import httpx
import pytest

from app.client import ServiceProblem
from app.jobs.keys import Scope
from app.jobs.state import RunState
from app.settings.sections import RunChoices
from tests.app.live import Live

pytestmark = pytest.mark.slow

QUESTION = "Why do metallic glasses age more slowly at high pressure?"
ONE = RunChoices(perspectives=1)


@pytest.fixture(scope="module")
def keys(live: Live) -> dict[str, str]:
    made = {scope.value: live.key(scope.value, scopes=[scope]) for scope in Scope}
    return made | {"all": live.key("all"), "other": live.key("other"), "revoked": _revoked(live)}


def _revoked(live: Live) -> str:
    key = live.key("revoked")
    live.service.keys.revoke(key.split("_")[1])
    return key


@pytest.fixture(scope="module")
def mine(live: Live, keys: dict[str, str]) -> str:
    with live.client(keys["all"]) as client:
        run = client.ask(QUESTION, settings=ONE)
        assert client.wait(run.id, 150).state is RunState.SUCCEEDED
        return run.id


OPERATIONS: dict[str, tuple[str, str, object]] = {
    "ask": ("POST", "/v1/runs", {"question": QUESTION, "settings": {"perspectives": 1}}),
    "list": ("GET", "/v1/runs", None),
    "look": ("GET", "/v1/runs/{run}", None),
    "watch": ("GET", "/v1/runs/{run}/events", None),
    "report": ("GET", "/v1/runs/{run}/report", None),
    "marks": ("GET", "/v1/runs/{run}/feedback", None),
    "mark": ("POST", "/v1/runs/{run}/feedback", {"hypothesis": "p01", "mark": 3}),
    "cancel": ("POST", "/v1/runs/{run}/cancel", None),
    "find": ("GET", "/v1/hypotheses", None),
    "concepts": ("GET", "/v1/concepts?text=spin", None),
    "route": ("POST", "/v1/concepts/route", {"text": "spin waves"}),
    "tools": ("GET", "/v1/tools", None),
    "tool": ("POST", "/v1/tools/rectangle_area", {"width": 1, "height": 1}),
    "metrics": ("GET", "/metrics", None),
}
NEEDED = dict.fromkeys(OPERATIONS, Scope.READ) | {
    "ask": Scope.ASK,
    "mark": Scope.ASK,
    "cancel": Scope.ASK,
    "tool": Scope.TOOLS,
    "metrics": Scope.ADMIN,
}
OF_A_RUN = [name for name, (_, path, _) in OPERATIONS.items() if "{run}" in path]


def _send(live: Live, name: str, run: str, headers: dict[str, str]) -> httpx.Response:
    method, path, body = OPERATIONS[name]
    with live.http() as http:
        return http.request(method, path.format(run=run), json=body, headers=headers)


@pytest.mark.parametrize("name", OPERATIONS)
def test_without_a_key_in_use_nothing_is_answered(
    live: Live, keys: dict[str, str], mine: str, name: str
) -> None:
    wrong = keys["all"][:-4] + "AAAA"
    authorizations = ("", wrong, keys["revoked"], f"{keys['all']} ", "hyp_x_y", keys["all"].upper())
    for key in authorizations:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        if key.endswith(" "):
            headers = {"Authorization": f"Basic {key.strip()}"}
        answer = _send(live, name, mine, headers)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("name", OPERATIONS)
def test_a_key_may_do_what_its_scopes_say(
    live: Live, keys: dict[str, str], mine: str, name: str, scope: Scope
) -> None:
    answer = _send(live, name, mine, {"Authorization": f"Bearer {keys[scope]}"})
    if scope not in (NEEDED[name], Scope.ADMIN):
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (403, "forbidden")
    elif scope is Scope.ADMIN or name not in OF_A_RUN:
        assert answer.is_success
    else:
        assert answer.status_code == 404  # another key's run


def test_a_key_sees_its_own_runs_only(live: Live, keys: dict[str, str], mine: str) -> None:
    for name in OF_A_RUN:
        answer = _send(live, name, mine, {"Authorization": f"Bearer {keys['other']}"})
        assert answer.status_code == 404
        assert QUESTION not in answer.text
    with live.client(keys["other"]) as stranger, live.client(keys["all"]) as owner:
        assert mine not in {run.id for run in stranger.runs(limit=100).items}
        assert mine not in {found.run for found in stranger.hypotheses(limit=100).items}
        assert mine in {found.run for found in owner.hypotheses(limit=100).items}
    with live.client(keys["admin"]) as admin:
        assert mine in {run.id for run in admin.runs(limit=100).items}


def test_one_idempotency_key_of_two_callers_is_two_runs(live: Live, keys: dict[str, str]) -> None:
    made = []
    for key in (keys["all"], keys["other"]):
        with live.client(key) as client:
            run = client.ask(QUESTION, settings=ONE, idempotency_key="same")
            made.append(run.id)
            client.wait(run.id, 150)
    assert len(set(made)) == 2


def test_a_budget_is_kept_across_runs(live: Live) -> None:
    with live.client(live.key("small", tokens=6_000)) as client:
        first = client.ask(QUESTION, settings=RunChoices(perspectives=1, budget_tokens=5_000))
        with pytest.raises(ServiceProblem, match="1,000 are left") as refused:
            client.ask(QUESTION, settings=RunChoices(perspectives=1, budget_tokens=5_000))
        assert refused.value.problem.type.endswith("/budget-spent")
        spent = client.wait(first.id, 150).spent.tokens
        assert 0 < spent < 5_000
        client.wait(client.ask(QUESTION, settings=ONE).id, 150)  # takes all that is left
        total = sum(run.spent.tokens for run in client.runs().items)
        assert spent < total <= 6_000


def test_an_idempotent_request_costs_the_budget_once(live: Live) -> None:
    with live.client(live.key("once", tokens=6_000)) as client:
        choices = RunChoices(perspectives=1, budget_tokens=4_000)
        runs = {client.ask(QUESTION, settings=choices, idempotency_key="k").id for _ in range(3)}
        assert len(runs) == 1
        client.wait(runs.pop(), 150)


@pytest.fixture
def slow(live: Live) -> Iterator[None]:
    from app.api.access import Limiter

    before = live.service.limiter
    object.__setattr__(live.service, "limiter", Limiter(3))
    yield
    object.__setattr__(live.service, "limiter", before)


@pytest.mark.usefixtures("slow")
def test_too_many_requests_are_told_when_to_come_again(
    live: Live, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with live.http(keys["all"]) as http, live.http(keys["other"]) as other:
        answers = [http.get("/v1/tools") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
        assert answers[-1].json()["type"].endswith("/too-many-requests")
        assert other.get("/v1/tools").status_code == 200
        monkeypatch.setattr(live.service.keys, "find", lambda _: pytest.fail("a key was looked up"))
        assert http.get("/v1/tools").status_code == 429
        monkeypatch.undo()
    with live.http() as nobody:
        assert [nobody.get("/v1/tools").status_code for _ in range(4)] == [401, 401, 401, 429]


def test_readiness_says_nothing_of_questions(live: Live, mine: str) -> None:
    with live.http() as http:
        assert http.get("/healthz").json() == {"status": "ok"}
        told = http.get("/readyz")
    assert told.json()["ready"] is True
    assert mine not in told.text
