"""Trains the trees with CatBoost, and takes them out of it."""

import json
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.trees import Trees

SETTINGS: Final = {
    "iterations": 700, "learning_rate": 0.05, "depth": 6, "l2_leaf_reg": 3, "rsm": 0.3,
    "loss_function": "RMSE", "thread_count": 1, "verbose": 0, "allow_writing_files": False,
}  # fmt: skip


def boost(
    summaries: NDArray[np.float32], target: NDArray[np.float64], weights: NDArray[np.float64], seed: int
) -> Trees:
    from catboost import CatBoostRegressor

    model = CatBoostRegressor(**SETTINGS, random_seed=seed)
    model.fit(summaries, target, sample_weight=weights)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trees.json"
        model.save_model(str(path), format="json")
        return _trees(json.loads(path.read_text(encoding="utf-8")))


def _trees(model: dict) -> Trees:  # type: ignore[type-arg]  # CatBoost's own JSON
    trees = [tree for tree in model["oblivious_trees"] if len(tree["splits"]) == SETTINGS["depth"]]
    scale, (bias,) = model["scale_and_bias"]
    flat = [tree for tree in model["oblivious_trees"] if len(tree["splits"]) != SETTINGS["depth"]]
    if flat:
        raise ValueError(f"{len(flat)} trees are shallower than {SETTINGS['depth']} levels")
    return Trees(
        np.array([[split["float_feature_index"] for split in tree["splits"]] for tree in trees]),
        np.array([[split["border"] for split in tree["splits"]] for tree in trees], dtype=np.float32),
        np.array([tree["leaf_values"] for tree in trees], dtype=np.float32) * np.float32(scale),
        float(bias),
    )
