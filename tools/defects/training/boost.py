"""Trains the trees with CatBoost, and takes them out of it."""

import json
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.trees import ObliviousTrees

DEPTH: Final = 6
SETTINGS: Final = {
    "iterations": 700, "learning_rate": 0.05, "depth": DEPTH, "l2_leaf_reg": 3, "rsm": 0.3,
    "loss_function": "RMSE", "thread_count": 1, "verbose": 0, "allow_writing_files": False,
}  # fmt: skip


def boost(
    summaries: NDArray[np.float32], target: NDArray[np.float64], weights: NDArray[np.float64], seed: int
) -> ObliviousTrees:
    from catboost import CatBoostRegressor  # type: ignore[import-untyped]  # it ships none

    model = CatBoostRegressor(**SETTINGS, random_seed=seed)
    model.fit(summaries, target, sample_weight=weights)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trees.json"
        model.save_model(str(path), format="json")
        return _trees(json.loads(path.read_text(encoding="utf-8")))


def _trees(model: dict[str, Any]) -> ObliviousTrees:
    levels = [_level(tree["splits"]) for tree in model["oblivious_trees"]]
    leaves = np.zeros((len(levels), 2**DEPTH), dtype=np.float32)
    scale, (bias,) = model["scale_and_bias"]
    for row, tree in zip(leaves, model["oblivious_trees"], strict=True):
        row[: len(tree["leaf_values"])] = np.array(tree["leaf_values"]) * scale
    features, borders = np.array(levels).transpose(2, 0, 1)
    return ObliviousTrees(features.astype(np.int64), borders.astype(np.float32), leaves, float(bias))


def _level(splits: list[dict[str, Any]] | None) -> list[tuple[float, float]]:
    """(feature, border) of each level; a shallower tree is filled up with levels that are never passed."""
    real = [(split["float_feature_index"], split["border"]) for split in splits or []]
    return real + [(0, np.inf)] * (DEPTH - len(real))
