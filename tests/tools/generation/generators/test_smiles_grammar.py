"""The mask of SMILES: what is real passes, what passes is real."""

import random

import pytest

from tools.generation.generators.smiles_grammar import SmilesState
from tools.generation.generators.tokenisations import SmilesAtoms
from tools.generation.generators.vocabulary import LAST

Chem = pytest.importorskip("rdkit.Chem")

TOKENS = [
    *"CCCCcccccccNOnosSFP(()1122)3==#-/",
    *[
        "Cl",
        "Br",
        "\\",
        "[nH]",
        "[n+]",
        "[nH+]",
        "[n-]",
        "[NH+]",
        "[NH3+]",
        "[N+]",
        "[O-]",
        "[C@@H]",
        "[C@]",
        "[S@]",
        "[o+]",
        "[N-]",
    ],
    *(LAST, LAST),
]
REAL = [
    "C",
    "C#CCn1/c(=N/C(=O)c2ccccc2F)sc2ccc([N+](=O)[O-])cc21",
    "Cc1ccc2c(c1)=CC(CN)C(=O)[NH+]=2",
    "Cc1ccc(/C=C2\\SC(N3CC[NH2+]CC3)=NC2=O)cc1",
    "COC(=O)/C=c1\\s/c(=C\\c2ccco2)c(=O)n1CC(=O)N(C)C",
    "O=c1[nH]c2ccccc2[nH]1",
    "c1ccc2c(c1)-c1ccccc1C2",
    "C[n+]1ccccc1[O-]",
    "CS(=O)(=O)N1CC[C@@H]2OCC[C@H]21",
    "O=C1C=CC(=O)c2ccccc21",
    "c1ccc2[nH]ccc2c1",
    "N#Cc1nnn[n-]1",
    "CP(=O)(O)O",
]
BROKEN = [
    ("c1cccc1", LAST),
    ("CC(C)(C)(C)", "C"),
    ("C1CC", LAST),
    ("C(C", LAST),
    ("C1C", "1"),
    ("N(C)(C)(C)", "C"),
    ("c1ccccc1-", LAST),
    ("C[C@@H]", LAST),
    ("CC=", "F"),
    ("CC", ")"),
    ("C", "X"),
    ("c1ccncc1[nH]", LAST),
    ("CF", "="),
    ("cc", LAST),
]


def state_after(text: str) -> SmilesState:
    state = SmilesState()
    for token in SmilesAtoms().encode(text):
        state.push(token)
    return state


@pytest.mark.parametrize("smiles", REAL)
def test_what_rdkit_writes_is_allowed_token_by_token(smiles: str) -> None:
    state = SmilesState()
    for token in [*SmilesAtoms().encode(Chem.CanonSmiles(smiles)), LAST]:
        assert state.allows(token), token
        state.push(token)


@pytest.mark.parametrize(("before", "token"), BROKEN)
def test_what_can_only_be_wrong_is_refused(before: str, token: str) -> None:
    assert not state_after(before).allows(token)


def walk(seed: int) -> tuple[str, bool]:
    """Random tokens, each the first of a shuffle that is allowed; whether they came to an end."""
    draw, state, written = random.Random(seed), SmilesState(), ""  # noqa: S311 - no secret
    for _ in range(60):
        token = next((token for token in draw.sample(TOKENS, len(TOKENS)) if state.allows(token)), None)
        if token is None or token == LAST:
            return written, token is not None
        state.push(token)
        written += token
    return written, False


def test_random_walks_that_end_are_molecules() -> None:
    ended = [text for text, over in map(walk, range(600)) if over]
    assert len(ended) > 100
    assert sum(len(text) > 8 for text in ended) > 20
    assert [text for text in ended if Chem.MolFromSmiles(text) is None] == []
    radicals = [
        text
        for text in ended
        if any(atom.GetNumRadicalElectrons() for atom in Chem.MolFromSmiles(text).GetAtoms())
    ]
    assert len(radicals) < 0.02 * len(ended)
