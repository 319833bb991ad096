"""API and page together, until somebody stops them."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import SettingsError
from app.hosts import server_config
from app.page import KEYED
from app.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

PAGE = Path(__file__).parent / "ui" / "main.py"
PAGE_STOPS_S = 5.0
SWITCH_S = 0.0005  # between threads: a look takes its turn dozens of times beside runs that compute
CONNECTIONS_END_S = 3  # event streams would otherwise hold up the end
BACKLOG = 2048  # connections that wait to be taken: listeners come in crowds


def serve_until_stopped(settings: Settings, notice: Callable[[str], None]) -> None:
    """Ctrl-C and SIGTERM end it; `notice` tells the user. Raises SettingsError, and what the jobs raise."""
    from app.api.build import create_app
    from app.jobs.work import LOG_FORMAT

    sys.setswitchinterval(SWITCH_S)
    os.umask(0o077)  # runs, keys and answers are nobody else's on this machine
    logging.basicConfig(level=logging.WARNING, format=LOG_FORMAT)
    listening = _listen(settings)
    app = create_app(settings)
    with _page(settings, notice, keyed=app.state.service.keys.configured) as page:
        if page:
            notice(f"page  {page}")
        notice(f"API   {settings.service.address}/v1/openapi.json (Ctrl-C ends both)")
        _run(app, listening, settings.service.proxies)
    notice("stopped; questions under way go on with the next start")
    sys.stderr.flush()
    os._exit(0)  # a download in one of DBOS's threads would otherwise be waited for


def _run(app: "FastAPI", listening: socket.socket, proxies: Sequence[str]) -> None:
    import uvicorn

    config = server_config(app, proxies, server_header=False, timeout_graceful_shutdown=CONNECTIONS_END_S)
    signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn ends on it, and then sends it to us once more
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def _listen(settings: Settings) -> socket.socket:
    """The port is ours before anything is loaded. Raises SettingsError."""
    ours = settings.service
    family = socket.AF_INET6 if ":" in ours.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((ours.host, ours.port))
    except OSError as error:
        raise SettingsError(
            f"cannot listen at {ours.host}:{ours.port} ({(error.strerror or str(error)).lower()}): "
            "choose another with --host and --port"
        ) from error
    _require_key(settings)
    listening.listen(BACKLOG)
    return listening


def _require_key(settings: Settings) -> None:
    """Without keys everybody who reaches the service is its owner: only this machine may."""
    from app.jobs.keys import Keys
    from app.jobs.tables import open_database

    ours = settings.service
    if ours.is_local and not ours.names:
        return
    database = open_database(settings)
    configured = Keys(database).configured
    database.dispose()
    if not configured:
        raise SettingsError(
            f"others can reach {', '.join((ours.host, *ours.names))} and there is no API key: "
            "make one with `hypofind keys add NAME`, or leave service.host and service.names out"
        )


@contextmanager
def _page(settings: Settings, notice: Callable[[str], None], *, keyed: bool) -> Iterator[str | None]:
    """Yield the page's address while it is served; None where it is not installed or its port is taken."""
    ours = settings.service
    if ours.sign_in.configured and find_spec("authlib") is None:
        raise SettingsError("service.sign_in needs Authlib: pip install authlib")
    if not PAGE.is_file():
        yield None
        return
    if reason := _taken(ours.host, ours.page_port):
        notice(f"page  not served: {reason}; choose another port with service.page_port")
        yield None
        return
    environment = dict(os.environ) | page_environment(settings)
    command = [sys.executable, "-m", "app.page", str(PAGE), ours.host, str(ours.page_port)]
    command += [KEYED] if keyed else []
    page = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment)  # noqa: S603 - our own module
    try:
        yield f"http://{'127.0.0.1' if ours.is_local else ours.host}:{ours.page_port}"
    finally:
        if page.stdin:
            page.stdin.close()
        try:
            page.wait(PAGE_STOPS_S)
        except subprocess.TimeoutExpired:
            page.kill()


def _taken(host: str, port: int) -> str | None:
    """Return why the port cannot be had; another program's page must not pass for ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            return f"{host}:{port} is taken ({(error.strerror or str(error)).lower()})"
    return None


def page_environment(settings: Settings) -> dict[str, str]:
    """Return what the page must know of the settings that were given as flags or in a file."""
    ours = settings.service
    told = {"HOST": ours.host, "PORT": str(ours.port), "PAGE_PORT": str(ours.page_port)}
    told |= {"NAMES": json.dumps(ours.names), "ORIGINS": json.dumps(ours.origins)}
    if ours.key:
        told["KEY"] = ours.key.get_secret_value()
    if ours.sign_in.configured:
        given = ours.sign_in.model_dump(exclude={"keys"}) | {"keys": dict(ours.sign_in.keys)}
        told["SIGN_IN"] = json.dumps(given, default=lambda secret: secret.get_secret_value())
    return {f"HYPOFIND_SERVICE__{name}": value for name, value in told.items()}
