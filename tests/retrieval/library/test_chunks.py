"""Passages of whole sentences, each where it says that it stands."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from retrieval.library.chunks import FEWEST, LONGEST, OVERLAP, cut, passage_key
from retrieval.sentences import split_sentences

WORDS = st.sampled_from(
    ["gap", "of", "MoS2", "is", "1.8", "eV", "Fig.", "et al.", "end.", "Next", "(why?)", "\n\n", "ϕ"]
)
TEXTS = st.lists(WORDS, max_size=900).map(" ".join)


def split(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


def test_sentences_end_where_they_do() -> None:
    text = (
        "We follow Smith et al. 2020 and Fig. 3 shows it. The gap is 1.8 eV. (See Ref. 4.) J. Smith said so! "
        "It grows, e.g. Here.\n\nHeading\n\n2D materials are thin."
    )
    assert split(text) == [
        "We follow Smith et al. 2020 and Fig. 3 shows it.",
        "The gap is 1.8 eV.",
        "(See Ref. 4.)",
        "J. Smith said so!",
        "It grows, e.g. Here.",
        "Heading",
        "2D materials are thin.",
    ]


@given(TEXTS)
def test_a_passage_is_the_text_at_its_place(text: str) -> None:
    for chunk in cut(text):
        assert text[chunk.start : chunk.end] == chunk.text == chunk.text.strip()
        assert chunk.key == passage_key(chunk.text)
        assert 0 < len(chunk.text.split()) <= LONGEST


@given(TEXTS)
def test_no_word_is_lost_but_of_tiny_ends(text: str) -> None:
    covered = {i for chunk in cut(text) for i in range(chunk.start, chunk.end)}
    lost = [word for word in re.finditer(r"\S+", text) if word.start() not in covered]
    assert len(lost) < FEWEST * max(1, text.count("\n\n") + 1)


@given(TEXTS)
def test_passages_go_on_and_overlap_little(text: str) -> None:
    chunks = cut(text)
    for before, after in pairwise(chunks):
        assert before.start < after.start
        assert before.end < after.end
        assert len(text[after.start : max(after.start, before.end)].split()) <= OVERLAP


def test_a_long_sentence_is_cut_between_words() -> None:
    chunks = cut("word " * (LONGEST * 2 + 50))
    assert [len(chunk.text.split()) for chunk in chunks] == [LONGEST, LONGEST, 50]


def test_pages_are_counted_from_one() -> None:
    text = "One is here now. " * 90
    pages = [chunk.page or 0 for chunk in cut(text, (0, 300, 600))]
    assert pages[0] == 1
    assert pages == sorted(pages)
    assert pages[-1] == 3
    assert {chunk.page for chunk in cut(text)} == {None}


def test_nothing_gives_nothing() -> None:
    assert cut("") == cut(" \n\n ") == []


def test_the_same_text_has_the_same_key() -> None:
    assert passage_key("a gap") == passage_key("a gap") != passage_key("a trap")
    assert re.fullmatch(r"c[0-9a-f]{10}", passage_key("\ud800"))
