"""Weights on disk: int8 with a scale a row, in safetensors, and the card beside them in YAML."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from pydantic import ValidationError

from tools.extras import say_missing
from tools.generation.errors import BadFile, MissingPackage
from tools.generation.generators.card import CheckpointCard
from tools.generation.generators.transformer import Floats, Transformer, Weights, weight_shapes

LEVELS = 127


def quantised(weights: Weights) -> dict[str, Any]:
    """Each row of a matrix in 255 levels of its largest entry."""
    stored: dict[str, Any] = {}
    for name, matrix in weights.items():
        scale = np.maximum(np.abs(matrix).max(1), 1e-8) / LEVELS
        stored[name] = np.round(matrix / scale[:, None]).astype(np.int8)
        stored[f"{name}.scale"] = scale.astype(np.float32)
    return stored


def restored(stored: dict[str, Any]) -> Weights:
    """float32 again."""
    names = [name for name in stored if not name.endswith(".scale")]
    return {name: _matrix(stored[name], stored[f"{name}.scale"]) for name in names}


def _matrix(levels: Any, scale: Any) -> Floats:  # noqa: ANN401 - arrays as safetensors gives them
    return np.asarray(levels.astype(np.float32) * scale[:, None], np.float32)


def weights_bytes(weights: Weights) -> bytes:
    try:
        from safetensors.numpy import save
    except ModuleNotFoundError as error:
        raise _missing() from error
    written: bytes = save(quantised(weights))
    return written


def read_weights(written: bytes) -> Weights:
    try:
        from safetensors.numpy import load
    except ModuleNotFoundError as error:
        raise _missing() from error
    return restored(load(written))


def _missing() -> MissingPackage:
    return MissingPackage(say_missing("generation", "safetensors"))


def write_checkpoint(folder: Path, card: CheckpointCard, written: bytes) -> None:
    """`name.safetensors` and `name.yaml`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{card.name}.safetensors").write_bytes(written)
    text = yaml.safe_dump(card.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=110)
    (folder / f"{card.name}.yaml").write_text(text, encoding="utf-8")


def read_card(path: Path) -> CheckpointCard:
    """Raises BadFile where the card is missing or not as it should be."""
    try:
        return CheckpointCard.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise BadFile(f"no model card at {path}: train one or choose another generator") from error
    except (ValidationError, yaml.YAMLError) as error:
        raise BadFile(
            f"{path} is no model card: {str(error).splitlines()[0]}; reinstall or train again"
        ) from error


def read_checkpoint(card_path: Path) -> tuple[CheckpointCard, Transformer]:
    """Raises BadFile where weights and card do not belong together."""
    card = read_card(card_path)
    path = card_path.with_suffix(".safetensors")
    try:
        written = path.read_bytes()
    except OSError as error:
        raise BadFile(f"no weights at {path}: reinstall the package or train again") from error
    if hashlib.sha256(written).hexdigest() != card.weights_sha256:
        raise BadFile(f"{path} is not the file its card describes (SHA-256): reinstall or train again")
    weights = read_weights(written)
    if {name: matrix.shape for name, matrix in weights.items()} != weight_shapes(card.shape):
        raise BadFile(f"{path} holds weights of another shape than its card says: train again")
    return card, Transformer(card.shape, weights)
