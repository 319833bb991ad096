"""Stands before every request: its name for the log, its host, its origin and its size."""

import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import Kind, answer
from app.hosts import Foreign, HostRule

LARGEST = (
    262_144  # bytes of a body: a question has 8,000 characters, a structure for a tool some thousand lines
)
DEEPEST = 32  # brackets in brackets
REQUEST_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
STRING = re.compile(rb'"(?:[^"\\]|\\.)*"?')
NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
KINDS = {Foreign.HOST: Kind.WRONG_HOST, Foreign.ORIGIN: Kind.FOREIGN_ORIGIN}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-site",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Guard:
    """Refuses foreign hosts and origins, and bodies that are too large or too deep."""

    def __init__(self, app: ASGIApp, rule: HostRule) -> None:
        self._app, self._rule = app, rule

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        given = request.headers.get("x-request-id", "")
        request.state.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        sending = _with_headers(send, request.state.request_id)
        foreign = self._rule.check(request.headers)
        refused = (KINDS[foreign], foreign.value) if foreign else None
        body = b"" if refused else await _read(request)
        if body is None:
            refused = Kind.TOO_LARGE, f"a body may have {LARGEST:,} bytes"
        elif _depth(body) > DEEPEST:
            refused = Kind.INVALID, f"the body is nested more than {DEEPEST} deep"
        if refused:
            await answer(request, *refused)(scope, receive, sending)
        else:
            await self._app(scope, _again(body or b"", receive), sending)


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
