"""Prediction from records: better than the median where there is something to learn."""

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the extra [descriptors] is not installed")

from tools.reading.errors import ReadingError
from tools.reading.predicting import Predictor


def devices(count: int, seed: int) -> tuple[list[dict[str, object]], list[float]]:
    rng = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    values = []
    for _ in range(count):
        layer, heat = str(rng.choice(["TiO2-c", "SnO2"])), float(rng.uniform(80, 120))
        rows.append({"stack": f"{layer} | PCBM", "annealing": heat})
        values.append(10.0 + 5.0 * (layer == "SnO2") + 0.05 * heat + float(rng.normal(0, 0.3)))
    return rows, values


def test_what_decides_is_learned_and_the_interval_covers() -> None:
    model = Predictor(*devices(120, 0), trees=40)
    rows, values = devices(80, 1)
    told = model.predict(rows)
    ours = np.abs([one.value - value for one, value in zip(told, values, strict=True)]).mean()
    floor = np.abs([one.median - value for one, value in zip(told, values, strict=True)]).mean()
    assert ours < 0.5 * floor
    assert np.mean([one.low <= value <= one.high for one, value in zip(told, values, strict=True)]) > 0.75


def test_without_anything_to_learn_it_is_near_the_mean() -> None:
    rows: list[dict[str, object]] = [{"stack": "same"}] * 20
    (told,) = Predictor(rows, list(range(20)), trees=100).predict([{"stack": "same"}])
    assert told.value == pytest.approx(9.5, abs=0.5)


def test_a_slot_never_seen_is_no_fault() -> None:
    rows, values = devices(30, 2)
    assert len(Predictor(rows, values, trees=10).predict([{}, {"other": "x"}])) == 2


@pytest.mark.parametrize("targets", [[1.0] * 3, [float("nan")] * 6, [float("inf")] * 6])
def test_what_cannot_be_learned_from_is_refused(targets: list[float]) -> None:
    with pytest.raises(ReadingError):
        Predictor([{"a": str(k)} for k in range(len(targets))], targets)
