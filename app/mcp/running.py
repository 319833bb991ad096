"""Serves the tools, until the other side or the user ends it."""

import os
import socket
import sys

from app.errors import SettingsError
from app.mcp.backing import Backing
from app.settings import Settings

HOST = "127.0.0.1"  # others reach it through a proxy that knows who may


def serve_stdio(settings: Settings) -> None:
    """One client, at our standard input and output."""
    _serve(settings, None)


def serve_http(settings: Settings, port: int) -> None:
    """Any number of clients of this machine, at http://127.0.0.1:port/mcp. Raises SettingsError."""
    from app.cli.output import notice

    try:
        listening = socket.create_server((HOST, port))
    except OSError as error:
        raise SettingsError(
            f"cannot listen at {HOST}:{port} ({(error.strerror or str(error)).lower()}): "
            "choose another --port"
        ) from error
    notice(f"tools at http://{HOST}:{port}/mcp (Ctrl-C ends it)")
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
