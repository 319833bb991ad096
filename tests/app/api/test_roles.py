"""Every route against five kinds of caller: nobody, a share link, a reader, an author and an owner.

Each operation of the OpenAPI document is classed below, and one that is not makes the test fail. What is
refused says nothing of the run, the mining job or the result that was asked for.
"""

from typing import Any

import httpx
import pytest

from app.client import ServiceProblem
from app.jobs.benches import LongTest, ToolUse
from app.jobs.job import now
from app.jobs.keys import Scope
from app.jobs.people import Projects, Role
from app.jobs.state import RunState
from app.jobs.tasks import TaskKind
from app.results import keep
from app.settings.sections import RunChoices
from app.tools import ToolResult
from tests.app.api.test_doors import QUERIES, bearer, fill, operations, send
from tests.app.doors import count
from tests.app.live import Live

pytestmark = pytest.mark.slow

MARK = "SECRETUM"
QUESTION = f"Why does the {MARK} glass age?"
REFUSED = (401, 403)
CLASSES = {
    "open": {"get_health", "get_readiness"},
    "link": {"get_shared_report"},
    "owner": {"set_member", "remove_member", "make_member_key"},
    "steer": {  # what one began oneself, or as an owner what anybody did
        "cancel_run", "resume_run", "make_link", "revoke_link",
        "start_mining", "pause_mining", "cancel_mining", "cancel_test", "cancel_use",
    },
    "author": {
        "create_run", "fork_run", "give_feedback", "add_note", "plan_mining", "test_claim_now",
        "check_hypothesis", "find_data", "queue_test", "queue_use", "find_structures", "run_rectangle_area",
    },
    "read": {"route_text"},  # and whatever is only got
}  # fmt: skip
BODIES: dict[str, object] = {
    "/v1/runs/{run}/feedback": {"hypothesis": "p01", "mark": 3},
    "/v1/runs/{run}/notes": {"text": "a note"},
    "/v1/runs": {"question": ""},  # it comes as far as its body
    "/v1/projects/{project}/members": {"person": "eve", "role": "wrong"},
    "/v1/projects/{project}/members/remove": {"person": "nobody"},
    "/v1/projects/{project}/members/keys": {"person": "nobody"},
}


def kind_of(method: str, way: dict[str, Any]) -> str:
    name = way["operationId"]
    found = next((kind for kind, names in CLASSES.items() if name in names), None)
    if found:
        return found
    assert method == "GET", f"{name} changes something: class it in this test"
    return "read"


@pytest.fixture(scope="module")
def callers(live: Live) -> dict[str, str]:
    Projects(live.service.jobs.database).add("glasses")
    made = {
        role.value: live.key(role.value, project="glasses", role=role, scopes=[*Scope][:4]) for role in Role
    }
    return {
        **made,
        "asker": live.key("asker", project="glasses", role=Role.AUTHOR),
        "stranger": live.key("s"),
    }


@pytest.fixture(scope="module")
def things(live: Live, callers: dict[str, str]) -> dict[str, str]:
    """A run, a mining job and a result of an author who is none of the callers."""
    key = callers["asker"]
    with live.client(key) as client, live.http(key) as http:
        run = client.ask(QUESTION, settings=RunChoices(perspectives=1))
        assert client.wait(run.id, 150).state is RunState.SUCCEEDED
        assert http.post("/v1/mining", json={"name": "askers", "pairs": 2}).status_code == 201
        test = client.queue_test(LongTest(statement=f"In {MARK} the pressure falls as the volume rises.")).id
        link = client.make_link(run.id)
    area = ToolResult(tool="rectangle_area", version="1", inputs={"of": MARK}, content={"area": 6})
    asked = ToolUse(tool="rectangle_area", arguments={"width": f"2 {MARK}", "height": 3})
    use = live.service.jobs.tasks.add(TaskKind.TOOL, asked.model_dump_json(), key[4:12]).id
    kept = keep(live.service.jobs.runs, key[4:12], area, now())
    named = {
        "run": run.id,
        "job": "askers",
        "result": kept.id,
        "number": "0",
        "project": "glasses",
        "test": test,
        "use": use,
    }
    return {**named, "link": link.link.id}


@pytest.fixture(scope="module")
def asked(live: Live) -> list[tuple[str, str, str]]:
    """Kind, method and path of every operation, and of the operator's own address."""
    described = [(kind_of(method, way), method, path) for method, path, way in operations(live)]
    return [*described, ("admin", "GET", "/metrics")]


def look(live: Live, method: str, path: str, key: str, things: dict[str, str]) -> httpx.Response:
    asked = fill(path + QUERIES.get(path, ""), things)
    with live.http() as http:
        if method == "GET" and "events" not in path:
            return http.get(asked, headers=bearer(key) if key else {}, timeout=300)
    return send(live, method, asked, bearer(key) if key else {}, BODIES.get(path))


