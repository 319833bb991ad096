"""A report with tests in it, made by the real instruments' machinery on a pendulum."""

from functools import cache

from agents.experiments.instruments import Instruments
from agents.experiments.laboratory import TestTerms
from agents.schema import Claim, ClaimTest, DraftClaim, Hypothesis, Report
from app.examples import load_example
from tests.agents.pendulum import Pendulum
from tests.app.reports import make_report
from tools.experiments import ExperimentResult, InstrumentMatch, Relation, TypedClaim, Verdict
from tools.experiments.planning import key_of
from tools.experiments.schema import CauseRange
from tools.instruments import Instrument, Setting

HOSTILE = "<img src=x> ![a](http://b) | cell \n# heading"


class Laboratory(Instruments):
    @property
    def instruments(self) -> tuple[Instrument, ...]:
        return (Pendulum(),)


def measure(relation: Relation, key: str) -> ClaimTest:
    claim = TypedClaim(
        system=HOSTILE,
        cause="length",
        response="period",
        relation=relation,
        cause_unit="m",
        response_unit="s",
    )
    match = InstrumentMatch(
        instrument="pendulum", cause="length", response="period", score=1, reason="its own"
    )
    laboratory = Laboratory(None)
    experiment = laboratory.plan(claim, match, TestTerms(error_rate=0.01, seed=1, seconds=5))
    result = laboratory.run(experiment, key_of(experiment), lambda: False)
    return ClaimTest(
        key=key, claim=claim, lacks=["the range of the cause"], considered=[match], result=result
    )


@cache
def make_tested_report() -> Report:
    """Two hypotheses: one refuted and revised, one untested; a foreign text wherever one may stand."""
    whole = make_report()
    first, second = whole.hypotheses
    tests = [measure(Relation.FALLS, "p01/c1"), measure(Relation.RISES, "p01/c1/revised")]
    claim = tests[0].claim.model_copy(update={"cause": HOSTILE})
    outside = ExperimentResult(
        experiment=None, key=None, verdict=Verdict.OUTSIDE, reason=HOSTILE, needs="an instrument for it"
    )
    untested = ClaimTest(key="p02/c1", claim=claim, lacks=[], considered=[], result=outside)
    score = [
        one.score.model_copy(update={"tested": told})
        for one, told in ((first, "survived"), (second, "untested"))
    ]
    hypotheses = [
        first.model_copy(update={"tests": tests, "refuted_form": first.proposal, "score": score[0]}),
        second.model_copy(update={"tests": [untested], "score": score[1]}),
    ]
    return Report.model_validate(whole.model_copy(update={"hypotheses": hypotheses}).model_dump())


@cache
def make_drafted_report() -> Report:
    """The first hypothesis was chosen among drafts, of which a test refuted one; its words are foreign."""
    whole = make_tested_report()
    first, second = whole.hypotheses
    claim = Claim(system=HOSTILE, cause="length", response="period", relation=Relation.RISES)
    drafts = [
        DraftClaim(
            key="p01/d1",
            claim=claim.model_copy(update={"relation": Relation.FALLS}),
            because=HOSTILE,
            mark=61.5,
            test=measure(Relation.FALLS, "p01/d1"),
        ),
        DraftClaim(key="p01/d2", claim=claim, because=HOSTILE, chosen=True),
        DraftClaim(key="p01/d3", claim=claim, because=HOSTILE),
    ]
    tests = [measure(Relation.RISES, "p01/d2")]
    drafted = first.model_copy(update={"tests": tests, "refuted_form": None, "drafts": drafts})
    return Report.model_validate(whole.model_copy(update={"hypotheses": [drafted, second]}).model_dump())


@cache
def make_kondo() -> Hypothesis:
    """A claim that a formula refuted, revised with a coefficient named, and then bore out."""
    laboratory, tests = Instruments(None), list[ClaimTest]()
    nothing: dict[str, Setting] = {}
    coefficient: dict[str, Setting] = {"kondo_coefficient": 6e-11}
    for key, low, high, named in (
        ("p01/c1", 5.0, 10.0, nothing),
        ("p01/c1/revised", 20.0, 25.0, coefficient),
    ):
        claim = TypedClaim(
            system="dilute magnetic alloy",
            cause="temperature",
            response="resistivity",
            relation=Relation.DIPS,
            cause_range=CauseRange(low=2, high=40, unit="K"),
            position=CauseRange(low=low, high=high, unit="K"),
        )
        match = InstrumentMatch(
            instrument="law_kondo_minimum",
            cause="temperature",
            response="resistivity",
            settings=named,
            score=1,
            reason="its system",
        )
        before = tests[0].result.experiment if tests else None
        terms = TestTerms(error_rate=0.05, seed=0, seconds=5, revises=before)
        experiment = laboratory.plan(claim, match, terms)
        result = laboratory.run(experiment, key_of(experiment), lambda: False)
        tests.append(ClaimTest(key=key, claim=claim, lacks=[], considered=[match], result=result))
    return load_example("dilute-magnetic-alloy").hypotheses[0].model_copy(update={"tests": tests})
