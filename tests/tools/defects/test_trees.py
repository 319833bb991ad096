"""The trees that leave CatBoost predict what CatBoost predicts."""

import numpy as np
import pytest


def test_our_trees_agree_with_catboost() -> None:
    catboost = pytest.importorskip("catboost")
    from tools.defects.training.boost import SETTINGS, boost

    rng = np.random.default_rng(0)
    given = rng.normal(size=(80, 5)).astype(np.float32)
    target = (given[:, 0] * given[:, 1] + given[:, 2].round()).astype(np.float64)
    weights = np.ones(len(given))
    model = catboost.CatBoostRegressor(**SETTINGS, random_seed=3)
    model.fit(given, target, sample_weight=weights)
    ours = boost(given, target, weights, 3)
    assert np.allclose(ours.value(given), model.predict(given), atol=1e-4)