def require_silent(answer: httpx.Response, what: str) -> None:
    assert MARK not in (answer.text if answer.is_closed and answer.is_stream_consumed else ""), what


Asked = list[tuple[str, str, str]]


def test_nobody_and_a_link_are_told_nothing(
    live: Live, callers: dict[str, str], things: dict[str, str], asked: Asked
) -> None:
    assert len(asked) >= 55
    with live.client(callers["asker"]) as client:
        opens = client.make_link(things["run"]).opens  # an owner revokes the other one in another test
    for key in ("", opens):
        for kind, method, path in asked:
            answer = look(live, method, path, key, things)
            if kind == "link" and key:
                assert answer.status_code == 200
            elif kind != "open":
                assert answer.status_code in REFUSED, (method, path, answer.status_code)
                require_silent(answer, path)
            count("roles", "link" if key else "nobody")


def test_a_reader_sees_everything_and_changes_nothing(
    live: Live, callers: dict[str, str], things: dict[str, str], asked: Asked
) -> None:
    for kind, method, path in asked:
        answer = look(live, method, path, callers["reader"], things)
        if kind in ("read", "open"):
            assert answer.status_code not in (*REFUSED, 404) or path.startswith(
                ("/v1/examples/", "/v1/instruments/", "/v1/concepts/")
            ), (method, path, answer.status_code)
        else:
            assert answer.status_code in REFUSED, (method, path, answer.status_code)
        count("roles", "reader")


def test_an_author_steers_nobody_else_s(
    live: Live, callers: dict[str, str], things: dict[str, str], asked: Asked
) -> None:
    for kind, method, path in asked:
        answer = look(live, method, path, callers["author"], things)
        if kind in ("steer", "owner", "admin", "link"):
            assert answer.status_code in REFUSED, (method, path, answer.status_code)
        else:
            assert answer.status_code not in REFUSED, (method, path, answer.status_code)
        count("roles", "author")


def test_an_owner_may_do_it_all(
    live: Live, callers: dict[str, str], things: dict[str, str], asked: Asked
) -> None:
    for kind, method, path in asked:
        answer = look(live, method, path, callers["owner"], things)
        if kind in ("admin", "link"):
            assert answer.status_code in REFUSED, (method, path)
        else:
            assert answer.status_code not in REFUSED, (method, path, answer.status_code, answer.text)
        count("roles", "owner")


def test_another_project_s_things_are_not_there(
    live: Live, callers: dict[str, str], things: dict[str, str], asked: Asked
) -> None:
    for _, method, path in asked:
        answer = look(live, method, path, callers["stranger"], things)
        if any(f"{{{name}}}" in path for name in ("run", "job", "result", "project", "test", "use")):
            assert answer.status_code == 404, (method, path, answer.status_code)
        require_silent(answer, path)
        count("roles", "stranger")


def test_the_list_of_activity_tells_who_did_what(
    live: Live, callers: dict[str, str], things: dict[str, str]
) -> None:
    with live.client(callers["reader"]) as client:
        first = client.activity("glasses", limit=2)
        assert first.next
        rest = client.activity("glasses", limit=200, cursor=first.next)
        told = {(line.person, line.act.value) for line in [*first.items, *rest.items]}
        assert {("asker", "asked"), ("asker", "shared"), ("asker", "planned")} <= told
        assert client.run(things["run"]).by == "asker"


def test_an_owner_gives_roles_and_keys_out_of_their_own_budget(live: Live, callers: dict[str, str]) -> None:
    assert callers
    owner = live.key("prudent", project="glasses", role=Role.OWNER, tokens=1_000)
    from app.api.projects import NewMemberKey

    with live.client(owner) as client:
        client.set_member("glasses", "dora", Role.AUTHOR)
        for tokens, said in ((None, "say how much"), (2_000, "1,000")):
            with pytest.raises(ServiceProblem, match=said):
                client.make_member_key("glasses", NewMemberKey(person="dora", tokens=tokens))
        doras = client.make_member_key("glasses", NewMemberKey(person="dora", tokens=600))
        with pytest.raises(ServiceProblem, match="400"):
            client.make_member_key("glasses", NewMemberKey(person="dora", tokens=600))
        with pytest.raises(ServiceProblem, match="give them a role first"):
            client.make_member_key("glasses", NewMemberKey(person="mallory", tokens=1))
        with live.client(doras) as dora:
            me = dora.me()
            assert (me.person, me.role, me.tokens) == ("dora", Role.AUTHOR, 600)
            assert Scope.ADMIN not in me.scopes
            client.set_member("glasses", "dora", Role.READER)
            assert dora.me().scopes == [Scope.READ]
            client.remove_member("glasses", "dora")
            with pytest.raises(ServiceProblem, match="Bearer"):
                dora.me()
