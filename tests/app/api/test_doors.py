"""Every door keeps every rule. A route that is added is found by walking the OpenAPI document.

Rows are the operations of the REST API, and of the page and MCP over HTTP; columns are rules: host, origin,
key, scope, owner, size, and the number of requests.
"""

import itertools
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from app.api.access import Limiter
from app.api.guard import Guard
from app.bodies import LARGEST
from app.hosts import host_rule
from app.jobs.benches import LongTest, ToolUse
from app.jobs.job import now
from app.jobs.keys import Scope
from app.jobs.state import RunState
from app.jobs.tasks import TaskKind
from app.results import keep
from app.settings.sections import RunChoices
from app.settings.service import ServiceSection
from app.tools import ToolResult
from tests.app.doors import cells, count
from tests.app.live import Live

pytestmark = pytest.mark.slow

QUESTION = "Why do metallic glasses age more slowly at high pressure?"
NOT_THERE = 404
OPEN = {"/healthz", "/readyz", "/v1/openapi.json"}  # say nothing of anybody's questions
QUERIES = {  # without which they answer nothing
    "/v1/runs/{run}/crate": "?licence=CC0-1.0&author=Ada",
    "/v1/results/{result}/crate": "?licence=CC0-1.0&author=Ada",
    "/v1/mining/{job}/crate": "?licence=CC0-1.0&author=Ada",
    "/v1/runs/{run}/differences": "?other={run}",
}
OWNED = ("{run}", "{job}", "{result}", "{test}", "{use}")  # what a path names that belongs to a key


