"""Stands before every request: its name for the log, its host, its origin and its size."""

import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import Kind, answer
from app.bodies import DEEPEST, LARGEST, give_again, is_too_deep, read_body
from app.hosts import Foreign, HostRule

REQUEST_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
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
        body = b"" if refused else await read_body(request)
        if body is None:
            refused = Kind.TOO_LARGE, f"a body may have {LARGEST:,} bytes"
        elif is_too_deep(body):
            refused = Kind.INVALID, f"the body is nested more than {DEEPEST} deep"
        if refused:
            await answer(request, *refused)(scope, receive, sending)
        else:
            await self._app(scope, give_again(body or b"", receive), sending)


def _with_headers(send: Send, request_id: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = request_id
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
