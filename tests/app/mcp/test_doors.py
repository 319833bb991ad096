"""Every tool of MCP keeps every rule, over HTTP and behind a service with keys; tools are listed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastmcp import Client
from fastmcp.exceptions import ToolError
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from agents.scripted import ScriptedServer
from app.bodies import LARGEST
from app.mcp.backing import Backing
from app.mcp.running import McpGuard
from app.mcp.server import ServedTool, make_server
from app.settings import Settings
from tests.app.doors import count
from tests.app.live import Live, make_settings, run_service

pytestmark = pytest.mark.slow

ASKING = {"find_hypotheses", "get_run"}  # what the service does for them, with the caller's key
LIGHT = {"search_physh"}  # looks a name up and computes nothing


@pytest.fixture(scope="module")
def live(warm: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with ScriptedServer() as model:
        settings = make_settings(model, warm, tmp_path_factory.mktemp("runs"), jobs=2)
        with run_service(settings, model) as live:
            yield live


def settings_of(live: Live, key: str) -> Settings:
    port = int(live.address.rsplit(":", 1)[1])
    service = live.settings.service.model_copy(update={"port": port, "key": key})
    return live.settings.model_copy(update={"service": type(service).model_validate(dict(service))})


async def refusal(backing: Backing, tool: str, arguments: dict[str, Any]) -> str:
    async with Client(make_server(backing)) as client:
        with pytest.raises(ToolError) as refused:
            await client.call_tool(tool, arguments)
    return str(refused.value)


async def names() -> list[str]:
    async with Client(make_server(Backing(Settings()))) as client:
        return [tool.name for tool in await client.list_tools()]


async def test_every_tool_is_refused_to_foreign_pages_and_hosts_and_to_large_bodies() -> None:
    """The guard stands before all of MCP; here it stands before what would answer anything."""

    async def answer(_request: object) -> PlainTextResponse:
        return PlainTextResponse("let in")

    http = TestClient(
        McpGuard(Starlette(routes=[Route("/mcp", answer, methods=["POST"])])),
        base_url="http://127.0.0.1:8002",
    )
    for tool in await names():
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": {}}}
        assert http.post("/mcp", json=body).text == "let in"
        for host in ("evil.example", "127.0.0.1.evil.example"):
            assert http.post("/mcp", json=body, headers={"Host": host}).status_code == 403, (tool, host)
            count("MCP", "host")
        for origin in ("http://evil.example", "http://localhost:9999", "null"):
            assert http.post("/mcp", json=body, headers={"Origin": origin}).status_code == 403, (tool, origin)
            count("MCP", "origin")
        large = json.dumps(body | {"more": "x" * LARGEST})
        assert http.post("/mcp", content=large).status_code == 413, tool
        assert http.post("/mcp", content="[" * 100 + json.dumps(body)).status_code == 422, tool
        count("MCP", "size", 2)


async def test_every_tool_is_computed_in_the_limited_processes_or_by_the_service() -> None:
    for tool in await make_server(Backing(Settings())).list_tools():
        assert isinstance(tool, ServedTool) or tool.name in ASKING | LIGHT, tool.name
        count("MCP", "limits")


async def test_the_key_s_rights_hold_through_mcp(live: Live) -> None:
    alice, bob = live.key("alice"), live.key("bob")
    reader, poor = live.key("reader", scopes=["read"]), live.key("poor", tokens=1)
    with live.client(alice) as client:
        run = client.wait(client.ask("Why do ALICES-4711 glasses age?").id, 150).id
    asking = {"question": "Why do glasses age?", "perspectives": 1, "wait_seconds": 0}
    told = await refusal(Backing(settings_of(live, bob)), "get_run", {"run": run})
    assert "no run" in told
    assert "ALICES" not in told
    count("MCP", "owner")
    assert "scope" in await refusal(Backing(settings_of(live, reader)), "find_hypotheses", asking)
    count("MCP", "scope")
    with live.client(poor) as client:
        client.ask("Why do glasses age?")  # is promised all that there is
    spent = await refusal(Backing(settings_of(live, poor)), "find_hypotheses", asking)
    assert "budget" in spent or "tokens" in spent
    count("MCP", "budget")
    live.service.keys.revoke(bob.split("_")[1])
    for tool, arguments in (("get_run", {"run": run}), ("find_hypotheses", asking)):
        assert "revoked" in await refusal(Backing(settings_of(live, bob)), tool, arguments)
        count("MCP", "revocation")


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("search_physh", {"text": True}),
        ("search_physh", {"text": "spin", "unheard_of": 1}),
        ("get_run", {"run": "a", "form": None}),
        ("find_hypotheses", {"question": "Why \x00?", "perspectives": "many"}),
    ],
)
async def test_a_wrong_argument_is_a_line(tool: str, arguments: dict[str, Any]) -> None:
    told = await refusal(Backing(Settings()), tool, arguments)
    assert len(told.splitlines()) == 1
    assert "pydantic" not in told
    assert told.startswith(("text", "unheard_of", "form", "perspectives"))
