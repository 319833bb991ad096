"""From text to object: whatever a model writes, it is an object or a fault in words."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.model.reading import LONGEST, OVERSIZE, Unreadable, clean, read_answer
from tests.agents.model.talk import Small

GOOD = '{"statement": "x", "mark": 3}'


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"```json\n{GOOD}\n```",
        f"Here you are: {GOOD} I hope it helps.",
        f"<think>Should I write {{}}?</think>\n{GOOD}",
        f"\ufeff{GOOD}",
        '{"statement": "x\x07", "mark": 3}',
    ],
)
def test_an_object_is_found_in_what_surrounds_it(text: str) -> None:
    assert read_answer(text, "stop", Small) == Small(statement="x", mark=3)


@pytest.mark.parametrize(
    ("text", "finish_reason", "why"),
    [
        ("", "stop", "empty"),
        ("I cannot.", "stop", "declines: I cannot"),
        ("Glass is brittle.", "stop", "no JSON object"),
        ('{"statement": "x"', "stop", "no end"),
        ('{"statement": "x",, }', "stop", "broken"),
        ('{"statement": "x", "mark": NaN}', "stop", "NaN is no JSON number"),
        ('{"statement": "x", "mark": ' + "9" * 6000 + "}", "stop", "broken"),
        ('{"a": ' * 100_000 + "1" + "}" * 100_000, "stop", "nested"),
        ('{"statement": "x", "mark": 3, "extra": 1}', "stop", "extra: Extra inputs"),
        ('{"statement": "", "mark": 0}', "stop", "statement: .*; mark: "),
        (f"<think>{GOOD}</think>" + '{"statement": "y', "length", "token limit"),
        (f"{GOOD} and then {GOOD[:20]}", "MAX_TOKENS", "token limit"),
        (GOOD, "content_filter", "filter"),
        (GOOD, OVERSIZE, f"longer than {LONGEST:,}"),
    ],
)
def test_a_fault_is_said_in_words(text: str, finish_reason: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_answer(text, finish_reason, Small)


@given(st.text() | st.builds(json.dumps, st.recursive(st.integers() | st.text(), st.lists)))
def test_any_text_is_an_object_or_a_short_fault(text: str) -> None:
    try:
        read_answer(text, "stop", Small)
    except Unreadable as fault:
        assert len(str(fault)) < 1000  # noqa: PT017 - both ends are allowed


@given(st.text(st.characters()))
def test_clean_text_can_be_written_and_shown(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert clean(cleaned) == cleaned
    assert not any(ord(character) < 32 and character not in "\t\n\r" for character in cleaned)
