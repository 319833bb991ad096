"""A claim goes in, a verdict comes out: every relation, the falsifier, and instruments that misbehave."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tools.experiments.toys import WIDTH, Bad, Toy
from tools.experiments.deciding import assess
from tools.experiments.planning import ExperimentTerms, key_of
from tools.experiments.running import Cancelled, ExperimentRunner
from tools.experiments.schema import (
    CauseRange,
    ClaimLine,
    Comparator,
    ExperimentResult,
    Falsifier,
    Relation,
    ValueWithUnit,
    Verdict,
)
from tools.instruments import instruments
from tools.instruments.contract import Cost

R, V = Relation, Verdict
RIGHT = {
    R.RISES: "line",
    R.FALLS: "falling",
    R.PEAKS: "hill",
    R.DIPS: "valley",
    R.JUMPS: "step",
    R.OSCILLATES: "waves",
    R.STAYS: "flat",
    R.SATURATES: "saturating",
    R.SCALES: "square",
}
WRONG = {
    R.RISES: "falling",
    R.FALLS: "hill",
    R.PEAKS: "line",
    R.DIPS: "waves",
    R.JUMPS: "line",
    R.OSCILLATES: "line",
    R.STAYS: "line",
    R.SATURATES: "square",
    R.SCALES: "exponential",
}


def line(relation: Relation, **fields: object) -> ClaimLine:
    known = {
        "system": "glowing slab",
        "cause": "width of the slab",
        "response": "brightness",
        "relation": relation,
    }
    return ClaimLine.model_validate(known | fields)


@pytest.fixture(scope="module")
def runner() -> Iterator[ExperimentRunner]:
    with ExperimentRunner() as running:
        yield running


def run(
    runner: ExperimentRunner,
    toy: Toy,
    relation: Relation,
    terms: ExperimentTerms | None = None,
    **fields: object,
) -> ExperimentResult:
    return assess(line(relation, **fields), (toy,), runner, terms)


@pytest.mark.parametrize("relation", list(Relation))
def test_an_exact_instrument_decides(runner: ExperimentRunner, relation: Relation) -> None:
    right = run(runner, Toy(RIGHT[relation]), relation)
    wrong = run(runner, Toy(WRONG[relation]), relation)
    assert right.verdict is V.SURVIVED, right.reason
    assert wrong.verdict is V.REFUTED, wrong.reason
    assert right.p_value is None


@pytest.mark.parametrize("relation", list(Relation))
def test_a_change_within_rounding_is_none(runner: ExperimentRunner, relation: Relation) -> None:
    found = run(runner, Toy("rounded"), relation)
    assert found.verdict is (V.SURVIVED if relation is R.STAYS else V.REFUTED), found.reason


@pytest.mark.slow
@pytest.mark.parametrize(
    ("system", "cause", "response"),
    [
        ("zigzag graphene nanoribbon", "width of the ribbon", "band gap"),
        ("zigzag graphene nanoribbon", "hopping energy", "band gap"),
        ("diffusing patch", "diffusivity", "displacement of the centre"),
        ("van der Pol oscillator", "start", "mean"),
    ],
)
def test_what_a_solver_leaves_of_zero_rises_with_nothing(
    runner: ExperimentRunner, system: str, cause: str, response: str
) -> None:
    claim = ClaimLine(system=system, cause=cause, response=response, relation=R.RISES)
    found = assess(claim, instruments(), runner, ExperimentTerms(budget_seconds=20))
    assert found.verdict is V.REFUTED
    assert "does not change over the range" in found.reason


@pytest.mark.parametrize("relation", list(Relation))
def test_little_noise_changes_no_verdict(runner: ExperimentRunner, relation: Relation) -> None:
    small: dict[str, Any] = {
        "smallest_effect": ValueWithUnit(value=0.2, unit="mW" if relation is not R.SCALES else "1")
    }
    right = run(runner, Toy(RIGHT[relation], noise=0.002), relation, **small)
    wrong = run(runner, Toy(WRONG[relation], noise=0.002), relation, **small)
    assert right.verdict is V.SURVIVED, right.reason
    assert wrong.verdict is V.REFUTED, wrong.reason
    assert right.p_value is not None


def test_much_noise_decides_nothing(runner: ExperimentRunner) -> None:
    result = run(runner, Toy("flat", noise=50), R.RISES, smallest_effect=ValueWithUnit(value=1, unit="mW"))
    assert result.verdict is V.UNDECIDED


def test_an_effect_that_is_too_small_to_count_refutes(runner: ExperimentRunner) -> None:
    result = run(runner, Toy("line"), R.RISES, smallest_effect=ValueWithUnit(value=1, unit="W"))
    assert result.verdict is V.REFUTED
    assert "less than counts" in result.reason


@pytest.mark.parametrize(
    ("falsifier", "verdict"),
    [
        (Falsifier(quantity="change", comparator=Comparator.BELOW, number=0.1, unit="W"), V.REFUTED),
        (Falsifier(quantity="change", comparator=Comparator.BELOW, number=10, unit="mW"), V.SURVIVED),
        (Falsifier(quantity="ratio", comparator=Comparator.BELOW, number=10), V.REFUTED),
        (Falsifier(quantity="value", comparator=Comparator.ABOVE, number=20, unit="mW"), V.REFUTED),
        (Falsifier(quantity="value", comparator=Comparator.ABOVE, number=22, unit="mW"), V.SURVIVED),
    ],
)
def test_a_falsifier_that_is_met_refutes(
    runner: ExperimentRunner, falsifier: Falsifier, verdict: Verdict
) -> None:
    assert run(runner, Toy("line"), R.RISES, falsifier=falsifier).verdict is verdict


def test_a_falsifier_against_its_own_claim_is_told(runner: ExperimentRunner) -> None:
    falsifier = Falsifier(quantity="change", comparator=Comparator.ABOVE, number=0)
    result = run(runner, Toy("line"), R.RISES, falsifier=falsifier)
    assert result.verdict is V.OUTSIDE
    assert "turn its comparison round" in result.reason


def test_positions_and_exponents_are_compared(runner: ExperimentRunner) -> None:
    there, elsewhere = CauseRange(low=45, high=55, unit="mm"), CauseRange(low=80, high=90, unit="mm")
    assert run(runner, Toy("hill"), R.PEAKS, position=there).verdict is V.SURVIVED
    assert run(runner, Toy("hill"), R.PEAKS, position=elsewhere).verdict is V.REFUTED
    beside = CauseRange(low=30, high=49.9, unit="mm")  # the best value lies outside, its interval does not
    assert run(runner, Toy("hill"), R.PEAKS, position=beside).verdict is V.UNDECIDED
    assert run(runner, Toy("square"), R.SCALES, exponent=2).verdict is V.SURVIVED
    assert run(runner, Toy("square"), R.SCALES, exponent=1.5).verdict is V.REFUTED


def test_the_instruments_own_uncertainty_counts(runner: ExperimentRunner) -> None:
    assert run(runner, Toy("line", own=0.1), R.RISES).verdict is V.SURVIVED
    assert run(runner, Toy("line", own=30.0), R.RISES).verdict is V.UNDECIDED


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"cause_unit": "eV"}, "dimensions differ"),
        ({"response_unit": "kg"}, "dimensions differ"),
        ({"cause_range": CauseRange(low=2, high=3, unit="K")}, "dimensions differ"),
        ({"cause_range": CauseRange(low=2, high=3, unit="km")}, "lies outside"),
        ({"fixed": {"field": ValueWithUnit(value=99, unit="T")}}, "lies outside"),
        ({"cause_unit": "blorps"}, "is no unit"),
        ({"instrument": "oracle"}, "no instrument is called"),
        ({"cause": "price of tea"}, "nothing here can test it"),
    ],
)
def test_what_cannot_be_tested_says_why_in_a_line(
    runner: ExperimentRunner, fields: dict[str, Any], told: str
) -> None:
    result = run(runner, Toy("line"), R.RISES, **fields)
    assert result.verdict is V.OUTSIDE
    assert told in result.reason
    assert "\n" not in result.reason


def test_too_many_values_are_refused(runner: ExperimentRunner) -> None:
    result = run(runner, Toy("line"), R.RISES, ExperimentTerms(values=10_000))
    assert "10,000 values are too many" in result.reason


def test_values_that_are_not_valid_are_left_out(runner: ExperimentRunner) -> None:
    result = run(runner, Toy("line"), R.RISES, fixed={"shape": "with corners"})
    assert result.experiment is not None
    assert result.experiment.settings["shape"] == "square"
    assert max(result.experiment.values) <= 8


@pytest.mark.slow
@pytest.mark.parametrize(
    ("way", "told"),
    [
        ("nan", "no finite number"),
        ("broken", "singular"),
        ("refusing", "nothing is known here"),
        ("killed", "died"),
        ("hungry", "memory"),
    ],
)
def test_a_solver_that_misbehaves_leaves_gaps(way: str, told: str) -> None:
    with ExperimentRunner(memory_mb=600) as runner:
        result = run(runner, Bad("line", way=way), R.RISES)
    assert result.verdict is V.UNDECIDED
    assert told in result.reason
    assert all(point.gap for point in result.points)


@pytest.mark.slow
def test_a_solver_that_never_ends_is_stopped() -> None:
    with ExperimentRunner() as runner:
        result = run(
            runner, Bad("line", way="endless", only_above=9.5), R.RISES, ExperimentTerms(budget_seconds=3)
        )
    assert result.verdict is V.SURVIVED  # what was measured is kept
    assert any("not done after" in (point.gap or "") for point in result.points)


def test_a_missing_package_is_told_with_its_command(runner: ExperimentRunner) -> None:
    result = run(runner, Bad("line", way="missing"), R.RISES)
    assert result.verdict is V.OUTSIDE
    assert "pip install" in (result.needs or "")


def test_a_test_can_be_cancelled() -> None:
    looks = iter([False, True])
    with ExperimentRunner(cancelled=lambda: next(looks, True)) as runner, pytest.raises(Cancelled):
        run(runner, Bad("line", way="asleep"), R.RISES)


def test_a_budget_that_is_too_small_says_what_it_would_take(runner: ExperimentRunner) -> None:
    slow = Toy("line", cost=Cost(seconds=30, memory_mb=1))
    result = run(runner, slow, R.RISES)
    assert result.verdict is V.OUTSIDE
    assert result.needs == "a budget of 150 s"


def test_what_was_measured_is_not_measured_again(tmp_path: Path) -> None:
    toy = Toy("line", noise=0.5)
    with ExperimentRunner(tmp_path) as runner:
        first = run(runner, toy, R.RISES)
    broken = Bad("line", noise=0.5, way="broken")
    with ExperimentRunner(tmp_path) as runner:
        again = run(runner, broken, R.RISES)  # it has the same name and version, and would fail
    assert again.model_dump(exclude={"seconds"}) == first.model_dump(exclude={"seconds"})
    with ExperimentRunner(tmp_path) as runner:
        fresh = run(runner, toy, R.RISES, ExperimentTerms(seed=1))
    assert fresh.points != first.points


def test_a_cache_that_cannot_be_written_costs_nothing_else(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    with ExperimentRunner(blocked) as runner:
        assert run(runner, Toy("line"), R.RISES).verdict is V.SURVIVED


def test_a_plan_is_hashed_before_it_runs_and_the_same_claim_has_the_same_key(
    runner: ExperimentRunner,
) -> None:
    first, again = (run(runner, Toy("line"), R.RISES) for _ in range(2))
    assert first.experiment is not None
    assert first.key == again.key == key_of(first.experiment)
    other = run(runner, Toy("line"), R.RISES, ExperimentTerms(seed=5))
    assert other.key != first.key


def test_a_power_law_over_a_range_that_begins_below_zero_is_read_where_the_cause_is_positive(
    runner: ExperimentRunner,
) -> None:
    shifted = WIDTH.model_copy(update={"low": -2})
    toy = Toy("square", parameters=(shifted,))
    assert run(runner, toy, R.SCALES, exponent=2).verdict is V.SURVIVED
    below = WIDTH.model_copy(update={"low": -10, "high": -0.5, "default": -1})
    result = run(runner, Toy("square", parameters=(below,)), R.SCALES, exponent=2)
    assert result.verdict is V.UNDECIDED
    assert "too few positive values" in result.reason


def test_as_much_is_measured_again_as_before(runner: ExperimentRunner) -> None:
    toy = Toy("line", noise=0.1)
    whole = run(runner, toy, R.RISES)
    assert whole.experiment is not None
    hurried = whole.experiment.model_copy(update={"budget_seconds": 0.1})
    again = runner.run(hurried, toy, again=whole.measurements - 5)
    assert again.count == whole.measurements - 5
    assert again.count > len(whole.points)
    values = [again.values[place][0].value for place in range(len(whole.points))]
    first = runner.run(whole.experiment.model_copy(update={"replicates": 1}), toy)
    assert values == [first.values[place][0].value for place in range(len(whole.points))]
