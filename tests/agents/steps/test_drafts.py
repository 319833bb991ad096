"""A small model drafts claims; rules and tests choose; the best is written out."""

import json
from pathlib import Path
from typing import Any

import pytest

import agents
from agents.checks.directions import Book
from agents.errors import StepFailed
from agents.model import EventKind
from agents.model.schemas import response_format
from agents.run import Run, create_run
from agents.schema import ModelRef, Report, RunSettings, ScalarQuantity
from agents.schema.review import ShortReview
from agents.scripted import Request, ScriptedServer, scripted
from agents.steps.drafts import again_type, drafts_type, free_drafts_type, read_drafts
from agents.steps.propose import ClaimRequest
from agents.tool_context import ToolContext
from tests.agents.experiments.test_tester import PAIR, Laboratory
from tests.agents.runs import QUESTION, Watching, begin, go
from tools.experiments import Relation, Verdict

GRAVITY = PAIR.model_copy(update={"cause": "gravity", "cause_unit": "m/s^2"})
WORDING = {
    "mechanism": "A longer arc takes longer.",
    "bearing": "So the clock is set by its length.",
    "objects": ["bob m", "string l"],
    "formalism": "l d2x/dt2 = -g x",
    "symmetries": ["time reversal"],
    "steps": ["write the equation", "solve it", "compare with a clock"],
}


class Drafter:
    """Drafts the given relations and remembers what it was shown; the rest is scripted."""

    def __init__(self, *relations: str, again: str = "rises", wording: dict[str, Any] | None = None) -> None:
        self.relations, self.again = relations, again
        self.wording = WORDING if wording is None else wording
        self.shown = list[tuple[str, Request]]()

    def __call__(self, request: Request) -> str:
        fields = (request.asked_schema or {}).get("properties", {})
        self.shown.append((",".join(fields), request))
        answer = json.loads(scripted(request))
        if "draft_1" in fields:
            for draft, relation in zip(answer.values(), self.relations, strict=True):
                draft |= {"relation": relation, "because": "the arc grows with the string"}
        elif list(fields) == ["because", "relation"]:
            answer["relation"] = self.again
        elif "bearing" in fields:
            answer = self.wording
        return json.dumps(answer)

    def times(self, field: str) -> int:
        return sum(field in fields for fields, _ in self.shown)


async def run_with(folder: Path, model: Drafter, **chosen: Any) -> tuple[Run, Report]:  # noqa: ANN401 - of RunSettings
    settings = {"perspectives": 1, "test_seconds": 5, "claims_first": 1, "second_look": False, **chosen}
    run = begin(folder, **settings)
    assert run.record.plan is not None
    run.set_plan(run.record.plan.model_copy(update={"measurable": [PAIR, GRAVITY]}))
    laboratory = Laboratory(folder / "cache")
    with ScriptedServer(model) as server:
        return run, await go(run, server, context=ToolContext(laboratory=laboratory))


@pytest.fixture
def no_textbook(monkeypatch: pytest.MonkeyPatch) -> None:
    """No table knows which draft is wrong, so that a test must find it."""
    monkeypatch.setattr("agents.checks.directions.book", lambda: Book(sources={}, dependencies=[]))


async def replayed(folder: Path, run: Run) -> str:
    return (await agents.replay(agents.open_run(folder, run.id))).model_dump_json()


async def test_a_draft_that_survives_is_written_out_with_the_numbers_of_its_test(tmp_path: Path) -> None:
    model = Drafter("rises", "falls")
    run, report = await run_with(tmp_path, model)
    (hypothesis,) = report.hypotheses
    proposal = hypothesis.proposal
    assert [(draft.key, draft.chosen) for draft in hypothesis.drafts] == [("p01/d1", True), ("p01/d2", False)]
    assert [test.key for test in hypothesis.tests] == ["p01/d1"]
    assert hypothesis.score.tested == "survived"
    assert "length" in proposal.statement
    assert "from 0.1 to 10 m" in proposal.statement
    assert "from 0.6344 to 6.344 s" in proposal.prediction
    assert proposal.claim.falsifier is not None
    assert (proposal.mechanism, proposal.steps) == (WORDING["mechanism"], WORDING["steps"])
    assert proposal.summary.endswith("So the clock is set by its length.")
    assert model.times("representation") == 0, "no whole proposal was asked for"
    assert await replayed(tmp_path, run) == report.model_dump_json()


