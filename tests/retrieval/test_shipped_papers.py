"""Papers that ship answer a search without a network, and say among how many."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from retrieval.embeddings import MiniLM, load_embedder
from retrieval.papers import load_papers, search_papers
from retrieval.sources import join

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def embedder(cache: Path) -> MiniLM:
    return load_embedder(cache)


def test_a_search_finds_papers_on_the_subject_and_tells_how_many_there_are(embedder: MiniLM) -> None:
    papers = load_papers()
    found = search_papers(papers, embedder, "Drag reduction by polymers in turbulent pipe flow", 5, NOW)
    assert 0 < len(found.works) <= 5
    assert any("polymer" in work.title.lower() for work in found.works)
    assert all(work.arxiv and work.year and work.year <= papers.until for work in found.works)
    (search,) = found.searches
    assert search.source == f"{len(papers):,} shipped papers until {papers.until}"


def test_what_is_no_physics_finds_nothing(embedder: MiniLM) -> None:
    query = "terms of the rental contract for our office"
    assert search_papers(load_papers(), embedder, query, 5, NOW).works == ()


def test_joined_searches_keep_each_work_once(embedder: MiniLM) -> None:
    one = search_papers(load_papers(), embedder, "Kuramoto oscillators", 4, NOW)
    both = join([one, one])
    assert both.works == one.works
    assert len(both.searches) == 2
