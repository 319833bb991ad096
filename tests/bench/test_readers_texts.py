"""Dialects of bibliographies and chat answers: the bench's own cases, and cases that hypothesis draws."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agents.model.reading import read_answer
from bench.readers.texts import (
    WORKS,
    WRAPS,
    HypothesisAnswer,
    bare,
    bibtex_cases,
    measure,
    outcome,
    ris_cases,
)

WORDS = st.text(st.sampled_from("abcdefg XYZ0123456789%&,.:-()<>éü"), min_size=3, max_size=60).filter(
    lambda text: len(bare(text)) > 1 and text == " ".join(text.split()) and "--" not in text
)
LATEX = [
    *([r"\tau", r"\nu^{-1}", r"\frac{a}{b}", r"\rightarrow", r"\beta", r"\propto", r"$", r"{", r"}", r"x"]),
    " ",
    "5 %",
    '"',
    "\n",
]
ANSWERS = st.fixed_dictionaries(
    {
        "statement": st.lists(st.sampled_from(LATEX), max_size=12).map(" ".join),
        "relation": st.sampled_from(["rises", "falls"]),
        "marks": st.lists(st.integers(1, 5), max_size=3),
        "falsifier": st.dictionaries(st.sampled_from(["value", "below"]), st.sampled_from(LATEX), max_size=2),
    }
)


def test_nothing_is_read_wrong_and_little_is_refused() -> None:
    rows = measure()
    assert sum(row["count"] for row in rows[:2]) >= 60
    assert rows[2]["count"] >= 100
    for row in rows:
        assert row["wrong"] == 0, row
        assert row["told"] <= 0.03 * row["count"], row
        assert row["agreed"] > 0, "the meanings are checked by nothing else"


@given(
    title=WORDS, abstract=WORDS, dialect=st.sampled_from([case.dialect for case in bibtex_cases(WORKS[:1])])
)
def test_any_words_survive_every_dialect_of_bibtex(title: str, abstract: str, dialect: str) -> None:
    work = {**WORKS[1], "title": title, "abstract": abstract}
    case = next(case for case in bibtex_cases([work]) if case.dialect == dialect)
    assert outcome(case, "a.bib") == "equal", case


@given(title=WORDS, abstract=WORDS, dialect=st.sampled_from([case.dialect for case in ris_cases(WORKS[:1])]))
def test_any_words_survive_every_dialect_of_ris(title: str, abstract: str, dialect: str) -> None:
    work = {**WORKS[2], "title": title, "abstract": abstract}
    case = next(case for case in ris_cases([work]) if case.dialect == dialect)
    assert outcome(case, "a.ris") == "equal", case


@given(answer=ANSWERS, name=st.sampled_from(sorted(WRAPS)))
def test_any_answer_survives_every_wrapping(answer: dict[str, Any], name: str) -> None:
    text = WRAPS[name](json.dumps(answer, ensure_ascii=False))
    assert read_answer(text, "stop", HypothesisAnswer).model_dump() == answer
