"""Trees from arrays say what scikit-learn says, and their parts add up."""

import numpy as np
import pytest

from tools.synthesis.model import add_up
from tools.synthesis.training.fit import join
from tools.synthesis.training.measuring import fit_platt, recall_at, reliability, roc_auc

ensemble = pytest.importorskip("sklearn.ensemble", reason="scikit-learn is not installed")


def test_margins_are_those_of_the_forests_and_parts_add_up() -> None:
    rng = np.random.default_rng(0)
    features = rng.standard_normal((400, 6))
    features[rng.random(features.shape) < 0.1] = np.nan
    labels = np.nan_to_num(features[:, 0]) + np.nan_to_num(features[:, 3]) > 0
    forests = [
        ensemble.HistGradientBoostingClassifier(max_iter=20, random_state=k).fit(features[k::2], labels[k::2])
        for k in range(2)
    ]
    sums = add_up(join(forests), features, np.array([0, 0, 1, 1, 2, 2]))
    for k, forest in enumerate(forests):
        assert sums.margins[:, k] == pytest.approx(forest.decision_function(features), abs=1e-4)
    assert sums.start + sums.parts.sum(1) == pytest.approx(sums.margins.mean(1), abs=1e-4)
    assert np.abs(sums.parts[:, :2]).mean() > 5 * np.abs(sums.parts[:, 2]).mean()


def test_measures() -> None:
    rng = np.random.default_rng(1)
    margins = rng.standard_normal(20_000)
    made = rng.random(20_000) < 1 / (1 + np.exp(-(2 * margins + 0.5)))
    line = fit_platt(margins, made)
    assert line == pytest.approx((2, 0.5), abs=0.1)
    said, observed = reliability(line.probability(margins), made)
    assert said == pytest.approx(observed, abs=0.03)
    assert roc_auc(margins, made) > 0.8
    assert roc_auc(np.zeros(20_000), made) == pytest.approx(0.5)
    assert recall_at(rng.standard_normal(20_000), made, 0.1) == pytest.approx(0.1, abs=0.02)
    assert recall_at(np.zeros(20_000), made, 0.1) == pytest.approx(0.1)
    assert recall_at(np.array([3.0, 2, 1, 0]), np.array([True, False, True, False]), 0.5) == 1
