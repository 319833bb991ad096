"""A peak must beat both ends at every place it may have, and where there is none the end is named."""

from collections.abc import Iterator

import numpy as np
import pytest

from tests.tools.experiments.toys import Toy
from tools.experiments.deciding import assess
from tools.experiments.running import ExperimentRunner
from tools.experiments.schema import ClaimLine, ExperimentResult, Relation, Verdict
from tools.experiments.statistics import apply_test
from tools.experiments.sweep import PLENTY, Sweep


@pytest.fixture(scope="module")
def runner() -> Iterator[ExperimentRunner]:
    with ExperimentRunner() as running:
        yield running


def run(runner: ExperimentRunner, follows: str, relation: Relation) -> ExperimentResult:
    claim = ClaimLine(
        system="glowing slab", cause="width of the slab", response="brightness", relation=relation
    )
    return assess(claim, (Toy(follows),), runner)


@pytest.mark.parametrize(
    ("follows", "relation", "end"),
    [
        ("line", Relation.PEAKS, "largest at its upper end"),
        ("falling", Relation.PEAKS, "largest at its lower end"),
        ("line", Relation.DIPS, "smallest at its lower end"),
        ("falling", Relation.DIPS, "smallest at its upper end"),
    ],
)
def test_without_an_extremum_the_end_is_named(
    runner: ExperimentRunner, follows: str, relation: Relation, end: str
) -> None:
    result = run(runner, follows, relation)
    assert result.verdict is Verdict.REFUTED
    assert result.reason.endswith(end)


def test_a_peak_must_be_higher_the_more_places_it_might_have_had(runner: ExperimentRunner) -> None:
    """It is looked for at each inner value, so each look has its share of the error rate (Bonferroni).

    Four standard errors of a value are 2.8 of a difference: enough for 3 looks at 5 %, too little for 39.
    """
    plan = run(runner, "hill", Relation.PEAKS).experiment
    assert plan is not None
    verdicts = []
    for count in (5, 41):
        axis, mean = np.linspace(0, 1, count), np.zeros(count)
        mean[count // 2] = 4.0
        sweep = Sweep(1 + 9 * axis, axis, mean, np.ones(count), np.full(count, PLENTY))
        verdicts.append(apply_test(sweep, plan).verdict)
    assert verdicts == [Verdict.SURVIVED, Verdict.UNDECIDED]
