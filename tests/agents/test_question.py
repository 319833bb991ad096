import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agents.schema import LONGEST_QUESTION, Question


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "is empty: ask something"),
        (" \n\t ", "is empty: ask something"),
        ("x" * (LONGEST_QUESTION + 1), "has 8,001 characters and may have 8,000: shorten it"),
        ("why\x00", r"has the control character U\+0000 at character 4: remove it"),
        ("a\x1b[31m", r"has the control character U\+001B at character 2"),
        (b"caf\xe9".decode("utf-8", "surrogateescape"), r"is not UTF-8 \(at character 4\)"),
    ],
)
def test_an_unusable_question_gets_one_line(text: str, line: str) -> None:
    with pytest.raises(ValidationError, match=line) as caught:
        Question(text=text)
    assert len(caught.value.errors()) == 1


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1).filter(str.strip))
def test_any_words_are_a_question(text: str) -> None:
    assert Question(text=f"{text}\n").text == text.strip()
