"""Several tests together keep the error rate."""

from pathlib import Path

import numpy as np
import pytest

from tools.experiments.ledger import ErrorRateLedger, calibrate, combine, next_level
from tools.experiments.schema import ExperimentResult, Verdict


def result(verdict: Verdict, p_value: float | None) -> ExperimentResult:
    return ExperimentResult(experiment=None, key="k", verdict=verdict, reason="so", p_value=p_value)


def test_levels_without_a_discovery_add_up_to_half_the_rate() -> None:
    levels = [next_level(0.05, [False] * before) for before in range(3000)]
    assert sum(levels) < 0.025
    assert levels == sorted(levels, reverse=True)


def test_a_discovery_earns_a_higher_level() -> None:
    assert next_level(0.05, [True] * 5) > next_level(0.05, [False] * 5)


def test_on_noise_alone_few_runs_have_any_discovery() -> None:
    random = np.random.default_rng(1)
    false = 0
    for _ in range(2000):
        found: list[bool] = []
        for p_value in random.uniform(size=12):
            found.append(bool(p_value < next_level(0.05, found)))
        false += any(found)
    assert false / 2000 < 0.035


def test_every_attempt_is_recorded_and_survives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "tests.jsonl"
    ledger = ErrorRateLedger(0.05, path)
    number, level = ledger.begin("first")
    failed, _ = ledger.begin("second")
    ledger.finish(number, result(Verdict.SURVIVED, 1e-9))
    ledger.finish(failed, None)
    with path.open("a") as file:
        file.write('{"number": 2, "cl')  # a line that was cut off
    again = ErrorRateLedger(0.05, path)
    assert [attempt.state for attempt in again.attempts] == ["survived", "failed"]
    assert again.begin("third")[1] == pytest.approx(next_level(0.05, [True, False]))
    assert again.attempts[0].level == level


def test_exact_verdicts_use_no_level(tmp_path: Path) -> None:
    ledger = ErrorRateLedger(0.05, tmp_path / "tests.jsonl")
    number, level = ledger.begin("exact")
    ledger.finish(number, result(Verdict.REFUTED, None))
    assert ledger.begin("next")[1] == level


def test_e_values_are_multiplied_only_where_tests_are_independent() -> None:
    assert combine([4.0, 0.5], independent=True) == 2.0
    assert combine([4.0, 0.5], independent=False) == 2.25
    with pytest.raises(ValueError, match="no e-value"):
        combine([], independent=True)


def test_a_calibrated_p_value_is_an_e_value() -> None:
    p = np.random.default_rng(0).uniform(size=200_000)
    assert np.mean([calibrate(one) for one in p]) == pytest.approx(1.0, abs=0.03)
    assert np.isfinite(calibrate(0.0))
