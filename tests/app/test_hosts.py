"""What every door believes of who asks; hosts and origins are tried in the doors' own tests."""

import socket
import threading
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

import app
from app.hosts import server_config


async def tell_caller(request: Request) -> PlainTextResponse:
    return PlainTextResponse(request.client.host if request.client else "nobody")


@pytest.mark.parametrize(("proxies", "believed"), [((), "127.0.0.1"), (("127.0.0.1",), "10.1.2.3")])
def test_a_forwarded_address_is_believed_of_configured_proxies_only(
    proxies: tuple[str, ...], believed: str
) -> None:
    """Else whoever changes it with every request is never refused for asking too much."""
    server = uvicorn.Server(server_config(Starlette(routes=[Route("/", tell_caller)]), proxies))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        headers = {"X-Forwarded-For": "10.1.2.3"}
        assert httpx.get(address, headers=headers, trust_env=False, timeout=30).text == believed
        server.should_exit = True
        thread.join(30)


def test_no_door_is_served_by_other_rules() -> None:
    package = Path(str(app.__file__)).parent
    doors = [path.name for path in package.rglob("*.py") if "uvicorn.Config(" in path.read_text()]
    assert doors == ["hosts.py"]
