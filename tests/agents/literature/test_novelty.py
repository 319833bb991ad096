"""What is said of novelty claims no more than was searched."""

from agents.literature.novelty import bound_novelty
from agents.literature.survey import Survey
from agents.schema import Nearest
from retrieval.passage import Search
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
    assert "Searched on 2026-11-20: library for “walls”; arxiv for “domain”." in text
    assert "Could not be searched: openalex for “walls” (429)." in text


def test_each_source_is_told_with_the_queries_it_answered() -> None:
    searches = [
        *(
            search(source, 1, query=query)
            for query in ("walls", "domain")
            for source in ("library", "inspire")
        ),
        search("arxiv", 1),
        search("arxiv", error="503", query="domain"),
        *(search("openalex", error="429", query=query) for query in ("walls", "domain")),
    ]
    text = bound_novelty(Survey(searches=searches, passages=[], nearest=[]))
    assert "Searched on 2026-11-20: library, inspire for “walls”, “domain”; arxiv for “walls”." in text
    assert "Could not be searched: arxiv for “domain” (503); openalex (429)." in text


def test_how_much_was_compared_is_told() -> None:
    near = Nearest(work=make_work(), likeness=0.61)
    survey = Survey(searches=[search("arxiv", 60)], passages=[], nearest=[near], found=60, compared=40)
    assert "Of the 60 different passages and abstracts that were found, 40 were compared" in bound_novelty(
        survey
    )


def test_retracted_works_are_flagged_once() -> None:
    near = Nearest(work=make_work(retracted=True), likeness=0.6)
    text = bound_novelty(Survey(searches=[search("arxiv", 1)], passages=[], nearest=[near, near]))
    assert text.endswith("Retracted: “Resistance of single domain walls” (A. Author, 2024).")
