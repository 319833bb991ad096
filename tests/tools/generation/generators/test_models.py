"""The shipped language models do what their cards say."""

import numpy as np
import pytest

from tools.generation.generators.catalogue import SHIPPED, list_models, load_model
from tools.generation.generators.sampling import Grammar

pytest.importorskip("safetensors")


def test_weights_are_small() -> None:
    sizes = [path.stat().st_size for path in SHIPPED.glob("*.safetensors")]
    assert sizes
    assert max(sizes) <= 4e6
    assert sum(sizes) < 20e6


@pytest.mark.slow
@pytest.mark.parametrize("name", list_models())
def test_the_seed_decides_the_strings(name: str) -> None:
    model = load_model(name)
    first, again = ([sample.text for sample in model.generate(12, seed=3)] for _ in range(2))
    assert first == again
    assert len(set(first)) > 1
    assert first != [sample.text for sample in model.generate(12, seed=4)]


@pytest.mark.parametrize(("grammar", "least"), [(Grammar.MASK, 0.85), (Grammar.REDRAW, 0.995)])
def test_molecules_are_valid(grammar: Grammar, least: float) -> None:
    chem = pytest.importorskip("rdkit.Chem")
    samples = list(load_model("zinc-smiles", grammar).generate(200, seed=0))
    assert len(samples) == 200
    whole = [sample.text for sample in samples if sample.unreturned is None]
    valid = [text for text in whole if chem.MolFromSmiles(text) is not None]
    assert len(valid) == len(whole)
    assert len(valid) >= least * len(samples)
    assert len(set(valid)) > 0.95 * len(valid)


def nearest(text: str) -> float:
    """Smallest distance of two atoms, Å."""
    structures = pytest.importorskip("pymatgen.core")
    cell, *sites = text.splitlines()
    rows = [line.split() for line in sites]
    lattice = structures.Lattice.from_parameters(*map(float, cell.split()))
    structure = structures.Structure(lattice, [r[0] for r in rows], [list(map(float, r[1:])) for r in rows])
    return float(structure.distance_matrix[np.triu_indices(len(rows), 1)].min())


def test_perovskites_are_whole_and_keep_their_distance() -> None:
    samples = list(load_model("perov5").generate(200, seed=0))
    whole = [sample.text for sample in samples if sample.unreturned is None]
    assert len(whole) >= 0.99 * len(samples)
    five = [text for text in whole if len(text.splitlines()) == 6]
    assert len(five) >= 0.97 * len(whole)
    assert min(map(nearest, five)) >= 0.5


def test_free_draws_lose_some_that_the_mask_keeps() -> None:
    free = [sample.text for sample in load_model("zinc-smiles", Grammar.FREE).generate(200, seed=0)]
    chem = pytest.importorskip("rdkit.Chem")
    assert 0.5 < sum(chem.MolFromSmiles(text) is not None for text in free) / len(free) < 0.99
