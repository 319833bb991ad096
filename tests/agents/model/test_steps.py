"""Which model answers which step."""

from pathlib import Path

from agents.model import Chat, Endpoint, Journal
from tests.conftest import ServerFactory


async def test_whoever_reviewed_marks_again(scripted: ServerFactory, tmp_path: Path) -> None:
    """Unless another model is named for that: a second mark by somebody else is no change of mind."""
    url = scripted().base_url
    known = {name: Endpoint(name=name, base_url=url) for name in ("default", "review", "mark")}
    journal = Journal(tmp_path / "calls.jsonl")
    async with Chat({step: known[step] for step in ("default", "review")}, journal) as chat:
        assert [chat.model_of(step) for step in ("mark", "review", "want")] == ["review", "review", "default"]
    async with Chat(known, journal) as chat:
        assert chat.model_of("mark") == "mark"
    async with Chat({"default": known["default"]}, journal) as chat:
        assert chat.model_of("mark") == "default"
