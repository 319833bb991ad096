"""Requests and answers of the scripted server as they go over the wire, and what its faults make of them."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from threading import Lock
from typing import Any

from pydantic import BaseModel, ConfigDict

from agents.model.journal import call_key

TOLD = "It fits this JSON schema:\n"  # the last words of the prompt "schema"
MODEL = "scripted"
TOKEN = 4  # characters: near enough to what tokenizers make of English
HUGE_BYTES = 10_000_000
LARGEST_PIECE = 1 << 16


class Message(BaseModel):
    model_config = ConfigDict(extra="ignore")

    role: str
    content: str


class Request(BaseModel):
    """The fields that decide an answer; all others that clients send are ignored."""

    model_config = ConfigDict(extra="ignore")

    model: str
    messages: list[Message]
    response_format: dict[str, Any] | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    temperature: float | None = None
    seed: int | None = None
    stream: bool = False
    stream_options: dict[str, Any] | None = None

    @property
    def asked_schema(self) -> Mapping[str, Any] | None:
        """From the response format, else from the prompt, where a model would read it."""
        sent = ((self.response_format or {}).get("json_schema") or {}).get("schema")
        told = self.text.rpartition(TOLD)[2] if TOLD in self.text else ""
        return sent or (json.loads(told) if told else None)

    @property
    def limit(self) -> int | None:
        return self.max_completion_tokens or self.max_tokens

    @property
    def text(self) -> str:
        return "\n".join(message.content for message in self.messages if message.role != "system")

    @cached_property
    def key(self) -> str:
        """The key under which the journal of a run holds this call."""
        return call_key(
            model=self.model,
            messages=[message.model_dump() for message in self.messages],
            schema=self.asked_schema,
            max_tokens=self.limit,
            temperature=self.temperature,
            seed=self.seed,
        )


class InjectedFault(StrEnum):
    RATE_LIMIT = "429 with Retry-After"
    SERVER_ERROR = "500"
    REFUSED = "400 for what it asks"
    STALL = "silence in the middle of an answer"
    CUT = "connection closed in the middle of an answer"
    EARLY_END = "stream that ends properly, but before the answer does"
    HTML = "a web page instead of an answer"
    BROKEN_JSON = "JSON without its end"
    WRONG_SCHEMA = "JSON of another shape"
    EMPTY = "empty answer"
    LENGTH = "token loop until the limit"
    HUGE = "answer of 10 MB"


TRANSPORT = (
    InjectedFault.RATE_LIMIT,
    InjectedFault.SERVER_ERROR,
    InjectedFault.CUT,
    InjectedFault.EARLY_END,
    InjectedFault.HTML,
)
CONTENT = (InjectedFault.BROKEN_JSON, InjectedFault.WRONG_SCHEMA, InjectedFault.EMPTY, InjectedFault.LENGTH)


FaultPlan = Callable[[str, int], InjectedFault | None]
"""The fault, if any, of the n-th request (from 0) that asks a key."""


def chance(
    probability: float, *, seed: int = 0, kinds: Sequence[InjectedFault] = TRANSPORT + CONTENT
) -> FaultPlan:
    """Each request fails with a probability; which ones do depends on the seed and not on their order."""

    def pick(key: str, nth: int) -> InjectedFault | None:
        digest = hashlib.sha256(f"{seed} {key} {nth}".encode()).digest()
        if int.from_bytes(digest[:8]) >= probability * 2**64:
            return None
        return kinds[int.from_bytes(digest[8:16]) % len(kinds)]

    return pick


def listed(*faults: InjectedFault | None) -> FaultPlan:
    """The first request gets the first fault, and so on; None is a good answer, as is all after the end."""
    coming = iter(faults)
    lock = Lock()

    def pick(_key: str, _nth: int) -> InjectedFault | None:
        with lock:
            return next(coming, None)

    return pick


@dataclass(frozen=True)
class Reply:
    """One chat completion."""

    request: Request
    text: str
    finish_reason: str
    output_tokens: int
    beside: dict[str, str] = field(default_factory=dict)  # of the message, such as reasoning

    @classmethod
    def to(cls, request: Request, text: str, beside: dict[str, str] | None = None) -> "Reply":
        return cls(request, text, "stop", max(1, len(text) // TOKEN), beside or {})

    @property
    def usage(self) -> dict[str, int]:
        given = max(1, len(self.request.text) // TOKEN)
        return {
            "prompt_tokens": given,
            "completion_tokens": self.output_tokens,
            "total_tokens": given + self.output_tokens,
        }

    def whole(self) -> dict[str, object]:
        message = {"role": "assistant", "content": self.text, **self.beside}
        choice = {"index": 0, "message": message, "finish_reason": self.finish_reason, "logprobs": None}
        return {**self._envelope("chat.completion"), "choices": [choice], "usage": self.usage}

    def events(self) -> Iterator[dict[str, object]]:
        if self.beside:
            yield self._event({"role": "assistant", "content": "", **self.beside}, None)
        step = TOKEN if len(self.text) < LARGEST_PIECE else LARGEST_PIECE
        for start in range(0, len(self.text), step):
            yield self._event({"role": "assistant", "content": self.text[start : start + step]}, None)
        yield self._event({}, self.finish_reason)
        if (self.request.stream_options or {}).get("include_usage"):
            yield {**self._envelope("chat.completion.chunk"), "choices": [], "usage": self.usage}

    def _event(self, delta: dict[str, str], finish_reason: str | None) -> dict[str, object]:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        return {**self._envelope("chat.completion.chunk"), "choices": [choice]}

    def _envelope(self, kind: str) -> dict[str, object]:
        name = f"chatcmpl-{self.request.key[:24]}"
        return {"id": name, "object": kind, "created": int(time.time()), "model": MODEL}


def spoil(reply: Reply, fault: InjectedFault | None) -> Reply:
    """The reply as a content fault leaves it; other faults do not touch it."""
    match fault:
        case InjectedFault.BROKEN_JSON:
            return replace(reply, text=reply.text[: len(reply.text) * 2 // 3])
        case InjectedFault.WRONG_SCHEMA:
            return replace(reply, text=json.dumps({"answer": "scripted, of another shape"}))
        case InjectedFault.EMPTY:
            return replace(reply, text="", output_tokens=1)
        case InjectedFault.LENGTH:
            most = reply.request.limit or 512
            text = '{"statement": "' + "and so on " * (most * TOKEN // 10)
            return replace(reply, text=text, finish_reason="length", output_tokens=most)
        case InjectedFault.HUGE:
            text = json.dumps({"statement": "x" * HUGE_BYTES})
            return replace(reply, text=text, output_tokens=HUGE_BYTES // TOKEN)
        case _:
            return reply
