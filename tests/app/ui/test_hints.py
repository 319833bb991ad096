"""Hints name what a question lacks, and are silent where it says enough."""

import pytest

from app.ui.hints import hints

SYSTEM, PROPERTY = "Physical Systems", "Properties"


def test_a_sharp_question_needs_no_hint() -> None:
    assert hints("Why do thin films of MoS2 conduct better after annealing at 400 to 700 K?", []) == []


@pytest.mark.parametrize(
    ("question", "facets", "word"),
    [
        ("Why glass?", [], "a little more"),
        ("Why does the resistivity grow so fast with temperature there?", [PROPERTY], "system"),
        ("Why do MoS2 films look better after annealing in the oven?", [SYSTEM], "quantity"),
        ("What is the origin of the resistivity of permalloy films?", [SYSTEM, PROPERTY], "varied"),
        ("Does the resistivity of NbN films fall with thickness?", [SYSTEM], "yes or no"),
        ("Why does resistivity of NbN fall with thickness? What about the gap?", [SYSTEM], "one question"),
    ],
)
def test_what_is_missing_is_named(question: str, facets: list[str], word: str) -> None:
    assert any(word in hint for hint in hints(question, facets))


def test_what_physh_recognises_counts() -> None:
    question = "Why does it soften so quickly when the load is raised?"
    assert len(hints(question, [SYSTEM, PROPERTY])) < len(hints(question, []))
