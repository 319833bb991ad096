"""Every answered call of a run, and what makes two calls, or two uses of a tool, the same."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from agents.records import RecordFile
from agents.schema import Call

Place = tuple[str, str]
"""The step that asks a model, and for whom."""
NOWHERE: Place = ("", "")


def call_key(
    *,
    model: str,
    messages: Sequence[Mapping[str, str]],
    schema: Mapping[str, object] | None,
    max_tokens: int | None,
    temperature: float | None,
    seed: int | None,
) -> str:
    """Of all that decides an answer. Where it is asked is no part of it: ports change."""
    return content_key(
        {
            "model": model,
            "messages": [{"role": message["role"], "content": message["content"]} for message in messages],
            "schema": schema,
            "max_tokens": max_tokens,
            "temperature": temperature,
            "seed": seed,
        }
    )


def content_key(asked: Mapping[str, object]) -> str:
    """SHA-256 of it, whatever the order of its fields."""
    canonical = json.dumps(asked, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


class Journal(RecordFile[Call]):
    """calls.jsonl

    A call is found by the content of what was asked. In a run (`by_place`) another version of the finder may
    have asked it with another prompt or schema: then it is the next unused one of the same step and speaker.
    """

    what: ClassVar[str] = "call"

    def __init__(
        self, path: Path, *, replay: bool = False, first: int | None = None, by_place: bool = False
    ) -> None:
        super().__init__(path, Call, replay=replay, first=first)
        self._by_place = by_place
        self._used: set[str] = set()

    @property
    def calls(self) -> tuple[Call, ...]:
        return tuple(self._known.values())

    def get(self, key: str, place: Place = NOWHERE, /) -> Call | None:
        """None means: ask. Raises ReplayMiss where that is not allowed."""
        if self._by_place and key not in self._known:
            key = next((call.key for call in self._unused(place)), key)
        call = super().get(key)
        self._used.add(key)
        return call

    def append(self, record: Call) -> None:
        super().append(record)
        self._used.add(record.key)

    def _unused(self, place: Place) -> list[Call]:
        return [c for c in self._known.values() if (c.step, c.who) == place and c.key not in self._used]
