"""The wire form of an answer, whole or as a stream, and what the content faults make of it."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from agents.scripted.faults import InjectedFault
from agents.scripted.request import Request

MODEL = "scripted"
TOKEN = 4  # characters: near enough to what tokenizers make of English
HUGE_BYTES = 10_000_000
LARGEST_PIECE = 1 << 16


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
