"""What stands before the page: hosts, origins, frames, uploads. The page itself is tests/app/ui."""

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.page import PageGuard, page_rule
from app.settings.service import ServiceSection


async def hello(_request: object) -> PlainTextResponse:
    return PlainTextResponse("hello")


async def stream(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


def page(*, keyed: bool = False, **service: object) -> TestClient:
    inner = Starlette(routes=[Route("/{path:path}", hello), WebSocketRoute("/_stcore/stream", stream)])
    rule = page_rule(ServiceSection.model_validate(service), keyed=keyed)
    return TestClient(PageGuard(inner, rule), base_url="http://127.0.0.1:8501")


@pytest.mark.parametrize("host", ["evil.example:8501", "127.0.0.1.evil.example", "", "10.0.0.1", "[::1"])
def test_a_name_that_is_not_ours_is_refused(host: str) -> None:
    assert page().get("/history", headers={"Host": host}).status_code == 403
    with (
        pytest.raises(WebSocketDisconnect),
        page().websocket_connect("/_stcore/stream", headers={"Host": host}),
    ):
        pass


@pytest.mark.parametrize(
    "origin", ["http://evil.example:8501", "http://localhost:9999", "null", "x:[", "https://127.0.0.1"]
)
def test_a_page_of_another_origin_may_open_no_socket(origin: str) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        page().websocket_connect("/_stcore/stream", headers={"Origin": origin, "Host": "127.0.0.1:8501"}),
    ):
        pass


def test_its_own_page_may() -> None:
    headers = {"Origin": "http://127.0.0.1:8501", "Host": "127.0.0.1:8501"}
    with page().websocket_connect("/_stcore/stream", headers=headers) as socket:
        assert socket.receive_text() == "hello"


def test_a_name_of_the_settings_may_be_asked_for_and_another_not_though_there_are_keys() -> None:
    client = page(keyed=True, names=("finder.example.org",))
    assert client.get("/", headers={"Host": "finder.example.org"}).is_success
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 403
    assert page(keyed=True).get("/", headers={"Host": "any.example"}).is_success


def test_a_page_that_lends_its_key_is_asked_for_by_names_of_this_machine_alone() -> None:
    client = page(keyed=True, key="hyp_of_the_operator")
    assert client.get("/", headers={"Host": "localhost:8501"}).is_success
    assert client.get("/", headers={"Host": "evil.example:8501"}).status_code == 403
    lent = page(keyed=True, key="hyp_of_the_operator", host="10.0.0.1")
    assert lent.get("/", headers={"Host": "any.example"}).is_success, "it asks each visitor for theirs"


def test_nobody_frames_it_or_sends_it_files() -> None:
    answer = page().get("/")
    assert answer.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert page().put("/_stcore/upload_file/a/b", content=b"x").status_code == 404