async def test_a_written_falsifier_asks_for_a_fifth_of_what_was_computed(tmp_path: Path) -> None:
    """The least that counts in an exact formula is a millionth of the effect, which no experiment refutes."""
    run, report = await run_with(tmp_path, Drafter("rises", "falls"), claims_first=3)
    (hypothesis,) = report.hypotheses
    falsifier = hypothesis.proposal.claim.falsifier
    assert falsifier is not None
    assert falsifier.number == pytest.approx(0.2 * (6.344 - 0.6344), rel=0.05)
    assert "less than 1.1 s over that range" in hypothesis.proposal.falsifier
    (check,) = [check for check in hypothesis.checks if check.name == "falsifier"]
    assert check.mark > 0.9
    assert "far weaker" not in check.how
    assert await replayed(tmp_path, run) == report.model_dump_json()


@pytest.mark.usefixtures("no_textbook")
async def test_what_a_test_refutes_is_kept_and_another_draft_is_written_out(tmp_path: Path) -> None:
    run, report = await run_with(tmp_path, Drafter("falls", "falls"))
    (hypothesis,) = report.hypotheses
    first, second = hypothesis.drafts
    assert first.test is not None
    assert first.test.verdict is Verdict.REFUTED
    assert (second.chosen, second.test) == (True, None)
    assert [test.verdict for test in hypothesis.tests] == [Verdict.SURVIVED]
    assert [test.key for test in hypothesis.attempts] == ["p01/d2", "p01/d1"]
    assert not hypothesis.refuted
    assert "Of 2 claims 2 were tested (1 refuted, 1 survived)" in " ".join(report.notes)
    assert "1 of them is a draft" in " ".join(report.notes)
    plans = [json.loads(line)["key"] for line in run.experiments.read_text().splitlines()]
    assert plans == ["p01/d1 plan", "p01/d1 result", "p01/d2 plan", "p01/d2 result"]


async def test_a_draft_against_the_textbooks_is_not_tested_first(tmp_path: Path) -> None:
    _, report = await run_with(tmp_path, Drafter("falls", "falls"))
    (hypothesis,) = report.hypotheses
    first, second = hypothesis.drafts
    assert "against: period rises with length" in first.faults[0]
    assert (first.test, second.chosen) == (None, True)


async def test_where_all_are_refuted_one_is_drafted_again_from_what_was_measured(tmp_path: Path) -> None:
    model = Drafter("falls", "rises", again="rises")
    run, report = await run_with(tmp_path, model)
    (hypothesis,) = report.hypotheses
    assert [test.key for test in hypothesis.tests] == ["p01/d1", "p01/d1/revised"]
    assert [test.verdict for test in hypothesis.tests] == [Verdict.REFUTED, Verdict.SURVIVED]
    first, again = (test.result.experiment for test in hypothesis.tests)
    assert first is not None
    assert again is not None
    assert first.settings != again.settings, "other conditions"
    assert hypothesis.refuted_form is not None
    assert hypothesis.refuted_form.claim.relation is Relation.FALLS
    assert hypothesis.proposal.claim.relation is Relation.RISES
    shown = next(request.text for fields, request in model.shown if fields == "because,relation")
    assert "What was measured" in shown
    assert await replayed(tmp_path, run) == report.model_dump_json()


async def test_a_hypothesis_that_nothing_saves_is_told_as_refuted(tmp_path: Path) -> None:
    _, report = await run_with(tmp_path, Drafter("falls", "rises", again="oscillates"))
    (hypothesis,) = report.hypotheses
    assert hypothesis.refuted
    assert sum(draft.chosen for draft in hypothesis.drafts) == 1
    assert len(hypothesis.attempts) == 3


async def test_a_wording_that_cannot_be_read_leaves_what_rules_wrote(tmp_path: Path) -> None:
    run, report = await run_with(tmp_path, Drafter("rises", "falls", wording={"mechanism": ""}))
    (hypothesis,) = report.hypotheses
    assert hypothesis.proposal.mechanism == "the arc grows with the string"
    assert hypothesis.score.tested == "survived"
    assert await replayed(tmp_path, run) == report.model_dump_json()


async def test_drafts_that_say_nothing_leave_the_usual_way(tmp_path: Path) -> None:
    model = Drafter("rises", "no relation at all")
    _, report = await run_with(tmp_path, model)
    (hypothesis,) = report.hypotheses
    assert hypothesis.drafts == []
    assert model.times("representation") == 1


@pytest.mark.usefixtures("no_textbook")
async def test_every_draft_is_seen_while_it_is_tested(tmp_path: Path) -> None:
    run = begin(tmp_path, 1, test_seconds=5, claims_first=1)
    assert run.record.plan is not None
    run.set_plan(run.record.plan.model_copy(update={"measurable": [PAIR, GRAVITY]}))
    watching = Watching()
    with ScriptedServer(Drafter("falls", "falls")) as server:
        context = ToolContext(laboratory=Laboratory(tmp_path / "cache"))
        await go(run, server, context=context, watch=watching)
    told = [(event.who, event.reason[:8]) for event in watching.events if event.kind is EventKind.TESTED]
    assert told == [("p01/d1", "refuted:"), ("p01/d2", "survived")]


