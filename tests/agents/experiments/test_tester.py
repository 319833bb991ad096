"""Claims are tested before anyone reads them: planned on disk, measured, revised once, shown to all."""

import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import agents
from agents.experiments.instruments import Instruments
from agents.experiments.laboratory import SweepFinding, SweepRequest
from agents.experiments.record import Experiments
from agents.model import Endpoint, EventKind
from agents.run import Run, RunPlan
from agents.schema import Distance, Measurable, Perspective, Report, Status, SweepPlan
from agents.scripted import Request, ScriptedServer, scripted
from agents.tool_context import ToolContext
from tests.agents.pendulum import Pendulum
from tests.agents.runs import Cutting, Watching, begin, go
from tests.agents.samples import PROPOSAL
from tools import ToolError
from tools.experiments import Experiment, ExperimentResult, Verdict
from tools.experiments.planning import key_of
from tools.instruments import Instrument

FALLS = {
    "system": "a simple pendulum", "cause": "pendulum length in m", "response": "swing period in s",
    "relation": "falls",
}  # fmt: skip
RISES = FALLS | {"relation": "rises"}
ELSEWHERE = FALLS | {"cause": "colour of the bob in eV", "response": "price in joule"}
PAIR = Measurable(
    instrument="pendulum",
    system="Pendulum",
    cause="length",
    cause_unit="m",
    response="period",
    response_unit="s",
)


class Laboratory(Instruments):
    """The real one, with the pendulum alone; it counts what it runs and can be told to fail."""

    def __init__(self, folder: Path, fault: Exception | None = None) -> None:
        super().__init__(folder)
        self.runs, self.fault = list[Experiment](), fault

    @property
    def instruments(self) -> Sequence[Instrument]:
        return (Pendulum(),)

    def run(self, experiment: Experiment, key: str, stopped: Callable[[], bool]) -> ExperimentResult:
        self.runs.append(experiment)
        if self.fault:
            raise self.fault
        return super().run(experiment, key, stopped)


class Model:
    """Proposes and revises as it is told, and remembers what it was shown; the rest is scripted."""

    def __init__(self, claim: dict[str, str], revised: dict[str, str] | None = None) -> None:
        self.claim, self.revised, self.shown = claim, revised, list[tuple[str, str]]()

    def __call__(self, request: Request) -> str:
        fields = (request.asked_schema or {}).get("properties", {})
        answer = json.loads(scripted(request))
        self.shown.append((",".join(fields), request.text))
        if "representation" in fields:
            statement = "The period of small swings without friction depends on the pendulum's length."
            answer = PROPOSAL.model_dump(mode="json") | {"claim": self.claim, "statement": statement}
            answer |= {"second": None} if "second" in fields else {}
        elif "claims" in fields:
            answer["claims"] = [self.revised or self.claim]
        elif "relation" in fields and "statement" in fields:
            answer["relation"] = (self.revised or self.claim)["relation"]
        return json.dumps(answer)

    def texts(self, field: str) -> list[str]:
        return [text for fields, text in self.shown if field in fields]


async def run_with(
    folder: Path,
    model: Model,
    laboratory: Laboratory | None,
    **chosen: Any,  # noqa: ANN401 - of RunSettings
) -> tuple[Run, Report]:
    run = begin(folder, **{"perspectives": 1, "test_seconds": 5, **chosen})
    with ScriptedServer(model) as server:
        return run, await go(run, server, context=ToolContext(laboratory=laboratory))


async def replayed(folder: Path, run: Run) -> str:
    return (await agents.replay(agents.open_run(folder, run.id))).model_dump_json()


async def test_a_true_claim_survives_with_number_interval_and_unit(tmp_path: Path) -> None:
    run, report = await run_with(tmp_path, Model(RISES), Laboratory(tmp_path / "cache"))
    hypothesis = report.hypotheses[0]
    (test,) = hypothesis.tests
    assert (test.key, test.verdict) == ("p01/c1", Verdict.SURVIVED)
    assert test.result.effect is not None
    assert test.result.effect.unit == "s"
    assert test.result.effect.value == pytest.approx(6.3437 - 0.63437, rel=1e-3)
    assert hypothesis.score.tested == "survived"
    assert "Of 1 claims 1 were tested (1 survived)" in " ".join(report.notes)
    assert await replayed(tmp_path, run) == report.model_dump_json()


async def test_the_plan_is_on_disk_with_its_hash_before_anything_is_measured(tmp_path: Path) -> None:
    laboratory = Laboratory(tmp_path / "cache", ToolError("the solver diverged"))
    run, report = await run_with(tmp_path, Model(RISES), laboratory)
    first = json.loads(run.experiments.read_text().splitlines()[0])
    assert first["key"] == "p01/c1 plan"
    assert first["sha256"] == key_of(laboratory.runs[0])
    (test,) = report.hypotheses[0].tests
    assert test.verdict is Verdict.OUTSIDE
    assert "the solver diverged" in test.result.reason
    assert report.hypotheses[0].score.tested == "untested"


async def test_what_is_refuted_is_revised_once_and_tested_under_other_conditions(tmp_path: Path) -> None:
    model, laboratory = Model(FALLS, revised=RISES), Laboratory(tmp_path / "cache")
    run, report = await run_with(tmp_path, model, laboratory)
    hypothesis = report.hypotheses[0]
    first, again = hypothesis.tests
    assert (first.verdict, again.verdict) == (Verdict.REFUTED, Verdict.SURVIVED)
    assert again.key == "p01/c1/revised"
    assert first.result.experiment is not None
    assert again.result.experiment is not None
    assert again.result.experiment.settings != first.result.experiment.settings
    assert again.result.experiment.revises == first.result.key
    assert hypothesis.refuted_form is not None
    assert hypothesis.refuted_form.claim.relation.value == "falls"
    assert (hypothesis.refuted, hypothesis.score.tested) == (False, "survived")
    (shown,) = model.texts("claims")
    assert "What was measured" in shown
    assert "0.6344" in shown
    assert await replayed(tmp_path, run) == report.model_dump_json()


async def test_what_stays_refuted_stands_below_all_others(tmp_path: Path) -> None:
    class Two(Model):
        def __call__(self, request: Request) -> str:
            self.claim = FALLS if "Physicist 1" in request.text else ELSEWHERE
            return super().__call__(request)

    _, report = await run_with(tmp_path, Two(FALLS), Laboratory(tmp_path / "cache"), perspectives=2)
    assert [(h.key, h.refuted, h.score.tested) for h in report.hypotheses] == [
        ("p02", False, "untested"), ("p01", True, "refuted"),
    ]  # fmt: skip
    assert "instrument" in (report.hypotheses[0].tests[0].result.needs or "")


async def test_reviewers_judges_children_and_overview_see_the_verdict_whole(tmp_path: Path) -> None:
    model = Model(RISES)
    await run_with(
        tmp_path, model, Laboratory(tmp_path / "cache"), perspectives=2, matches=6, children=1, overview=True
    )
    for field in ("missing_tools", "soundness,testability", "agreements"):
        texts = model.texts(field)
        assert texts, field
        assert all("survived. Pendulum of small swings: the period changes by" in text for text in texts)
        assert all("error rate" in text for text in texts)
    evolved = [text for text in model.texts("representation") if "An earlier hypothesis" in text]
    assert evolved
    assert all("survived. Pendulum" in text for text in evolved)


async def test_a_small_model_chooses_from_pairs_that_can_be_tested(tmp_path: Path) -> None:
    class Small(Model):
        def __call__(self, request: Request) -> str:
            answer = json.loads(super().__call__(request))
            schema = request.asked_schema or {}
            if "representation" in answer:
                offered = schema["properties"]["claim"]["properties"]["measured"]["const"]
                assert offered == PAIR.text
                answer["claim"] = {
                    "measured": offered,
                    "system": "a simple pendulum",
                    "relation": "rises",
                }
            return json.dumps(answer)

    run = begin(tmp_path, 1, test_seconds=5)
    small = run.record.settings.models["default"].model_copy(update={"name": "qwen2.5-coder-1.5b"})
    settings = run.record.settings.model_copy(update={"models": {"default": small}})
    run.record = run.record.model_copy(update={"settings": settings})
    assert run.record.plan is not None
    run.set_plan(RunPlan.model_validate({**dict(run.record.plan), "measurable": [PAIR]}))
    with ScriptedServer(Small(RISES)) as server:
        endpoint = Endpoint(name="qwen2.5-coder-1.5b", base_url=server.base_url)
        nothing: Any = None
        report = await agents.ask(
            run, endpoints={"default": endpoint}, ontology=nothing, router=nothing,
            context=ToolContext(laboratory=Laboratory(tmp_path / "cache")),
        )  # fmt: skip
    (test,) = report.hypotheses[0].tests
    assert (test.claim.cause, test.claim.instrument, test.verdict) == ("length", "pendulum", Verdict.SURVIVED)
    assert test.result.experiment is not None
    assert test.result.experiment.matched_by == "asked"


async def test_a_perspective_is_filled_from_data_and_a_model_words_the_mechanism_only(tmp_path: Path) -> None:
    run = begin(tmp_path, 1, test_seconds=5, from_data=True)
    assert run.record.plan is not None
    sweep = SweepPlan(instrument="pendulum", pairs=[("length", "period"), ("gravity", "period")])
    run.set_plan(run.record.plan.model_copy(update={"swept": {"p01": sweep}}))
    model = Model(FALLS)
    with ScriptedServer(model) as server:
        report = await go(run, server, context=ToolContext(laboratory=Laboratory(tmp_path / "cache")))
    (hypothesis,) = report.hypotheses
    found = hypothesis.found_in_data
    assert found is not None
    assert (found.relations, found.instrument) == (2, "pendulum")
    assert not model.texts("representation")
    assert len(model.texts("mechanism")) == 1
    (test,) = hypothesis.tests
    assert test.verdict is Verdict.SURVIVED
    assert test.result.experiment is not None
    held = set(test.result.experiment.settings.items()) - {("gravity", 9.81), ("length", 1.0)}
    assert held, "it is tested where nothing was looked at"
    assert "a model worded its mechanism only" in " ".join(report.notes)
    assert await replayed(tmp_path, run) == report.model_dump_json()


async def test_a_run_that_was_cut_measures_nothing_twice(tmp_path: Path) -> None:
    run, laboratory = begin(tmp_path, 1, test_seconds=5), Laboratory(tmp_path / "cache")
    with ScriptedServer(Model(RISES)) as server:
        cutting = asyncio.create_task(_cut(run, server, laboratory))
        assert (await cutting).status is Status.INTERRUPTED
        report = await go(run, server, context=ToolContext(laboratory=laboratory))
    assert len(laboratory.runs) == 1
    assert report.hypotheses[0].tests[0].verdict is Verdict.SURVIVED


async def _cut(run: Run, server: ScriptedServer, laboratory: Laboratory) -> Report:
    return await go(run, server, context=ToolContext(laboratory=laboratory), watch=Cutting(2))


async def test_a_plan_without_its_result_is_measured_and_kept(tmp_path: Path) -> None:
    run, report = await run_with(tmp_path, Model(RISES), Laboratory(tmp_path / "cache"))
    lines = run.experiments.read_bytes().splitlines(keepends=True)
    run.experiments.write_bytes(lines[0] + lines[1][:40])
    watching, laboratory = Watching(), Laboratory(tmp_path / "other cache")
    with ScriptedServer(Model(RISES)) as server:
        again = await go(run, server, context=ToolContext(laboratory=laboratory), watch=watching)
    assert any("experiment was cut off" in notice for notice in watching.notices)
    assert [key_of(one) for one in laboratory.runs] == [report.hypotheses[0].tests[0].result.key]
    assert again.hypotheses[0].tests[0].result.points == report.hypotheses[0].tests[0].result.points


async def test_tests_are_events(tmp_path: Path) -> None:
    run, watching = begin(tmp_path, 1, test_seconds=5), Watching()
    with ScriptedServer(Model(RISES)) as server:
        await go(run, server, context=ToolContext(laboratory=Laboratory(tmp_path / "c")), watch=watching)
    told = [(e.kind, e.who, e.reason) for e in watching.events if e.step == "test"]
    assert told[0] == (EventKind.PLANNED, "p01/c1", "pendulum: period against length")
    assert told[1][0] is EventKind.TESTED
    assert told[1][2].startswith("survived: Pendulum")


@pytest.mark.parametrize("fault", [ValueError("\x1b[31mbad"), MemoryError(), KeyError("x")])
async def test_a_laboratory_that_breaks_ends_no_run(tmp_path: Path, fault: Exception) -> None:
    _, report = await run_with(tmp_path, Model(RISES), Laboratory(tmp_path / "cache", fault))
    assert report.status is Status.COMPLETE
    (test,) = report.hypotheses[0].tests
    assert test.verdict is Verdict.OUTSIDE
    assert "\x1b" not in test.result.reason


async def test_without_a_laboratory_claims_are_untested(tmp_path: Path) -> None:
    _, report = await run_with(tmp_path, Model(RISES), None)
    assert report.hypotheses[0].score.tested == "untested"
    assert "1 cannot be tested here" in " ".join(report.notes)


async def test_levels_of_one_run_share_one_error_rate(tmp_path: Path) -> None:
    """Exact verdicts use nothing up; each other test that was begun does, also one without a verdict."""
    run, _ = await run_with(tmp_path, Model(FALLS, RISES), Laboratory(tmp_path / "c"), perspectives=2)
    kept = Experiments(run.experiments)
    assert kept.discoveries == []
    lines = run.experiments.read_text().splitlines()
    run.experiments.write_text("\n".join(line for line in lines if "plan" in line[:30]) + "\n")
    assert Experiments(run.experiments).discoveries == [False] * 4


def test_a_finding_speaks_of_settings_that_were_not_looked_at(tmp_path: Path) -> None:
    laboratory = Laboratory(tmp_path / "cache")
    wish = SweepRequest("pendulum", [("length", "period")], seconds=5, seed=3)
    found = laboratory.sweep(wish, lambda: False)
    assert isinstance(found, SweepFinding)
    assert found.claim.relation.value == "scales as a power"
    assert found.claim.exponent == pytest.approx(0.5)
    assert "gravity" in found.found.held_back


def test_the_last_near_perspective_is_filled_from_data() -> None:
    from agents.run.planning import _choose_swept
    from tests.agents.samples import PERSPECTIVE

    def voice(key: str, distance: Distance) -> Perspective:
        return PERSPECTIVE.model_copy(update={"key": key, "distance": distance})

    voices = [voice("p01", Distance.NEAR), voice("p02", Distance.NEAR), voice("p03", Distance.FAR)]
    assert _choose_swept(voices) == "p02"
    assert _choose_swept(voices[:1]) is None
    assert _choose_swept([voices[0], voice("p02", Distance.PINNED)]) is None
