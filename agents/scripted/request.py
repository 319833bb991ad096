"""A chat request as the server reads it off the wire."""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict

from agents.model.keys import call_key

TOLD = "It fits this JSON schema:\n"  # the last words of the prompt "schema"


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
