"""What makes two model calls the same call."""

import hashlib
import json
from collections.abc import Mapping, Sequence


def call_key(
    *,
    model: str,
    messages: Sequence[Mapping[str, str]],
    schema: Mapping[str, object] | None,
    max_tokens: int | None,
    temperature: float | None,
    seed: int | None,
) -> str:
    """SHA-256 of all that decides an answer. Where it is asked is no part of it: ports change."""
    asked = {
        "model": model,
        "messages": [{"role": message["role"], "content": message["content"]} for message in messages],
        "schema": schema,
        "max_tokens": max_tokens,
        "temperature": temperature,
        "seed": seed,
    }
    canonical = json.dumps(asked, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
