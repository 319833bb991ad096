"""What stands beside a verdict: that a formula tested itself, who chose the settings, where a review errs."""

from dataclasses import replace

import pytest

from agents.experiments import laboratory
from agents.experiments.instruments import Instruments
from agents.experiments.remarks import (
    beside_review,
    instrument_title,
    is_fresh,
    own_consequence,
    told_conditions,
)
from agents.schema import ClaimTest, Hypothesis
from app.examples import load_example
from tests.app.tested import make_kondo, make_tested_report
from tools.experiments import Experiment, ExperimentResult, InstrumentMatch, Relation, TypedClaim, Verdict
from tools.experiments.deciding import conclude
from tools.experiments.planning import key_of
from tools.experiments.running import MeasuredSeries
from tools.instruments import LAW, InstrumentKind, instruments


@pytest.fixture(scope="module")
def kondo() -> Hypothesis:
    return make_kondo()


def test_formulas_are_told_by_their_names() -> None:
    assert {one.name for one in instruments() if one.kind is InstrumentKind.FORMULA} == {
        one.name for one in instruments() if one.name.startswith(LAW)
    }
    assert not [one.title for one in instruments() if ":" in one.title], (
        "a reason begins with title and colon"
    )


def test_a_formula_that_bears_out_its_own_consequence_tests_itself(kondo: Hypothesis) -> None:
    refuted, survived = kondo.tests
    assert own_consequence(refuted.result) is None
    assert "tests the formula, not your question" in (own_consequence(survived.result) or "")
    simulated = load_example("two-dimensional-magnet").hypotheses[0].tests[0]
    assert own_consequence(simulated.result) is None


def test_a_default_is_called_so_and_a_response_is_not_held(kondo: Hypothesis) -> None:
    first, revised = kondo.tests
    assert told_conditions(kondo, first) == (
        "temperature 2 to 40 K; held: residual_resistivity 1.5e-09 (default), phonon_coefficient 2.5e-18 "
        "(default), kondo_coefficient 2e-10 (default), scale_temperature 5.5 (default)"
    )
    told = told_conditions(kondo, revised)
    assert "kondo_coefficient 6e-11," in told, "the revised claim names it"
    assert "scale_temperature 5.5 (default)" in told
    assert "; resistivity" not in told
    assert ", resistivity" not in told


def test_what_a_revised_claim_is_tested_at_otherwise_is_no_default() -> None:
    hypothesis = load_example("multiscale-conductor").hypotheses[2]
    told = told_conditions(hypothesis, hypothesis.tests[1])
    assert "width 3 (changed for this test)" in told
    assert "hopping 1 (default)" in told


def plan_twice(
    claim: TypedClaim, instrument: str, cause: str, response: str
) -> tuple[InstrumentMatch, Experiment, Experiment]:
    """Return the match, the plan of a claim, and that of its revision."""
    match = InstrumentMatch(instrument=instrument, cause=cause, response=response, score=1, reason="named")
    terms = laboratory.TestTerms(error_rate=0.05, seed=0, seconds=5)
    first = Instruments(None).plan(claim, match, terms)
    return match, first, Instruments(None).plan(claim, match, replace(terms, revises=first))


def test_a_revised_claim_of_a_law_is_tested_with_another_of_its_causes() -> None:
    """Its response is among its parameters, too, and to set that changes nothing."""
    claim = TypedClaim(
        system="dilute magnetic alloy", cause="temperature", response="resistivity", relation=Relation.DIPS
    )
    _, first, again = plan_twice(claim, "law_kondo_minimum", "temperature", "resistivity")
    changed = {name for name, value in again.settings.items() if first.settings[name] != value}
    assert len(changed) == 1
    assert not changed & {"temperature", "resistivity"}
    assert again.revises == key_of(first)


def test_what_was_tested_as_before_is_not_called_fresh(kondo: Hypothesis) -> None:
    first, revised = kondo.tests
    assert is_fresh(kondo, revised)
    assert first.result.experiment
    assert revised.result.experiment
    for settings in (
        first.result.experiment.settings,
        first.result.experiment.settings | {"resistivity": 1.0},
    ):
        plan = revised.result.experiment.model_copy(update={"settings": settings})
        same = revised.model_copy(update={"result": revised.result.model_copy(update={"experiment": plan})})
        assert not is_fresh(kondo, same), "of a law only the response was set, which it does not heed"


def test_a_column_that_only_the_revised_claim_holds_is_called_changed() -> None:
    claim = TypedClaim(
        system="inorganic crystals", cause="volume per atom", response="band gap", relation=Relation.FALLS
    )
    match, first, again = plan_twice(claim, "table_crystals", "volume_per_atom", "band_gap")
    (column,) = again.settings.keys() - first.settings.keys()
    tests = [
        ClaimTest(key=key, claim=claim, lacks=[], considered=[match], result=_undecided(plan))
        for key, plan in (("p01/c1", first), ("p01/c1/revised", again))
    ]
    hypothesis = make_kondo().model_copy(update={"tests": tests})
    told = told_conditions(hypothesis, tests[1])
    assert is_fresh(hypothesis, tests[1])
    assert f"{column} {again.settings[column]:.4g} (changed for this test)" in told
    assert column not in told_conditions(hypothesis, tests[0])


def _undecided(plan: Experiment) -> ExperimentResult:
    return ExperimentResult(
        experiment=plan, key=key_of(plan), verdict=Verdict.UNDECIDED, reason="not measured"
    )


def test_an_instrument_is_named_where_too_little_was_measured(kondo: Hypothesis) -> None:
    result = kondo.tests[0].result
    assert result.reason.startswith(f"{instrument_title(result)}: ")
    experiment = result.experiment
    assert experiment is not None
    (instrument,) = (one for one in instruments() if one.name == experiment.instrument)
    gaps = dict.fromkeys(range(2, len(experiment.values)), "outside: too cold")
    few = conclude(experiment, "key", instrument, MeasuredSeries(gaps=gaps))
    assert few.verdict is Verdict.UNDECIDED
    assert instrument_title(few) == experiment.instrument


@pytest.mark.parametrize(
    "sentence",
    [
        "No test was made.",
        "The claim remains untested.",
        "The hypothesis has not been tested.",
        "However, it has never been tested.",
        "The mechanism is plausible, but the claim is untested.",
        "There is no test of the claim.",
        "There are no computational tests, so its value is not known.",
    ],
)
def test_a_review_that_denies_the_test_is_answered(sentence: str) -> None:
    tested, untested = make_tested_report().hypotheses
    told = beside_review(tested, sentence)
    assert told.startswith(sentence)
    assert told.endswith("tested by computation: survived)")
    assert beside_review(untested, sentence) == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "The claim can be tested with transport measurements.",
        "No experimental test was made.",
        "It names no test on thick films.",
        "The mechanism is sound.",
        "The claim has not been tested against competing mechanisms.",
        "The claim is untested at high fields.",
        "At high fields the claim is untested.",
        "The assumption of linearity is untested.",
        "There is no test of the alternative.",
        "There are no tests at high fields.",
        "No comparison with other models is provided.",
        "There is no comparison to a computation that could validate it.",
        "No test of the alternative was made.",
    ],
)
def test_what_does_not_contradict_the_record_is_left_alone(sentence: str) -> None:
    assert beside_review(make_tested_report().hypotheses[0], sentence) == sentence
