"""The page's own process: `python -m app.page FILE HOST PORT [--keyed]`; it ends with its standard input.

It ends when the service closes it, or is gone, however it went. Streamlit serves the page as an ASGI
application; the service's rule of hosts and origins stands before it, for websockets too.
"""

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.hosts import HostRule, host_rule, server_config
from app.settings import Settings, load_settings
from app.settings.service import ServiceSection

if TYPE_CHECKING:
    import streamlit as st

HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
CLOSED = (  # the page takes no files, and programs have the REST API
    "/_stcore/upload_file",
    "/_stcore/agent",
    "/_stcore/metrics",
)
READING = ("GET", "HEAD", "OPTIONS")  # what a visitor does is said over the websocket
LONGEST_MESSAGE = 1 << 20  # bytes over the websocket: a question has 8,000 characters
KEYED = "--keyed"  # an API key is needed
POLICY_VIOLATION = 1008  # of a websocket
OPTIONS = {
    "server.headless": True,
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "viewer",
    "client.showErrorDetails": "none",
}


class PageGuard:
    """Refuses foreign hosts and origins, whatever is sent but by websocket, and frames around the page."""

    def __init__(self, app: ASGIApp, rule: HostRule) -> None:
        self._app, self._rule = app, rule

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        foreign = self._rule.check(Headers(scope=scope))
        if foreign and scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": foreign.value})
        elif foreign:
            await PlainTextResponse(foreign.value, 403)(scope, receive, send)
        elif scope["path"].startswith(CLOSED):
            await PlainTextResponse("this page has nothing there", 404)(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] not in READING:
            await PlainTextResponse("this page is only read", 405)(scope, receive, send)
        else:
            await self._app(scope, receive, _with_headers(send))


def make_app(file: str, settings: Settings, *, keyed: bool) -> "st.App":
    """Return the page as an ASGI application."""
    import streamlit as st
    from starlette.middleware import Middleware
    from streamlit.web import bootstrap

    ours = settings.service
    address = {
        "server.address": ours.host,
        "server.port": ours.page_port,
        "browser.serverAddress": "localhost",
    }
    options = {name.replace(".", "_"): value for name, value in (OPTIONS | address).items()}
    bootstrap.load_config_options(options)
    secrets = ours.sign_in.secrets() or None
    return st.App(
        file, secrets=secrets, middleware=[Middleware(PageGuard, rule=page_rule(ours, keyed=keyed))]
    )


def page_rule(service: ServiceSection, *, keyed: bool) -> HostRule:
    """Return whom the page answers: where it lends its key, names of this machine alone, as without keys."""
    return host_rule(service, keyed=keyed and not service.lends_key)


def main() -> None:
    import uvicorn

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches us too; the service decides what it means
    threading.Thread(target=_end_with_input, daemon=True).start()
    file, host, port, *flags = sys.argv[1:]
    app = make_app(file, load_settings(), keyed=KEYED in flags)
    config = server_config(app, host=host, port=int(port), ws_max_size=LONGEST_MESSAGE)
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # the service ends us
    server.run()


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return sending


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)  # open browser tabs would hold a softer exit up


if __name__ == "__main__":
    main()
