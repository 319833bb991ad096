"""Two orders made one, and looked at again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.library import passage_key
from retrieval.passage import Passage, Work
from retrieval.ranking import embed_parts, fuse, rerank
from tests.retrieval.library.conftest import HashEmbedder

KEYS = st.lists(st.sampled_from("abcdefgh"), unique=True)


def passage(text: str) -> Passage:
    work = Work(source="arxiv", id="1", title="A title")
    return Passage(key=passage_key(text), work=work, text=text, start=0, end=len(text))


def test_what_both_find_comes_before_what_one_finds_first() -> None:
    assert next(iter(fuse([["a", "b"], ["c", "b"]]))) == "b"


@given(st.lists(KEYS, max_size=3))
def test_all_that_was_found_is_kept_best_first(rankings: list[list[str]]) -> None:
    scores = fuse(rankings)
    assert set(scores) == {key for ranking in rankings for key in ranking}
    assert list(scores.values()) == sorted(scores.values(), reverse=True)


def test_a_sentence_that_fits_beats_a_text_that_fits_a_little(embedder: HashEmbedder) -> None:
    asked = "vacancies trap electrons"
    noise = "Prices of honey rose in spring by some percent. Bees were few and rain was plenty."
    fitting = passage(f"Vacancies trap electrons. {noise}")
    others = [passage(noise + f" Electrons {n}.") for n in range(3)]
    hits = rerank(asked, [*others, fitting], embedder, 2)
    assert len(hits) == 2
    assert hits[0].passage == fitting
    assert hits[0].score > hits[1].score


def test_rare_words_count_more(embedder: HashEmbedder) -> None:
    texts = ["common gap one", "common trap two", "common gap three", "rare four", "common five"]
    best = rerank("common rare", [passage(text) for text in texts], embedder, 1)[0]
    assert best.passage.text == "rare four"


def test_nothing_to_rank(embedder: HashEmbedder) -> None:
    assert rerank("a gap", [], embedder, 3) == []
    assert [hit.passage.text for hit in rerank("?!", [passage("a gap")], embedder, 3)] == ["a gap"]


def test_parts_are_the_whole_and_its_sentences(embedder: HashEmbedder) -> None:
    one, three = embed_parts(embedder, ["A gap opens.", "A gap opens. It is wide. Why so?"])
    assert (len(one), len(three)) == (1, 4)
    assert three[1] == pytest.approx(one[0])
    assert np.linalg.norm(three, axis=1) == pytest.approx(np.ones(4))
