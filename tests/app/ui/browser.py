"""The page as it is served, in a real browser without a screen."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Dialog, Page, Request, sync_playwright

from app.ui import ENTRY
from tests.app.live import Live

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SILENT = (  # a browser that asks nobody anything by itself
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
STARTS_S = 180.0
PATIENCE_MS = 180_000  # a run on a busy machine of two cores has taken more than a minute


@dataclass
class Visit:
    """A browser's page, and what it asked of anybody but the server."""

    page: Page
    address: str
    foreign: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def watch(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme not in ("data", "blob") and asked.netloc != urlsplit(self.address).netloc:
            self.foreign.append(request.url)

    def dismiss(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def open(self, path: str = "/") -> None:
        self.page.goto(self.address + path)

    def sign_in(self, path: str, key: str) -> None:
        self.open(path)
        self.page.get_by_label("API key", exact=True).fill(key)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.settle()

    def settle(self) -> None:
        """Until nothing runs on the server for this page."""
        self.page.wait_for_timeout(500)
        self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()


@contextmanager
def serve_page(live: Live, port: int | None = None) -> Iterator[str]:
    """The address of the page, which asks this service."""
    port = port or free_port()
    told = {"HYPOFIND_SERVICE__PORT": re.sub(r".*:", "", live.address)}
    command = [sys.executable, "-m", "app.page", str(ENTRY), "127.0.0.1", str(port)]
    page = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=os.environ | told)  # noqa: S603 - ours
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        assert page.stdin
        page.stdin.close()
        page.wait(30)


@contextmanager
def visit(address: str, *, width: int = 1280, height: int = 900, dark: bool = False) -> Iterator[Visit]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(SILENT))
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        guest = Visit(page, address)
        context.on("request", guest.watch)
        page.on("dialog", guest.dismiss)
        try:
            yield guest
        finally:
            browser.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def wait_for(address: str) -> None:
    end = time.monotonic() + STARTS_S
    while time.monotonic() < end:
        try:
            if httpx.get(address, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise TimeoutError(f"{address} does not answer")
