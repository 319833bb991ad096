"""How large and how deep a request's body may be: the same at every door that takes one."""

import re

from starlette.requests import Request
from starlette.types import Message, Receive

LARGEST = (
    262_144  # bytes of a body: a question has 8,000 characters, a structure for a tool some thousand lines
)
DEEPEST = 32  # brackets in brackets
STRING = re.compile(rb'"(?:[^"\\]|\\.)*"?')
NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


async def read_body(request: Request) -> bytes | None:
    """Return the whole body; None as soon as it is too large."""
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > LARGEST:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)


def is_too_deep(body: bytes) -> bool:
    """Whether its brackets are, whatever its syntax: a parser that calls itself must not be led too deep."""
    depth = 0
    for byte in STRING.sub(b"", body).translate(None, delete=NO_BRACKETS):
        depth += 1 if byte in b"[{" else -1
        if depth > DEEPEST:
            return True
    return False


def give_again(body: bytes, receive: Receive) -> Receive:
    """Return what gives the body once more; after it, whatever else the connection says, such as its end."""
    given = False

    async def receiving() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving
