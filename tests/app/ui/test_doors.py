"""Every address of the page keeps every rule: those that Streamlit has are found by walking its routes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from app.page import CLOSED, READING
from app.ui import ENTRY
from tests.app.doors import count
from tests.app.ui.browser import free_port, wait_for

ROUTES = """
import json, sys
from app.page import make_app
from app.settings import Settings
routes = make_app(sys.argv[1], Settings(), keyed=False)._build_starlette_app().routes
print(json.dumps([[type(one).__name__, getattr(one, "path", "/") or "/"] for one in routes]))
"""
FOREIGN_HOSTS = ("evil.example", "127.0.0.1.evil.example:80", "10.0.0.1", "")
FOREIGN_ORIGINS = ("http://evil.example", "http://localhost:9999", "null")
WRITING = ("POST", "PUT", "PATCH", "DELETE")
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


@pytest.fixture(scope="module")
def routes() -> list[tuple[str, str]]:
    """Kind and path of every route."""
    command = [sys.executable, "-W", "ignore", "-c", ROUTES, str(ENTRY)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    return [(kind, path) for kind, path in json.loads(done.stdout.splitlines()[-1])]


@pytest.fixture(scope="module")
def page() -> Iterator[httpx.Client]:
    port = free_port()
    command = [sys.executable, "-m", "app.page", str(ENTRY), "127.0.0.1", str(port)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=os.environ)  # noqa: S603 - ours
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as http:
            yield http
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait(30)


def path_of(route: str) -> str:
    return route.replace("{", "").replace("}", "").replace(":path", "")


def test_every_address_of_the_page_keeps_every_rule(
    routes: list[tuple[str, str]], page: httpx.Client
) -> None:
    paths = sorted({path_of(path) for _, path in routes})
    assert len(paths) >= 10, "Streamlit's routes are found"
    for path in paths:
        upgrade = UPGRADE if path.endswith("/stream") else {}
        for host in FOREIGN_HOSTS:
            answer = page.get(path, headers={"Host": host, **upgrade})
            assert answer.status_code in (400, 403), (path, host)
            count("page", "host")
        for origin in FOREIGN_ORIGINS:
            assert page.get(path, headers={"Origin": origin, **upgrade}).status_code == 403, (path, origin)
            count("page", "origin")
        for method in WRITING:
            assert page.request(method, path, content=b"x").status_code in (404, 405), (method, path)
            count("page", "size: nothing is taken")
        for method in READING:
            answer = page.request(method, path, headers=upgrade)
            if path.startswith(CLOSED):
                assert answer.status_code == 404, (method, path)
                count("page", "closed")
            elif not upgrade:
                assert answer.headers["x-frame-options"] == "DENY", (method, path)
                count("page", "frames")


def test_what_streamlit_offers_programs_is_closed(routes: list[tuple[str, str]]) -> None:
    """A version that adds another such address fails here, and somebody decides about it."""
    known = {"health", "metrics", "host-config", "upload_file", "bidi-components", "stream", "agent"}
    found = {path.split("/")[2] for _, path in routes if path.startswith("/_stcore/")}
    assert found - known - {"script-health-check"} == set()
    others = {path.split("/")[1] for _, path in routes if not path.startswith("/_stcore/")}
    assert others <= {"", "media", "component", "auth", "oauth2callback"}
