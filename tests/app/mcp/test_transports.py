"""`hypofind mcp` as others start it, with the official SDK's client: over stdio and over HTTP."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client, StdioServerParameters

from agents.scripted import ScriptedServer
from tools import TOOLS

PROGRAM = ["-c", "from app.cli import main; main()", "mcp"]
QUESTION = "How can the magnetic resistivity of thin films be modelled across scales?"
NAMES = {
    "find_hypotheses",
    "get_run",
    "search_physh",
    "check_hypothesis",
    "find_data",
    "find_structures",
    *(tool.mcp_name or tool.name for tool in TOOLS),
}

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("bare", "warm")]


def environment(model: ScriptedServer) -> dict[str, str]:
    with socket.create_server(("127.0.0.1", 0)) as free:  # nothing answers there
        port = free.getsockname()[1]
    return {
        **os.environ,
        "HYPOFIND_MODEL__NAME": "scripted",
        "HYPOFIND_MODEL__BASE_URL": model.base_url,
        "HYPOFIND_SERVICE__PORT": str(port),
        "HYPOFIND_RUN__MATCHES": "0",
        "HYPOFIND_RUN__CHILDREN": "0",
        "HYPOFIND_RUN__TEST_SECONDS": "0",  # measuring claims has tests of its own
        "HYPOFIND_RUN__FROM_DATA": "false",
    }


async def use_what_needs_no_model(client: Client) -> None:
    """Lists all tools and calls those."""
    assert {tool.name for tool in (await client.list_tools()).tools} == NAMES
    found = await client.call_tool("search_physh", {"text": "magnetoresistance", "limit": 1})
    assert found.structured_content
    assert found.structured_content["items"][0]["label"] == "Magnetoresistance"
    defects = [{"kind": "vacancy S", "site": 0}]
    predicted = await client.call_tool("predict_defect", {"host": "MoS2", "defects": defects})
    assert not predicted.is_error


async def ask(client: Client) -> dict[str, Any]:
    asked = {"question": QUESTION, "perspectives": 1, "wait_seconds": 90}
    answer = await client.call_tool("find_hypotheses", asked)
    assert not answer.is_error, answer
    assert answer.structured_content
    run = {"run": answer.structured_content["run"]}
    while answer.structured_content["state"] == "running":  # on a machine with other work
        await asyncio.sleep(2)
        answer = await client.call_tool("get_run", run)
    again = await client.call_tool("get_run", run)
    assert again.structured_content == answer.structured_content
    return dict(again.structured_content)


async def test_over_stdio(scripted: Any) -> None:  # noqa: ANN401 - the fixture's own type is a protocol
    model = scripted()
    started = StdioServerParameters(command=sys.executable, args=PROGRAM, env=environment(model))
    async with Client(started, read_timeout_seconds=120) as client:
        await use_what_needs_no_model(client)
        answer = await ask(client)
    assert answer["state"] == "succeeded"
    assert len(answer["hypotheses"]) == 1


async def test_over_http_and_only_for_this_machine(scripted: Any) -> None:  # noqa: ANN401 - as above
    with over_http(environment(scripted())) as address:
        async with Client(address, read_timeout_seconds=120) as client:
            await use_what_needs_no_model(client)
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        headers = {"Accept": "application/json, text/event-stream"}
        async with httpx.AsyncClient(trust_env=False) as browser:
            rebound = await browser.post(address, json=body, headers=headers | {"Host": "evil.example"})
            foreign = await browser.post(
                address, json=body, headers=headers | {"Origin": "https://evil.example"}
            )
        assert {rebound.status_code, foreign.status_code} <= {400, 403, 421}


def test_a_port_in_use_is_told(scripted: Any, tmp_path: Path) -> None:  # noqa: ANN401 - as above
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, *PROGRAM, "--http", "--port", port]
        done = subprocess.run(  # noqa: S603 - our own program
            command, env=environment(scripted()), capture_output=True, text=True, cwd=tmp_path, check=False
        )
    assert done.returncode == 2
    assert f"cannot listen at 127.0.0.1:{port}" in done.stderr
    assert done.stdout == ""


@contextmanager
def over_http(variables: dict[str, str]) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, *PROGRAM, "--http", "--port", str(port)]
    process = subprocess.Popen(command, env=variables, stderr=subprocess.DEVNULL)  # noqa: S603 - our own program
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 60
    while True:
        assert process.poll() is None
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.1)
        else:
            return
