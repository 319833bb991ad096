"""A library that cannot be opened ends no run, and is not passed over in silence."""

from pathlib import Path
from typing import Any

import pytest

from agents.literature.finding import find
from agents.tool_context import ToolContext
from app.literature import holding_shelves
from app.settings import Settings
from tests.agents.literature.shelf import Services, WordEmbedder, all_works

EMBEDDER: Any = WordEmbedder()  # stands for MiniLM


@pytest.fixture
def damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("HYPOFIND_PATHS__LIBRARY", str(tmp_path / "library"))
    settings = Settings()
    with holding_shelves(settings, EMBEDDER, print):
        pass
    for file in (tmp_path / "library").rglob("*.sqlite*"):
        file.write_bytes(b"no database" * 1000)
    return settings


def test_a_damaged_library_is_told_once_and_with_each_search(damaged: Settings) -> None:
    notices: list[str] = []
    with holding_shelves(damaged, EMBEDDER, notices.append) as shelves:
        found = find(ToolContext(library=shelves, sources=Services(all_works())), "walls", 3)
    assert len(notices) == 1
    assert "the library is not searched: " in notices[0]
    (own,) = (search for search in found.searches if search.source == "library")
    assert str(own.error) in notices[0]
    assert len(found.passages) == 3


def test_one_that_opens_is_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYPOFIND_PATHS__LIBRARY", str(tmp_path / "library"))
    notices: list[str] = []
    with holding_shelves(Settings(), EMBEDDER, notices.append) as shelves:
        assert shelves.search("walls", 3) == []
    assert not notices
