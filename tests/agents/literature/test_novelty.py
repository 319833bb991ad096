"""What is said of novelty claims no more than was searched."""

from agents.literature.novelty import bound_novelty
from agents.literature.survey import Survey
from agents.schema import Nearest, Search
from tests.agents.literature.shelf import WHEN, make_work


def search(source: str, found: int = 0, error: str | None = None, query: str = "walls") -> Search:
    return Search(source=source, query=query, at=WHEN, found=found, error=error)


def test_no_hits_is_not_novel() -> None:
    text = bound_novelty(Survey(searches=[search("arxiv")], passages=[], nearest=[]))
    assert "no sign of novelty" in text
    assert "novel," not in text


def test_nothing_searched_says_nothing() -> None:
    text = bound_novelty(Survey(searches=[search("arxiv", error="offline")], passages=[], nearest=[]))
    assert text == (
        "No source could be searched: nothing can be said of novelty. Could not be searched: arxiv (offline)."
    )


def test_what_was_found_is_told_with_queries_sources_dates_and_failures() -> None:
    searches = [search("library", 3), search("arxiv", 2, query="domain"), search("openalex", error="429")]
    near = Nearest(work=make_work(), likeness=0.61)
    text = bound_novelty(Survey(searches=searches, passages=[], nearest=[near]))
    assert "“Resistance of single domain walls” (A. Author, 2024), with a likeness of 0.61" in text
    assert "Searched on 2026-11-20: library, arxiv, for “walls”; “domain”." in text
    assert "Could not be searched: openalex (429)." in text


def test_retracted_works_are_flagged_once() -> None:
    near = Nearest(work=make_work(retracted=True), likeness=0.6)
    text = bound_novelty(Survey(searches=[search("arxiv", 1)], passages=[], nearest=[near, near]))
    assert text.endswith("Retracted: “Resistance of single domain walls” (A. Author, 2024).")
