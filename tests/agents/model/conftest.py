"""What the tests of the model layer share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agents.model import endpoint_client
from agents.scripted import ScriptedServer
from tests.agents.model.talk import Talk

TalkFactory = Callable[..., Talk]


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint_client, "FIRST_WAIT_S", 0.002)


@pytest.fixture
def talk(tmp_path: Path) -> TalkFactory:
    def make(server: ScriptedServer, *, stream: bool = False) -> Talk:
        return Talk(tmp_path / "calls.jsonl", server, stream=stream)

    return make
