"""Stands before every request: its name for the log, its host, its origin and its size."""

import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.access import Service
from app.api.problems import ProblemError, ProblemKind, answer
from app.bodies import DEEPEST, LARGEST, give_again, is_too_deep, read_body
from app.hosts import Foreign, HostRule
from app.jobs.keys import id_in

REQUEST_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
KINDS = {Foreign.HOST: ProblemKind.WRONG_HOST, Foreign.ORIGIN: ProblemKind.FOREIGN_ORIGIN}
UNCOUNTED = ("/healthz", "/readyz")  # for whoever keeps the service running
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-site",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Guard:
    """Refuses foreign hosts and origins, who asks too often, and bodies that are too large or too deep.

    Before anything is read, parsed or looked up: what is refused must cost others nothing.
    """

    def __init__(self, app: ASGIApp, rule: HostRule, service: Service) -> None:
        self._app, self._rule, self._service = app, rule, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        given = request.headers.get("x-request-id", "")
        request.state.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        sending = _with_headers(send, request.state.request_id)
        if refusal := self._refuse(request):
            await refusal(scope, receive, sending)
            return
        refused, body = None, await read_body(request)
        if body is None:
            refused = ProblemKind.TOO_LARGE, f"a body may have {LARGEST:,} bytes"
        elif is_too_deep(body):
            refused = ProblemKind.INVALID, f"the body is nested more than {DEEPEST} deep"
        if refused:
            await answer(request, *refused)(scope, receive, sending)
        else:
            await self._app(scope, give_again(body or b"", receive), sending)

    def _refuse(self, request: Request) -> Response | None:
        if foreign := self._rule.check(request.headers):
            return answer(request, KINDS[foreign], foreign.value)
        host = request.client.host if request.client else "?"
        try:
            if request.url.path not in UNCOUNTED:
                self._service.limiter.require_room(_key_of(request), host)
        except ProblemError as refused:
            return answer(request, refused.kind, refused.detail, headers=refused.headers)
        return None


def _key_of(request: Request) -> str | None:
    """Return the id of the key that is shown, whether there is such a key or not."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return id_in(given) if scheme.lower() == "bearer" else None


def _with_headers(send: Send, request_id: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = request_id
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
