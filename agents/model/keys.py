"""What makes two model calls, or two uses of a tool, the same."""

import hashlib
import json
from collections.abc import Mapping, Sequence

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
