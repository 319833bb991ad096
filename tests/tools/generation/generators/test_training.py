"""Training in seconds: the loss falls, and what is written can be sampled."""

import gzip
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="PyTorch comes with the extra generation-train")
pytest.importorskip("rdkit")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "zinc").mkdir()
    with gzip.open(tmp_path / "zinc" / "valid.txt.gz", "wt") as stream:
        stream.write("\n".join(["CCO", "CCN", "CCCO", "CC(=O)O"] * 50))
    return tmp_path


def test_seconds_of_training_make_a_model_that_writes_molecules(folder: Path) -> None:
    from dataclasses import replace

    from tools.generation.generators.catalogue import load_model
    from tools.generation.generators.training.recipes import recipe_of
    from tools.generation.generators.training.run import train

    recipe = replace(recipe_of("zinc-smiles", "atoms"), width=32, layers=1, heads=2)
    card = train(recipe, 0.05, 0, folder, folder / "out")
    assert card.fit.loss < card.fit.curve[0][1]
    samples = list(load_model("zinc-smiles", folder=folder / "out").generate(20, seed=0))
    assert len(samples) == 20
    assert sum(set(sample.text) <= set("CON()=") for sample in samples) == 20


def test_steps_of_muon_are_near_orthogonal() -> None:
    from tools.generation.generators.training.network import orthogonal

    torch.manual_seed(0)
    for size in ((8, 20), (20, 8)):
        values = torch.linalg.svdvals(orthogonal(torch.randn(size)))
        assert 0.6 < values.min() < values.max() < 1.3


def test_missing_data_are_one_line(tmp_path: Path) -> None:
    from tools.generation.errors import BadFile
    from tools.generation.generators.training.recipes import recipe_of
    from tools.generation.generators.training.run import train

    with pytest.raises(BadFile, match="download it from") as caught:
        train(recipe_of("perov5", "atoms"), 0.01, 0, tmp_path, tmp_path)
    assert "\n" not in str(caught.value)


def test_conformers_start_at_the_origin_and_hold_their_hydrogens() -> None:
    from tools.generation.generators.training.corpora import write_xyz

    written = write_xyz("CCO", seed=0)
    assert written is not None
    count, _, first, *rest = written.splitlines()
    assert (int(count), len(rest) + 1) == (9, 9)
    assert first == "C 0.000 0.000 0.000"
    assert write_xyz("C[NH3+]", seed=0) is None
