"""Shared words count by how rare they are."""

from physh.route.lexicon import Lexicon, stems

NAMES = ("Flow instability", "Multiphase flows", "Reacting flows", "Stellarators", "Gas bubbles")


def test_endings_and_empty_words_are_dropped() -> None:
    assert stems("how do the flows of gases and galaxies differ in physics") == [
        "flow", "gase", "galaxy", "differ", "physic"
    ]  # fmt: skip
    assert stems("gas") == ["gas"]


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    scores = Lexicon(NAMES).shared_words("how does a stellarator flow")
    assert scores[3] > scores[1] > 0
    assert scores[4] == 0


def test_spelling_is_for_names_and_not_for_sentences() -> None:
    lexicon = Lexicon(NAMES)
    assert lexicon.spelling("stelarators").argmax() == 3
    assert not lexicon.spelling("why are all the known stellarators twisted in such ways").any()
