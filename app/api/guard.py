"""Stands before every request: its name for the log, its host, its origin and its size."""

import re
import secrets
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import Kind, answer
from app.settings.service import LOOPBACK

LARGEST = (
    262_144  # bytes of a body: a question has 8,000 characters, a structure for a tool some thousand lines
)
DEEPEST = 32  # brackets in brackets
REQUEST_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
STRING = re.compile(rb'"(?:[^"\\]|\\.)*"?')
NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-site",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Guard:
    """`names` are the hosts that may be asked for; None: any, since a key is needed."""

    def __init__(self, app: ASGIApp, names: Sequence[str] | None, origins: Sequence[str]) -> None:
        self._app, self._names, self._origins = app, names, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        given = request.headers.get("x-request-id", "")
        request.state.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        sending = _with_headers(send, request.state.request_id)
        refused = self._refuse(request.headers)
        body = b"" if refused else await _read(request)
        if body is None:
            refused = Kind.TOO_LARGE, f"a body may have {LARGEST:,} bytes"
        elif _depth(body) > DEEPEST:
            refused = Kind.INVALID, f"the body is nested more than {DEEPEST} deep"
        if refused:
            await answer(request, *refused)(scope, receive, sending)
        else:
            await self._app(scope, _again(body or b"", receive), sending)

    def _refuse(self, headers: Headers) -> tuple[Kind, str] | None:
        """A page in a browser can be made to believe that its own name is this machine (DNS rebinding)."""
        if self._names is None:
            return None
        host = _name(f"//{headers.get('host', '')}")
        if host not in self._names:
            return Kind.WRONG_HOST, "ask for localhost, or add the name to service.names in the settings"
        origin = headers.get("origin")
        if origin is not None and origin not in self._origins and _name(origin) not in self._names:
            return Kind.FOREIGN_ORIGIN, "add the page's origin to service.origins in the settings"
        return None


def known_names(names: Sequence[str]) -> list[str]:
    return [*LOOPBACK, *names]


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _with_headers(send: Send, request_id: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = request_id
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


async def _read(request: Request) -> bytes | None:
    """The whole body; None as soon as it is too large."""
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > LARGEST:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)


def _depth(body: bytes) -> int:
    """Of its brackets, whatever its syntax: a parser that calls itself must not be led too deep."""
    depth = deepest = 0
    for byte in STRING.sub(b"", body).translate(None, delete=NO_BRACKETS):
        depth += 1 if byte in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more; after it, whatever else the connection says, such as its end."""
    given = False

    async def receiving() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving
