"""Weights and cards: what is altered is told in one line."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from tools.generation.errors import BadFile
from tools.generation.generators.card import CheckpointCard, TrainingRecord, TransformerShape
from tools.generation.generators.checkpoint import (
    read_checkpoint,
    read_weights,
    weights_bytes,
    write_checkpoint,
)
from tools.generation.generators.transformer import weight_shapes
from tools.generation.schema import SampleForm, SampleKind

pytest.importorskip("safetensors")
SHAPE = TransformerShape(vocabulary=6, width=8, layers=1, heads=2, length=8)
FIT = TrainingRecord(
    command="none",
    seed=0,
    minutes=1,
    epochs=1,
    rows=1,
    held_out_rows=1,
    loss=1,
    train_loss=1,
    torch_version="0",
    curve=((1, 1),),
)


def write(folder: Path) -> Path:
    draw = np.random.default_rng(0)
    written = weights_bytes(
        {n: draw.normal(size=s).astype(np.float32) for n, s in weight_shapes(SHAPE).items()}
    )
    card = CheckpointCard(
        name="tiny",
        version="1",
        kind=SampleKind.MOLECULE,
        form=SampleForm.SMILES,
        tokens="atoms",
        data="none",
        data_sha256="0",
        weights_sha256=hashlib.sha256(written).hexdigest(),
        shape=SHAPE,
        vocabulary=("<pad>", "<begin>", "<end>", "C", "N", "O"),
        fit=FIT,
        does_not_apply=("anything",),
    )
    write_checkpoint(folder, card, written)
    return folder / "tiny.yaml"


def test_rows_are_kept_to_one_part_in_two_hundred_of_their_largest() -> None:
    matrix = np.random.default_rng(1).normal(size=(5, 40)).astype(np.float32)
    again = read_weights(weights_bytes({"a": matrix}))["a"]
    assert (np.abs(again - matrix).max(1) <= np.abs(matrix).max(1) / 250).all()


def test_a_checkpoint_comes_back(tmp_path: Path) -> None:
    card, model = read_checkpoint(write(tmp_path))
    assert card.name == "tiny"
    assert model.step(np.array([1]), model.cache(1)).shape == (1, 6)


def test_one_altered_byte_is_one_line(tmp_path: Path) -> None:
    path = write(tmp_path)
    weights = path.with_suffix(".safetensors")
    written = bytearray(weights.read_bytes())
    written[-1] ^= 1
    weights.write_bytes(bytes(written))
    with pytest.raises(BadFile, match=r"SHA-256") as caught:
        read_checkpoint(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["name: tiny", "- 1", "a: [", "\0"])
def test_what_is_no_card_is_one_line(tmp_path: Path, text: str) -> None:
    path = write(tmp_path)
    path.write_text(text)
    with pytest.raises(BadFile, match="no model card") as caught:
        read_checkpoint(path)
    assert "\n" not in str(caught.value)


def test_missing_weights_are_one_line(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.with_suffix(".safetensors").unlink()
    with pytest.raises(BadFile, match="no weights"):
        read_checkpoint(path)
