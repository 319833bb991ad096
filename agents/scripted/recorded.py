"""Answers out of a run's journal, or out of files."""

import json
from collections.abc import Callable
from pathlib import Path

from agents.scripted.answers import UnknownRequest
from agents.scripted.request import Request


def recorded(journal: Path) -> Callable[[Request], str]:
    """Answers the calls that the journal (calls.jsonl) holds, and no others."""
    with journal.open(encoding="utf-8") as lines:
        known = {call["key"]: str(call["answer"]) for call in map(json.loads, lines)}

    def answer(request: Request) -> str:
        try:
            return known[request.key]
        except KeyError:
            raise UnknownRequest(f"{journal} holds no call {request.key[:12]}…") from None

    return answer
