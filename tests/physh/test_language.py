"""English is told from other languages by script and small words, whatever names and formulas are in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.languages import measure
from physh import foreign_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("为什么玻璃易碎？", "Chinese"),
        ("なぜガラスは脆いのか", "Japanese"),
        ("Warum ist Glas spröde?", "German"),
        ("Pourquoi le verre est-il fragile ?", "French"),
        ("¿Por qué el vidrio es frágil?", "Spanish"),
        ("Почему стекло хрупкое?", "Cyrillic"),
        ("Γιατί το γυαλί είναι εύθραυστο;", "Greek"),
    ],
)
def test_another_language_is_named(text: str, language: str) -> None:
    assert language in str(foreign_language(text))


@pytest.mark.parametrize(
    "text",
    [
        "Why is glass brittle?",
        "Bogoliubov–de Gennes quasiparticles near Σ3 grain boundaries",
        "Does $\\tau \\propto e^{-i\\omega t}$ hold for la Rue's model?",
        "Réaumur scale",
        "Van Hove singularities of the α, β and γ bands",
        "SiO2 on Si(111): 7×7",
        "Müller matrices and Jones vectors",
        "µSR of κ-(BEDT-TTF)2Cu2(CN)3",
        "K-à-la-carte",
        "",
        "123 + 456",
        "Das Sarma theory",
        "Bose-Einstein condensates of de Haas and van Alphen",
    ],
)
def test_english_physics_is_no_other_language(text: str) -> None:
    assert foreign_language(text) is None


def test_the_frozen_questions() -> None:
    result = measure()
    right, count, _ = result.pop("not English")
    assert right >= 0.95 * count
    assert all(right == count for right, count, _ in result.values())


@given(st.text())
def test_any_text_is_looked_at(text: str) -> None:
    assert foreign_language(text) is None or foreign_language(text)