def operations(live: Live) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of every operation that the service has."""
    paths = live.app.openapi()["paths"]
    return [(method.upper(), path, way) for path, ways in paths.items() for method, way in ways.items()]


@pytest.fixture(scope="module")
def keys(live: Live) -> dict[str, str]:
    return {
        "alice": live.key("alice"),
        "bob": live.key("bob"),
        "none": live.key("none", scopes=[]),
        "admin": live.key("admin", scopes=["admin"]),
    }


@pytest.fixture(scope="module")
def alices(live: Live, keys: dict[str, str]) -> dict[str, str]:
    """One of everything that belongs to a key."""
    with live.client(keys["alice"]) as client:
        run = client.ask(QUESTION, settings=RunChoices(perspectives=1))
        assert client.wait(run.id, 150).state is RunState.SUCCEEDED
        with live.http(keys["alice"]) as http:
            assert http.post("/v1/mining", json={"name": "alices", "pairs": 2}).status_code == 201
        link = client.make_link(run.id).link.id
    tasks, owner = live.service.jobs.tasks, keys["alice"].split("_")[1]
    test = tasks.add(TaskKind.TEST, LongTest(statement=QUESTION).model_dump_json(), owner).id
    asked = ToolUse(tool="rectangle_area", arguments={"width": 2, "height": 3})
    use = tasks.add(TaskKind.TOOL, asked.model_dump_json(), owner).id
    area = ToolResult(tool="rectangle_area", version="1", inputs={"width": 2}, content={"area": 6})
    kept = keep(live.service.jobs.runs, owner, area, now())
    named = {"run": run.id, "job": "alices", "result": kept.id, "number": "0", "link": link}
    return {**named, "test": test, "use": use}


def fill(path: str, named: dict[str, str]) -> str:
    for name, value in named.items():
        path = path.replace(f"{{{name}}}", value)
    return (
        path.replace("{tool}", "rectangle_area")
        .replace("{name}", "rectangle_area")
        .replace("{uri}", "x")
        .replace("{example}", "x")
    )


def send(live: Live, method: str, path: str, headers: dict[str, str], body: object = None) -> httpx.Response:
    with live.http() as http:
        if method == "GET":
            with http.stream(method, path, headers=headers) as answer:  # some never end
                return answer
        return http.request(method, path, json=body if body is not None else {}, headers=headers)


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_nothing_is_said_without_a_key(live: Live, keys: dict[str, str], alices: dict[str, str]) -> None:
    assert keys
    for method, path, _ in operations(live):
        for given in ({}, bearer("hyp_00000000_" + "x" * 43), {"Authorization": "Basic YTpi"}):
            answer = send(live, method, fill(path, alices), given)
            assert answer.status_code == 401, (method, path)
            count("REST", "key")
    assert cells["REST", "key"] >= 60


def test_a_key_without_scopes_may_do_nothing(
    live: Live, keys: dict[str, str], alices: dict[str, str]
) -> None:
    for method, path, _ in operations(live):
        answer = send(live, method, fill(path, alices), bearer(keys["none"]))
        assert answer.status_code == 403, (method, path)
        count("REST", "scope")


def test_what_belongs_to_a_key_is_not_there_for_another(
    live: Live, keys: dict[str, str], alices: dict[str, str]
) -> None:
    owned = [(m, p) for m, p, _ in operations(live) if any(name in p for name in OWNED)]
    assert len(owned) >= 12
    bodies: dict[str, object] = {
        "/v1/runs/{run}/feedback": {"hypothesis": "p01", "mark": 3},
        "/v1/runs/{run}/notes": {"text": "mine now"},
    }
    for method, path in owned:
        asked = path + QUERIES.get(path, "")
        answer = send(live, method, fill(asked, alices), bearer(keys["bob"]), bodies.get(path))
        assert answer.status_code == NOT_THERE, (method, path, answer.status_code)
        nothing = {
            "run": "20260101-000000-nothing",
            "job": "nothing",
            "result": "0" * 16,
            "number": "0",
            "link": "x",
            "test": "x",
            "use": "x",
        }
        other = fill(asked, nothing)
        assert send(live, method, other, bearer(keys["bob"]), bodies.get(path)).status_code == NOT_THERE
        count("REST", "owner")


def test_an_admin_sees_what_belongs_to_others(
    live: Live, keys: dict[str, str], alices: dict[str, str]
) -> None:
    for method, path, _ in operations(live):
        if method == "GET" and any(name in path for name in OWNED):
            asked = fill(path + QUERIES.get(path, ""), alices)
            answer = send(live, method, asked, bearer(keys["admin"]))
            unanswered = path == "/v1/mining/{job}/crate"  # a job without answers is not published
            assert answer.status_code == (422 if unanswered else 200), (method, path)
            count("REST", "admin")


def test_a_foreign_origin_is_refused_at_every_route(live: Live, keys: dict[str, str]) -> None:
    """Also another port of this machine: any program may serve a page there."""
    for method, path, _ in operations(live):
        for origin in ("http://evil.example", "http://localhost:9999", "null"):
            answer = send(live, method, path, bearer(keys["alice"]) | {"Origin": origin})
            assert answer.status_code == 403, (method, path, origin)
            count("REST", "origin")


def test_a_foreign_host_is_refused_at_every_route(live: Live) -> None:
    """Of a service that names its hosts, as of one without keys."""
    rule = host_rule(ServiceSection(names=("finder.example.org",)), keyed=True)
    guard = Guard(live.app, rule, live.service)
    http = TestClient(guard, base_url="http://finder.example.org")
    for method, path, _ in operations(live):
        for host in ("evil.example", "127.0.0.1.evil.example", "10.0.0.1"):
            answer = http.request(method, path, headers={"Host": host})
            assert answer.status_code == 421, (method, path, host)
            count("REST", "host")


def test_its_own_origin_is_let_in(live: Live, keys: dict[str, str]) -> None:
    answer = send(live, "GET", "/v1/runs", bearer(keys["alice"]) | {"Origin": live.address})
    assert answer.status_code == 200


def test_a_body_that_is_too_large_is_refused_at_every_route(live: Live, keys: dict[str, str]) -> None:
    with live.http(keys["alice"]) as http:
        for method, path, _ in operations(live):
            if method != "GET":
                answer = http.request(method, path, content=b"x" * (LARGEST + 1))
                assert answer.status_code == 413, (method, path)
                count("REST", "size")


def test_requests_are_counted_at_every_route(
    live: Live, keys: dict[str, str], alices: dict[str, str]
) -> None:
    before = live.service.limiter
    try:
        for method, path, _ in operations(live):
            object.__setattr__(live.service, "limiter", Limiter(1))
            codes = [
                send(live, method, fill(path, alices), bearer(keys["none"])).status_code for _ in range(2)
            ]
            assert codes == [403, 429], (method, path)
            count("REST", "rate")
    finally:
        object.__setattr__(live.service, "limiter", before)


def test_requests_are_counted_by_a_clock_that_nobody_sets() -> None:
    from app.api.problems import ProblemError

    seconds = itertools.chain([0.0, 1.0, 2.0], itertools.repeat(61.0))
    limiter = Limiter(2, clock=lambda: next(seconds))
    limiter.count("a")
    limiter.count("a")
    with pytest.raises(ProblemError, match="go on in 58 s"):
        limiter.count("a")
    limiter.count("a")  # at 61 s


def test_a_revoked_key_s_stream_ends(live: Live, keys: dict[str, str]) -> None:
    assert keys
    key = live.key("leaving")
    live.model.delay_s, before = 3.0, live.model.delay_s
    try:
        with live.client(key) as client, live.http(key) as http:
            run = client.ask(QUESTION, settings=RunChoices(perspectives=1))
            with http.stream("GET", f"/v1/runs/{run.id}/events") as stream:
                lines: Iterator[str] = stream.iter_lines()
                next(lines)
                live.service.keys.revoke(key.split("_")[1])
                told = list(lines)  # ends by itself, before the run does or with it
        assert not any('"succeeded"' in line for line in told[:3])
    finally:
        live.model.delay_s = before


def test_the_operator_s_library_is_searched_only_with_the_scope(live: Live, keys: dict[str, str]) -> None:
    reader = live.key("reader", scopes=[Scope.ASK, Scope.READ, Scope.LIBRARY])
    asked = {}
    for name, key in (("without", keys["alice"]), ("with", reader)):
        with live.client(key) as client:
            run = client.ask(QUESTION, settings=RunChoices(perspectives=1))
            asked[name] = live.service.jobs.store.get(run.id, None).asked.library
    assert asked == {"without": False, "with": True}
    with live.http(keys["alice"]) as http:
        answer = http.post("/v1/mining", json={"name": "curious", "pairs": 2, "library": True})
        assert answer.status_code == 403
