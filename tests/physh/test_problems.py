"""Known problems are found by meaning, by rare words and by the literature, and name concepts that exist."""

from pathlib import Path

import pytest

import physh
from physh import Router
from retrieval.embeddings import load_embedder


@pytest.fixture(scope="module")
def router(cache: Path) -> Router:
    return Router(physh.load(cache=cache), load_embedder(cache), cache)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Why does a drop of water hover on a very hot plate?", "hot plate"),
        ("How can sudden bursts at the edge of a tokamak be tamed?", "edge bursts"),
        ("How does a motor protein walk along a filament?", "molecular motors"),
    ],
)
def test_a_question_in_other_words_finds_its_problem(router: Router, question: str, words: str) -> None:
    (problem, sure), *_ = router.problems(question)
    assert words in problem.text
    assert sure > 0.4


def test_what_is_no_physics_is_surely_no_known_problem(router: Router) -> None:
    assert router.problems("Which cake did my aunt bake on Sunday?", 1)[0][1] < 0.3


def test_concepts_of_problems_are_in_use(router: Router) -> None:
    known = {concept.uri for concept in router.concepts}
    problems = [problem for problem, _ in router.problems("x", 1000)]
    assert len({problem.text for problem in problems}) == len(problems)
    assert all(known.issuperset((*p.about, *p.works)) for p in problems)
