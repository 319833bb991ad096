"""Reviewers may ask for calls: typed, few, and attached under their name."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agents.run import create_run
from agents.schema import Evidence, ModelRef, Reading, RunSettings
from agents.scripted import Request
from agents.steps.gather import MOST_WANTED, gather_wanted
from agents.steps.review import Submission
from agents.toolbox import Toolbox, ToolUses
from tests.agents.literature.talk import QUESTION, chatting
from tests.agents.runs import begin, go
from tests.agents.samples import PROPOSAL, make_review
from tests.agents.test_toolbox import Well
from tests.conftest import ServerFactory

ASKED = {"tool": "well", "arguments": {"angstrom": 2.0}}
MADE = Evidence(source="well 2", inputs={"angstrom": 2.0}, content={"value": 9.4, "unit": "eV"})


def reading(name: str = "the sceptic") -> Reading:
    return Reading(reviewer=name, model="scripted", review=make_review(), rubric=50)


def wanting(*calls: dict[str, Any]) -> Callable[[Request], str]:
    return lambda _: json.dumps({"calls": list(calls)})


async def want(
    server: Any,  # noqa: ANN401 - a scripted server
    folder: Path,
    *,
    evidence: tuple[Evidence, ...] = (),
    readings: tuple[Reading, ...] = (reading(),),
    tools: tuple[Well, ...] | None = None,
) -> list[Evidence]:
    box = Toolbox([Well()] if tools is None else tools, ToolUses(folder / "evidence.jsonl"))
    async with chatting(folder, server) as chat:
        return await gather_wanted(chat, Submission(QUESTION, PROPOSAL, evidence), readings, box, "p01")


async def test_what_a_reviewer_asks_for_is_run_and_bears_its_name(
    tmp_path: Path, scripted: ServerFactory
) -> None:
    (found,) = await want(scripted(wanting(ASKED)), tmp_path)
    assert found.asked_by == "the sceptic"
    assert found.content["value"] == pytest.approx(9.4)


async def test_each_reviewer_asks_for_itself(tmp_path: Path, scripted: ServerFactory) -> None:
    readings = (reading("one"), reading("two"))
    found = await want(scripted(wanting(ASKED)), tmp_path, readings=readings)
    assert [item.asked_by for item in found] == ["one", "two"]


async def test_what_is_there_is_not_attached_again(tmp_path: Path, scripted: ServerFactory) -> None:
    assert await want(scripted(wanting(ASKED, ASKED)), tmp_path, evidence=(MADE,)) == []


async def test_a_reviewer_sees_its_doubts_and_the_calls_but_no_result(
    tmp_path: Path, scripted: ServerFactory
) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> str:
        seen.append(request)
        return wanting()(request)

    await want(scripted(answer), tmp_path, evidence=(MADE,))
    assert "no tunnelling between walls" in seen[0].text
    assert '"angstrom":2.0' in seen[0].text
    assert "9.4" not in seen[0].text


async def test_more_calls_than_allowed_are_an_answer_that_cannot_be_read(
    tmp_path: Path, scripted: ServerFactory
) -> None:
    calls = [{"tool": "well", "arguments": {"angstrom": n}} for n in range(1, MOST_WANTED + 2)]
    (found,) = await want(scripted(wanting(*calls)), tmp_path)
    assert "no readable answer" in str(found.error)
    assert found.asked_by == "the sceptic"


async def test_a_failing_tool_is_told(tmp_path: Path, scripted: ServerFactory) -> None:
    zero = {"tool": "well", "arguments": {"angstrom": 0}}
    (found,) = await want(scripted(wanting(zero)), tmp_path)
    assert str(found.error).startswith("broke off (ZeroDivisionError")


async def test_without_tools_nobody_is_asked(tmp_path: Path, scripted: ServerFactory) -> None:
    server = scripted(wanting(ASKED))
    assert await want(server, tmp_path, tools=()) == []
    assert not server.requests


@pytest.mark.parametrize("second_look", [True, False])
async def test_a_reviewer_that_ranks_nothing_marks_once(
    tmp_path: Path, scripted: ServerFactory, *, second_look: bool
) -> None:
    report = await go(begin(tmp_path, 1, second_look=second_look), scripted())
    assert len(report.hypotheses) == 1
    assert ("mark" in {call.step for call in report.calls}) is second_look


@pytest.mark.parametrize(("model", "looks"), [("qwen2.5-coder-1.5b", False), ("gpt-5", True)])
def test_who_may_look_twice_is_known_when_a_run_begins(tmp_path: Path, model: str, looks: bool) -> None:
    run = create_run(tmp_path, QUESTION, RunSettings(models={"default": ModelRef(name=model)}))
    assert run.record.settings.second_look is looks
    assert ("second_look" in run.record.model_dump(mode="json")["settings"]) is not looks
