"""What is refused before any handler sees it, and bodies that are meant to hurt."""

import json

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.api.guard import HEADERS
from app.bodies import DEEPEST, LARGEST
from tests.app.live import Live

pytestmark = pytest.mark.slow

QUESTION = {"question": "Why do metallic glasses age more slowly at high pressure?"}
JSON = {"Content-Type": "application/json"}


def kind(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["request_id"] == answer.headers["x-request-id"]
    return answer.status_code, problem["type"].rpartition("/")[2]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"[" * 200_000, (422, "invalid-request")),
        (b'{"question":' * 100, (422, "invalid-request")),
        (json.dumps({"question": "x" * 1_000_000}).encode(), (413, "too-large")),
        (b'{"question": "' + b"\xff\xfe" * 20 + b'"}', (422, "invalid-request")),
        (b'{"question": "Why', (422, "invalid-request")),
        (b"", (422, "invalid-request")),
        (b"null", (422, "invalid-request")),
        (b'{"question": "Why \\ud800?"}', (422, "invalid-request")),
        (b'{"question": 1e999}', (422, "invalid-request")),
        (b'{"question": "Why?", "settings": {"budget_usd": Infinity}}', (422, "invalid-request")),
        (b'{"question": "Why?", "settings": {"seed": ' + b"9" * 5_000 + b"}}", (422, "invalid-request")),
        (b"\x1f\x8b" + b"\x00" * 100, (422, "invalid-request")),
    ],
)
def test_a_hostile_body_is_refused(live: Live, body: bytes, expected: tuple[int, str]) -> None:
    with live.http() as http:
        assert kind(http.post("/v1/runs", content=body, headers=JSON)) == expected
        assert http.get("/healthz").is_success


def test_a_body_that_is_no_json_says_where(live: Live) -> None:
    with live.http() as http:
        problem = http.post("/v1/runs", content=b'{"question": "Why', headers=JSON).json()
    assert problem["detail"] == "the body: no JSON from character 13 on"


@pytest.mark.parametrize("path", ["/v1/hypotheses?score=90", "/v1/runs?limit=2&page=2", "/v1/tools?all"])
def test_an_unheard_of_parameter_is_refused(live: Live, path: str) -> None:
    with live.http() as http:
        answer = http.get(path)
        assert kind(answer) == (422, "invalid-request")
        assert "is no parameter of this address; it takes" in answer.json()["detail"]
        assert http.get("/v1/hypotheses?min_score=90").is_success


def test_a_body_without_a_length_is_cut_off(live: Live) -> None:
    def endless() -> object:
        yield b'{"question": "'
        for _ in range(10_000):
            yield b"x" * 1_000

    with live.http() as http:
        try:
            answer = http.post("/v1/runs", content=endless(), headers=JSON)  # type: ignore[arg-type]  # it is one
        except httpx.WriteError:  # the connection was closed on us, which is as good
            return
    assert kind(answer) == (413, "too-large")


@settings(max_examples=30)
@given(body=st.binary(max_size=300))
def test_no_body_is_a_server_error(live: Live, body: bytes) -> None:
    answer = httpx.post(f"{live.address}/v1/runs", content=body, headers=JSON, trust_env=False)
    assert answer.status_code in (202, 422)


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "[::1", "localhost.", "10.0.0.1"]
)
def test_another_host_name_is_refused(live: Live, host: str) -> None:
    with live.http() as http:
        assert kind(http.get("/v1/runs", headers={"Host": host})) == (421, "wrong-host")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST:1"])
def test_this_machine_s_names_are_known(live: Live, host: str) -> None:
    with live.http() as http:
        assert http.get("/v1/runs", headers={"Host": host}).is_success


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://evil.example:8501"])
def test_a_page_from_elsewhere_may_not_ask(live: Live, origin: str) -> None:
    with live.http() as http:
        answer = http.post("/v1/runs", json=QUESTION, headers={"Origin": origin})
        assert kind(answer) == (403, "foreign-origin")
        assert (
            "access-control-allow-origin"
            not in http.get("/v1/runs", headers={"Origin": "http://localhost"}).headers
        )


def test_a_form_from_elsewhere_is_no_question(live: Live) -> None:
    """A browser sends these without asking first."""
    with live.http() as http:
        for media_type in ("text/plain", "application/x-www-form-urlencoded"):
            content = json.dumps(QUESTION)
            answer = http.post("/v1/runs", content=content, headers={"Content-Type": media_type})
            assert kind(answer) == (422, "invalid-request")


def test_every_answer_has_the_safe_headers(live: Live) -> None:
    with live.http() as http:
        for path in ("/v1/runs", "/healthz", "/nowhere", "/v1/openapi.json"):
            answer = http.get(path)
            assert {name: answer.headers[name] for name in HEADERS} == HEADERS
            assert answer.headers["x-request-id"]
        assert http.get("/nowhere", headers={"X-Request-ID": "mine-1"}).headers["x-request-id"] == "mine-1"
        assert http.get("/nowhere", headers={"X-Request-ID": "a b"}).headers["x-request-id"] != "a b"


@pytest.mark.parametrize(
    ("method", "path", "expected", "allowed"),
    [
        ("GET", "/nowhere", (404, "not-found"), None),
        ("GET", "/v1/runs/nobody", (404, "not-found"), None),
        ("GET", "/v1/runs/..%2F..%2Fetc", (404, "not-found"), None),
        ("DELETE", "/v1/runs", (405, "method-not-allowed"), "GET, POST"),
        ("PUT", "/v1/runs/x/feedback", (405, "method-not-allowed"), "GET, POST"),
        ("DELETE", "/v1/mining/x/start", (405, "method-not-allowed"), "POST"),
        ("PUT", "/v1/mining/x", (405, "method-not-allowed"), "GET"),
        ("POST", "/healthz", (405, "method-not-allowed"), "GET"),
        ("GET", "/v1/runs?cursor=junk", (422, "invalid-request"), None),
        ("GET", "/v1/runs?cursor=WyJhIl0", (422, "invalid-request"), None),
        ("GET", "/v1/runs?limit=0", (422, "invalid-request"), None),
        ("GET", "/v1/runs?state=asleep", (422, "invalid-request"), None),
        ("GET", "/v1/concepts/card?name=nonsense", (404, "not-found"), None),
        ("GET", "/v1/hypotheses?min_score=nan", (422, "invalid-request"), None),
    ],
)
def test_every_error_is_a_problem(
    live: Live, method: str, path: str, expected: tuple[int, str], allowed: str | None
) -> None:
    with live.http() as http:
        answer = http.request(method, path)
    assert kind(answer) == expected
    assert answer.headers.get("allow") == allowed


def test_what_a_tool_refuses_is_told(live: Live) -> None:
    with live.http() as http:
        refused = http.post("/v1/tools/rectangle_area", json={"width": 0, "height": 1})
        assert kind(refused) == (422, "tool-refused")
        answer = http.post("/v1/tools/rectangle_area", json={"width": 2, "height": 3})
        assert answer.json() == {
            "tool": "rectangle_area",
            "version": "1",
            "inputs": {"width": 2.0, "height": 3.0},
            "content": {"area": 6.0},
        }
        listed = http.get("/v1/tools").json()["items"]
        assert [(tool["name"], set(tool["arguments"]["properties"])) for tool in listed] == [
            ("rectangle_area", {"width", "height"})
        ]


def test_limits_are_what_the_documentation_says() -> None:
    assert (LARGEST, DEEPEST) == (262_144, 32)
