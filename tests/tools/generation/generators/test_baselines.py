"""The generators that cost nothing."""

from collections import Counter

import pytest

from tools.generation.generators.ngram import CharacterNgram
from tools.generation.generators.random_crystals import RandomCrystals
from tools.generation.generators.substitution import Substitution
from tools.generation.schema import SampleForm, SampleKind

SALT = "5.6 5.6 5.6 90 90 90\nNa 0 0 0\nCl 0.5 0.5 0.5"
OXIDE = "4.2 4.2 4.2 90 90 90\nMg 0 0 0\nO 0.5 0.5 0.5"


def test_substitution_keeps_the_prototype_and_draws_elements_seen_at_the_place() -> None:
    found = [sample.text for sample in Substitution([SALT, OXIDE]).generate(200, seed=1)]
    assert len(found) == 200
    pairs = Counter(tuple(line.split()[0] for line in text.splitlines()[1:]) for text in found)
    assert set(pairs) == {("Na", "Cl"), ("Na", "O"), ("Mg", "Cl"), ("Mg", "O")}
    assert {text.splitlines()[0] for text in found} == {SALT.splitlines()[0], OXIDE.splitlines()[0]}
    assert found == [sample.text for sample in Substitution([SALT, OXIDE]).generate(200, seed=1)]


def test_an_ngram_says_only_what_it_read_piece_by_piece() -> None:
    texts = ["CCO", "CCN", "CCCC"]
    found = [
        sample.text
        for sample in CharacterNgram(texts, SampleKind.MOLECULE, SampleForm.SMILES, 2).generate(300, 0)
    ]
    pieces = {("\0\0" + text + "\0")[at : at + 3] for text in texts for at in range(len(text) + 1)}
    assert all(("\0\0" + text + "\0")[at : at + 3] in pieces for text in found for at in range(len(text) + 1))
    assert any(text not in texts for text in found)
    assert 0.2 < sum(text == "CCO" for text in found) / len(found) < 0.5


def test_an_ngram_that_never_ends_is_cut() -> None:
    endless = CharacterNgram(["ab" * 20000], SampleKind.MOLECULE, SampleForm.SMILES, 2)
    assert [sample.unreturned for sample in endless.generate(2, 0)].count(None) == 0


def test_random_crystals_have_the_formula_asked_for() -> None:
    pytest.importorskip("pyxtal", reason="pyxtal comes with the extra generation-train")
    found = list(RandomCrystals([OXIDE]).generate(3, seed=0))
    assert len(found) == 3
    for sample in found:
        if sample.unreturned is None:
            assert Counter(line.split()[0] for line in sample.text.splitlines()[1:]) == {"Mg": 1, "O": 1}
