"""Concepts are found by their names, told apart by context, whatever the spelling and markup."""

from pathlib import Path

import pytest

import physh
from physh.atlas import ConceptTagger


@pytest.fixture(scope="module")
def tagger(cache: Path) -> ConceptTagger:
    return ConceptTagger(physh.load(cache=cache))


def labels(tagger: ConceptTagger, text: str) -> set[str]:
    return {tagger.concepts[place].label for place in tagger.tag(text)}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Bose-Einstein condensation of rubidium", "Bose-Einstein condensates"),
        ("a Monte-Carlo simulation", "Monte Carlo methods"),
        ("Using <i>density functional</i> theory", "Density functional theory"),
        (r"a Schr\"odinger cat in {\it Bose-Einstein} condensates", "Bose-Einstein condensates"),
        ("DFT calculations of oxides", "Density functional calculations"),
        ("synchronisation of clocks", "Synchronization"),
        ("hydromagnetic waves, or MHD", "Magnetohydrodynamics"),
    ],
)
def test_labels_other_names_inflections_acronyms_and_markup(
    tagger: ConceptTagger, text: str, label: str
) -> None:
    assert label in labels(tagger, text)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("LDA finds topics in a corpus of news", "LDA"),
        ("each unit cell holds two atoms", "Cells"),
        ("a flash of light", "Lightning"),
        ("the charge of mass and temperature", "Charge"),
        ("we were led to this result", "LEDs"),
    ],
)
def test_a_word_in_another_sense_is_no_concept(tagger: ConceptTagger, text: str, label: str) -> None:
    assert label not in labels(tagger, text)


def test_the_longest_name_counts(tagger: ConceptTagger) -> None:
    found = labels(tagger, "density functional theory")
    assert found == {"Density functional theory"}


@pytest.mark.parametrize("text", ["", " ", "🜁 \u200b\x00", "x" * 10_000_000, "turbulence " * 1_000_000])
def test_any_text_can_be_tagged(tagger: ConceptTagger, text: str) -> None:
    assert len(tagger.tag(text)) <= 1