async def test_a_review_of_one_sentence_each_is_a_whole_review(tmp_path: Path) -> None:
    model = Drafter("rises", "falls")
    _, report = await run_with(tmp_path, model, short_reviews=True)
    ((reading,), review) = report.hypotheses[0].readings, report.hypotheses[0].readings[0].review
    assert [len(review.strengths), len(review.weaknesses), len(review.missing_tools)] == [1, 1, 1]
    assert len({mark.reason for _, mark in review.marks}) == 1
    assert 0 <= reading.rubric <= 100
    asked = next(fields for fields, _ in model.shown if "soundness" in fields)
    assert "marks" not in asked


def test_a_draft_speaks_of_its_pair_and_no_other() -> None:
    schema = response_format(drafts_type((PAIR.text, GRAVITY.text)))["json_schema"]["schema"]
    assert schema["properties"]["draft_2"]["properties"]["measured"]["const"] == GRAVITY.text
    assert list(schema["properties"]["draft_1"]["properties"]) == ["measured", "because", "relation"]


def test_what_was_refuted_is_not_drafted_again() -> None:
    schema = response_format(again_type(Relation.RISES))["json_schema"]["schema"]
    assert "rises" not in schema["properties"]["relation"]["enum"]


def free(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {
        "drafts": [
            {"system": "glass", "cause": cause, "response": response, "because": "so", "relation": "rises"}
            for cause, response in pairs
        ]
    }


WANTED = ClaimRequest(
    quantities=[ScalarQuantity(label="heat", unit="J"), ScalarQuantity(label="share", unit="1")]
)


def test_without_pairs_cause_and_response_are_chosen_from_quantities() -> None:
    output = free_drafts_type(tuple(one.text for one in WANTED.quantities))
    answer = free(
        ("heat in J", "share"), ("heat in J", "heat in J"), ("heat in J", "share"), ("share", "heat in J")
    )
    drafts = read_drafts(output.model_validate(answer), WANTED, "p01")
    assert [(one.key, one.claim.cause, one.claim.response) for one in drafts] == [
        ("p01/d1", "heat", "share"),
        ("p01/d2", "share", "heat"),
    ]
    assert drafts[0].claim.cause_unit == "J"


def test_drafts_that_all_speak_of_themselves_are_none() -> None:
    output = free_drafts_type(tuple(one.text for one in WANTED.quantities))
    with pytest.raises(StepFailed, match="no draft has a cause and a response that differ"):
        read_drafts(output.model_validate(free(*[("share", "share")] * 4)), WANTED, "p01")


@pytest.mark.parametrize("pairs", [1, 2, 3, 5, 8])
def test_no_two_perspectives_draft_of_one_pair_while_there_are_others(pairs: int) -> None:
    menu = [PAIR.model_copy(update={"cause": f"cause {number}"}) for number in range(pairs)]
    wanted = ClaimRequest(measurable=menu, dealt=["p01", "p03"])
    first, other = wanted.turned("p01").measurable, wanted.turned("p03").measurable
    assert first
    assert other
    assert pairs == 1 or not {one.cause for one in first} & {one.cause for one in other}
    assert wanted.turned("p07").measurable  # a child


@pytest.mark.usefixtures("no_textbook")
@pytest.mark.parametrize(("version", "told"), [(1, 1), (2, 2)])
async def test_two_perspectives_are_two_hypotheses(tmp_path: Path, version: int, told: int) -> None:
    run, report = await run_with(
        tmp_path, Drafter(*["falls"] * (3 - told)), perspectives=2, from_data=False, claims_first=version
    )
    assert len({(h.proposal.claim.cause, h.proposal.claim.response) for h in report.hypotheses}) == told
    assert (await agents.replay(run)).hypotheses == report.hypotheses


@pytest.mark.parametrize(("model", "small"), [("qwen2.5-coder-1.5b", True), ("gpt-5", False)])
def test_who_drafts_is_known_when_a_run_begins(tmp_path: Path, model: str, small: bool) -> None:
    run = create_run(tmp_path, QUESTION, RunSettings(models={"default": ModelRef(name=model)}))
    settings = run.record.settings
    assert (settings.claims_first, settings.short_reviews) == (3 * small, small)
    assert ("claims_first" in run.record.model_dump(mode="json")["settings"]) is small


def test_a_short_review_that_names_no_weakness_is_a_review() -> None:
    marks = dict.fromkeys(("novelty", "soundness", "testability", "feasibility", "relevance"), 3)
    short = ShortReview(
        strength="clear", weakness="", missing_validation=" ", missing_tool="", reason="plain", **marks
    )
    assert short.whole.strengths == ["clear"]
    assert short.whole.weaknesses == short.whole.missing_tools == ["The reviewer names none."]
