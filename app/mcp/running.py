"""Serves the tools, until the other side or the user ends it."""

import os
import socket
import sys

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.bodies import LARGEST, give_again, is_too_deep, read_body
from app.errors import SettingsError
from app.hosts import HostRule
from app.mcp.backing import Backing
from app.settings import Settings
from app.settings.service import LOOPBACK

HOST = "127.0.0.1"  # others reach it through a proxy that knows who may


class McpGuard:
    """Refuses foreign hosts and origins, and bodies that are too large or too deep, as the REST API does."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._rule = app, HostRule(LOOPBACK)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        if foreign := self._rule.check(request.headers):
            await PlainTextResponse(foreign.value, 403)(scope, receive, send)
            return
        body = await read_body(request)
        if body is None:
            await PlainTextResponse(f"a body may have {LARGEST:,} bytes", 413)(scope, receive, send)
        elif is_too_deep(body):
            await PlainTextResponse("the body is nested too deep", 422)(scope, receive, send)
        else:
            await self._app(scope, give_again(body, receive), send)


def serve_stdio(settings: Settings) -> None:
    """One client, at our standard input and output."""
    _serve(settings, None)


def serve_http(settings: Settings, port: int) -> None:
    """Any number of clients of this machine, at http://127.0.0.1:port/mcp. Raises SettingsError."""
    try:
        listening = socket.create_server((HOST, port))
    except OSError as error:
        raise SettingsError(
            f"cannot listen at {HOST}:{port} ({(error.strerror or str(error)).lower()}): "
            "choose another --port"
        ) from error
    sys.stderr.write(f"tools at http://{HOST}:{port}/mcp (Ctrl-C ends it)\n")
    _serve(settings, listening)


def _serve(settings: Settings, listening: socket.socket | None) -> None:
    import anyio

    from app.mcp.server import make_server

    backing = Backing(settings)
    server = make_server(backing)

    async def run() -> None:
        if listening is None:
            await server.run_stdio_async(show_banner=False, log_level="ERROR")
        else:
            await server.run_http_async(
                show_banner=False,
                host=HOST,
                port=listening.getsockname()[1],
                sockets=[listening],
                log_level="error",
                host_origin_protection=True,
                middleware=[Middleware(McpGuard)],
            )

    try:
        anyio.run(run)
    except KeyboardInterrupt:
        pass
    finally:
        backing.close()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # a download in one of DBOS's threads would otherwise be waited for
