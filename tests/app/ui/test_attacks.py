"""Pages of others in a real browser: DNS rebinding, another origin of this machine, frames."""

import functools
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, sync_playwright

from app.hosts import Foreign
from app.ui import ENTRY
from tests.app.doors import count
from tests.app.ui.browser import CHROMIUM, SILENT, free_port, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
    pytest.mark.timeout(600),  # a browser on a busy machine
]
REBOUND = "evil.example"  # which the browser believes to be this machine
SOCKET = """address => new Promise(done => {
    const socket = new WebSocket(address);
    socket.onopen = () => done("open");
    socket.onclose = () => done("closed");
})"""
AUDIT = """
import os, sys
def note(event, told):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        with open(os.environ["AUDITED"], "a") as log:
            print(event, told[0] if "get" in event else told[1], file=log)
sys.addaudithook(note)
"""
FETCH = "address => fetch(address).then(answer => answer.text(), () => 'refused')"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file that names whom the page's process asked for anything."""
    log = tmp_path_factory.mktemp("audit") / "log"
    log.touch()
    log.with_name("sitecustomize.py").write_text(AUDIT)
    return log


@pytest.fixture(scope="module")
def address(audited: Path) -> Iterator[str]:
    """The page as in a container, without a service behind it: what is refused needs none."""
    port = free_port()
    everywhere = "0.0.0.0"  # noqa: S104 - as Docker sets it
    told = {"HYPOFIND_SERVICE__HOST": everywhere, "AUDITED": str(audited), "PYTHONPATH": str(audited.parent)}
    command = [sys.executable, "-m", "app.page", str(ENTRY), everywhere, str(port)]
    pipe, environment = subprocess.PIPE, os.environ | told
    process = subprocess.Popen(command, stdin=pipe, stdout=subprocess.DEVNULL, env=environment)  # noqa: S603 - ours
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait(30)


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        rule = f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*SILENT, rule])
        yield browser.new_page()
        browser.close()


@pytest.fixture
def elsewhere(tmp_path: Path, address: str) -> Iterator[str]:
    """A page that another program of this machine serves; it frames ours."""
    (tmp_path / "index.html").write_text(f'<p>hello</p><iframe src="{address}/history"></iframe>')
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=tmp_path)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_a_rebound_name_is_refused(browser_page: Page, address: str) -> None:
    rebound = f"http://{REBOUND}:{urlsplit(address).port}"
    for path in ("/", "/history", "/map", "/_stcore/health"):
        answer = browser_page.goto(rebound + path)
        assert answer is not None
        assert answer.status == 403
        assert browser_page.inner_text("body") == Foreign.HOST.value
        count("page in a browser", "host")
    socket = f"ws://{REBOUND}:{urlsplit(address).port}/_stcore/stream"
    assert browser_page.evaluate(SOCKET, socket) == "closed"
    count("page in a browser", "host")


def test_a_page_of_another_program_gets_neither_socket_nor_text_nor_frame(
    browser_page: Page, address: str, elsewhere: str
) -> None:
    browser_page.goto(elsewhere)
    assert browser_page.evaluate(SOCKET, f"{address.replace('http', 'ws')}/_stcore/stream") == "closed"
    for path in ("/history", "/_stcore/host-config", "/_stcore/health"):
        assert browser_page.evaluate(FETCH, address + path) == "refused"
        count("page in a browser", "origin")
    framed = browser_page.frames[-1]
    assert "Hypothesis Finder" not in framed.content()
    count("page in a browser", "frames")


def test_its_own_page_may_talk_to_it(browser_page: Page, address: str) -> None:
    browser_page.goto(f"{address}/_stcore/health")
    assert browser_page.evaluate(SOCKET, f"{address.replace('http', 'ws')}/_stcore/stream") == "open"


def test_the_page_asks_its_service_and_nobody_else(
    browser_page: Page, address: str, audited: Path, elsewhere: str
) -> None:
    """Streamlit would ask a server of Amazon's which address others see, and a name server."""
    socket = f"{address.replace('http', 'ws')}/_stcore/stream"
    browser_page.goto(elsewhere)
    browser_page.evaluate(SOCKET, socket)
    browser_page.goto(address)  # a session of its own page looks for the service
    browser_page.get_by_text("hypofind serve").first.wait_for(timeout=120_000)
    asked = set(audited.read_text().splitlines())
    assert asked
    assert [line for line in asked if not re.search(r"127\.0\.0\.1|0\.0\.0\.0|localhost", line)] == []
    count("page in a browser", "asks nobody")
