"""Validity and coverage on stored samples against CDVAE's definitions, written out here a second time."""

import numpy as np
import pytest

from tests.tools.generation.samples import TEXTS, crystals
from tools.generation.crystals.crystal import shortest_distance
from tools.generation.crystals.fingerprints import CoverageCount
from tools.generation.crystals.text import parse_text
from tools.generation.judging.examine import describe_crystal
from tools.generation.judging.facts import CrystalFacts, RequestedFacts
from tools.generation.rules import Cutoffs

CLOSE = "3 3 3 90 90 90\nNa 0 0 0\nCl 0.95 0 0"


@pytest.mark.parametrize(
    "text", [*TEXTS, CLOSE, "0.4 9 9 90 90 90\nSi 0 0 0", "4 4 4 90 90 90\nSi 0 0 0\nSi 1 0 0"]
)
def test_structural_validity(text: str) -> None:
    crystal = parse_text(text)
    structure = crystal.structure()
    padded = structure.distance_matrix + np.diag(np.full(len(structure), 10.5))
    assert (shortest_distance(crystal) >= 0.5) == (padded.min() >= 0.5 and structure.volume >= 0.1)


@pytest.fixture(scope="module")
def facts() -> list[CrystalFacts]:
    pytest.importorskip("matminer")
    return [describe_crystal(c, RequestedFacts(fingerprints=True)) for c in crystals()]


def test_fingerprints_are_the_mean_over_all_sites(facts: list[CrystalFacts]) -> None:
    from matminer.featurizers.site.fingerprint import CrystalNNFingerprint

    featurizer = CrystalNNFingerprint.from_preset("ops")
    for found in facts[:5]:
        structure = found.crystal.structure()
        rows = [featurizer.featurize(structure, k) for k in range(len(structure))]
        assert np.allclose(np.array(found.fingerprint), np.mean(rows, axis=0), atol=1e-3)


@pytest.mark.parametrize(("structure", "composition"), [(0.2, 4.0), (0.4, 10.0), (0.05, 1.0), (9.0, 99.0)])
def test_coverage(facts: list[CrystalFacts], structure: float, composition: float) -> None:
    from matminer.featurizers.composition.composite import ElementProperty
    from pymatgen.core.composition import Composition

    from tools.generation.crystals.fingerprints import _scaler

    magpie, (means, deviations) = ElementProperty.from_preset("magpie"), _scaler()

    def scaled(found: CrystalFacts) -> np.ndarray:
        numbers = np.array(magpie.featurize(Composition(found.crystal.formula)), dtype=float)
        return np.nan_to_num((numbers - means) / deviations)

    samples, real = facts[:4], facts[4:]
    near = np.zeros((2, len(samples), len(real)))
    for i, left in enumerate(samples):
        for j, right in enumerate(real):
            near[0, i, j] = np.linalg.norm(np.array(left.fingerprint) - np.array(right.fingerprint))
            near[1, i, j] = np.linalg.norm(scaled(left) - scaled(right))
    recall = (near[0].min(axis=0) <= structure) & (near[1].min(axis=0) <= composition)
    precision = (near[0].min(axis=1) <= structure) & (near[1].min(axis=1) <= composition)

    coverage = CoverageCount(real, Cutoffs(reference="", structure=structure, composition=composition))
    for found in samples:
        coverage.take(found)
    assert coverage.covered == (recall.sum(), len(real))
    assert coverage.precise == precision.sum()


def test_a_crystal_without_a_fingerprint_covers_nothing(facts: list[CrystalFacts]) -> None:
    coverage = CoverageCount(facts, Cutoffs(reference="", structure=9, composition=99))
    coverage.take(describe_crystal(facts[0].crystal, RequestedFacts()))
    assert coverage.covered == (0, len(facts))
    assert coverage.precise == 0
