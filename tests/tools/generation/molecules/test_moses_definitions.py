"""Measures of MOSES on stored samples against its definitions, written out with RDKit's own functions."""

from itertools import product

import numpy as np
import pytest
from rdkit import Chem, DataStructs
from rdkit.Chem import rdMolDescriptors

from tests.tools.generation.samples import SMILES
from tools.generation.molecules.properties import fingerprint, passes_filters
from tools.generation.molecules.similarity import internal_diversity, nearest_similarities, unpack

MOLECULES = [Chem.MolFromSmiles(s) for s in SMILES]
ROWS = unpack([fingerprint(m) for m in MOLECULES])


def tanimoto(left: Chem.Mol, right: Chem.Mol) -> float:
    bits = [rdMolDescriptors.GetMorganFingerprintAsBitVect(m, 2, nBits=1024) for m in (left, right)]
    return float(DataStructs.TanimotoSimilarity(*bits))


def test_nearest_similarity_is_the_largest_tanimoto() -> None:
    expected = [max(tanimoto(m, other) for other in MOLECULES[4:]) for m in MOLECULES[:4]]
    assert nearest_similarities(ROWS[:4], ROWS[4:]) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("power", [1, 2])
def test_internal_diversity_averages_over_all_pairs_and_itself(power: int) -> None:
    similar = np.array([tanimoto(a, b) for a, b in product(MOLECULES, MOLECULES)]).reshape(len(MOLECULES), -1)
    expected = 1 - np.mean((similar**power).mean(axis=0) ** (1 / power))
    assert internal_diversity(ROWS, power) == pytest.approx(expected, abs=1e-6)


def test_molecules_without_bits_are_alike() -> None:
    empty = np.zeros((2, 1024), dtype=np.float32)
    assert nearest_similarities(empty, empty) == pytest.approx([1, 1])


@pytest.mark.parametrize(
    ("smiles", "passes"),
    [
        ("CC(=O)Oc1ccccc1C(=O)O", True),
        ("Cn1cnc2c1c(=O)n(C)c(=O)n2C", True),
        ("CC[Si](C)C", False),  # silicon is not among the elements
        ("CC(=O)[O-]", False),  # charged
        ("C1CCCCCCC1", False),  # a ring of eight
        ("CC1CO1", False),  # MCF 5, an epoxide
        ("CC=O", False),  # MCF 7, an aldehyde
        ("CSSC", False),  # MCF 16, a disulphide
        ("O=C1C=CC(=O)c2ccccc21", False),  # a PAINS quinone
    ],
)
def test_filters(smiles: str, *, passes: bool) -> None:
    assert passes_filters(Chem.MolFromSmiles(smiles)) is passes


def test_every_alert_is_a_pattern() -> None:
    from tools.generation.molecules.properties import _alerts

    assert len(_alerts()) == 480 + 22
    assert None not in _alerts()


def test_the_distance_of_chemnet_is_that_of_the_fcd_package() -> None:
    fcd = pytest.importorskip("fcd", reason="needs the package fcd, which the project does not ask for")
    pytest.importorskip("fcd_torch")
    from tools.generation.molecules.similarity import frechet_distance

    left, right = list(SMILES[:5]), list(SMILES[4:])
    model = fcd.load_ref_model()
    theirs = fcd.get_fcd(fcd.canonical_smiles(left), fcd.canonical_smiles(right), model)
    assert frechet_distance(left, right) == pytest.approx(theirs, rel=1e-3)


def test_the_distance_of_normals_that_differ_by_a_shift_and_a_stretch() -> None:
    from tools.generation.molecules.similarity import distance_of_normals

    rows = np.random.default_rng(0).normal(size=(50, 3))
    assert distance_of_normals(rows, rows) == pytest.approx(0, abs=1e-9)
    assert distance_of_normals(rows, rows + np.array([1, 2, 2])) == pytest.approx(9)
    spread = np.trace(np.cov(rows, rowvar=False))
    centred = rows - rows.mean(axis=0)
    assert distance_of_normals(centred, 3 * centred) == pytest.approx(4 * spread)
