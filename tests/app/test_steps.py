"""The steps of a run, from its events and from its report."""

from datetime import UTC, datetime, timedelta

from agents.model import EventKind
from agents.schema import ConceptRef, Distance, Perspective
from app.exports.pipeline import draw_pipeline, draw_steps
from app.jobs.events import CallEvent, OutcomeEvent, PlanEvent, RunEvent, StageEvent, StateEvent
from app.jobs.state import RunState
from app.steps import ALL, TEST, Pipeline, StepState, from_events, from_report
from tests.app.reports import make_report
from tests.app.ui import samples

START = datetime(2026, 11, 29, tzinfo=UTC)
CONCEPT = ConceptRef(uri="https://doi.org/10.29172/x", label="Glasses")
VOICE = Perspective(
    key="p01",
    discipline=CONCEPT,
    role="Physicist",
    broad=CONCEPT,
    narrow=CONCEPT,
    distance=Distance.NEAR,
    reason="r",
)


def call(number: int, kind: EventKind, who: str = "p01", step: str = "propose", **more: object) -> RunEvent:
    given = {"id": number, "at": START + timedelta(seconds=number), "kind": kind, "who": who, "step": step}
    return CallEvent.model_validate(given | more)


def told(*events: RunEvent) -> Pipeline:
    plan = PlanEvent(id=1, at=START, disciplines=[], concepts=[], perspectives=[VOICE])
    return from_events([plan, *events])


def test_a_call_is_under_way_until_it_is_answered() -> None:
    asked = told(call(2, EventKind.SENT), call(5, EventKind.TOKENS, tokens=40))
    (step,) = asked.steps
    assert (step.state, step.seconds, step.tokens) == (StepState.RUNNING, 3.0, 40)
    assert asked.live
    (done,) = told(call(2, EventKind.SENT), call(9, EventKind.ANSWERED, tokens=700)).steps
    assert (done.state, done.seconds, done.tokens) == (StepState.DONE, 7.0, 700)


def test_a_call_that_is_sent_again_is_one_step() -> None:
    again = (call(3, EventKind.RETRY, reason="busy"), call(4, EventKind.SENT), call(6, EventKind.ANSWERED))
    (step,) = told(call(2, EventKind.SENT), *again).steps
    assert (step.state, step.seconds, step.said) == (StepState.DONE, 4.0, "busy")


def test_a_recorded_call_takes_no_time() -> None:
    (step,) = told(call(2, EventKind.RECALLED)).steps
    assert (step.state, step.seconds) == (StepState.RECALLED, 0.0)


def test_a_test_has_its_verdict() -> None:
    pipeline = told(
        call(2, EventKind.PLANNED, who="p01/c1", step="test", reason="ising: m against T"),
        call(4, EventKind.TESTED, who="p01/c1", step="test", reason="refuted: it rises"),
        call(5, EventKind.TESTED, who="p01/c2", step="test", reason="outside: nothing measures it"),
    )
    first, second = pipeline.steps
    assert (first.step, first.seconds, first.said, first.speaker) == (TEST, 2.0, "refuted: it rises", "p01")
    assert second.said == "outside: nothing measures it"
    assert "refuted" in draw_steps(pipeline)


def test_what_is_open_at_the_end_was_broken_off() -> None:
    end = StateEvent(id=4, at=START + timedelta(seconds=4), state=RunState.CANCELLED)
    pipeline = told(call(2, EventKind.SENT), end)
    assert not pipeline.live
    assert (pipeline.steps[0].state, pipeline.steps[0].seconds) == (StepState.BROKEN, 2.0)


def test_scores_and_stages_are_told() -> None:
    outcome = OutcomeEvent(id=2, at=START, key="p01", score=61.5, statement="s")
    stage = StageEvent(id=3, at=START, stage="tournament", done=2, total=12)
    pipeline = told(outcome, stage, call(4, EventKind.SENT, who="p01-p02", step="judge"))
    assert [(one.key, one.score) for one in pipeline.speakers] == [("p01", 61.5), (ALL, None)]
    assert pipeline.stage == "tournament: 2 of 12"
    assert pipeline.steps[0].speaker == ALL


def test_a_report_gives_every_call_and_every_test_once() -> None:
    for report in (make_report(), samples.make_report()):
        pipeline = from_report(report)
        numbers = [step.call for step in pipeline.steps if step.call is not None]
        assert numbers == list(range(len(report.calls)))
        tests = sum(len(one.tests) for one in (*report.hypotheses, *report.merged))
        assert sum(step.step == TEST for step in pipeline.steps) == tests
        assert not pipeline.live
        assert {step.speaker for step in pipeline.steps} <= {one.key for one in pipeline.speakers}
        assert draw_pipeline(report) == draw_pipeline(report)


def test_a_failed_perspective_says_why() -> None:
    failed = {one.key: one.failed for one in from_report(samples.make_failed_report()).speakers}
    assert "refused the connection" in str(failed["p01"])
