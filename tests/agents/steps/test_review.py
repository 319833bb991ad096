"""A reviewer sees what its calls found and marks again; both marks stay, and prose adds one step at most."""

import json
from pathlib import Path
from typing import Any

import pytest

from agents.data_files import rubric
from agents.schema import Evidence, Mark, Marks, MarksAgain, Reading
from agents.scripted import Request, ScriptedServer
from agents.steps.review import Submission, mark_again
from tests.agents.literature.talk import QUESTION, chatting
from tests.agents.samples import PROPOSAL, make_review
from tests.conftest import ServerFactory

FOUND = Evidence(
    source="well 2", inputs={"angstrom": 2.0}, content={"value": 9.4, "unit": "eV"}, asked_by="the sceptic"
)


def marks(mark: int) -> Marks:
    return Marks.model_validate(dict.fromkeys(rubric().dimensions, Mark(reason="so", mark=mark)))


def reading(first: int, model: str = "scripted") -> Reading:
    return Reading(reviewer="the sceptic", model=model, review=make_review(first), rubric=25.0 * (first - 1))


def answering(mark: int, seen: list[Request]) -> Any:  # noqa: ANN401 - an answer function
    def answer(request: Request) -> str:
        seen.append(request)
        return json.dumps({"changed": "the energy", "marks": marks(mark).model_dump()})

    return answer


async def again(
    server: ScriptedServer, folder: Path, first: int = 3, model: str = "scripted", *evidence: Evidence
) -> Reading:
    async with chatting(folder, server) as chat:
        given = Submission(QUESTION, PROPOSAL, evidence)
        (found,) = await mark_again(chat, given, [reading(first, model)], "p01")
    return found


@pytest.mark.parametrize(
    ("first", "second", "counted"), [(5, 2, 3), (3, 2, 3), (2, 2, 2), (2, 4, 4), (1, 5, 5), (5, 5, 5)]
)
def test_second_marks_count_and_prose_adds_one_step_at_most(first: int, second: int, counted: int) -> None:
    both = reading(first).model_copy(update={"again": MarksAgain(changed="the energy", marks=marks(second))})
    assert {mark.mark for _, mark in both.counted} == {counted}


async def test_a_reviewer_sees_what_its_calls_found_and_its_doubts_but_no_prose(
    tmp_path: Path, scripted: ServerFactory
) -> None:
    seen: list[Request] = []
    marked = await again(scripted(answering(5, seen)), tmp_path, 3, "scripted", FOUND)
    text = seen[0].text
    assert "9.4" in text
    assert "no tunnelling between walls" in text
    assert "domain-wall density" in text
    assert PROPOSAL.mechanism not in text
    assert marked.again is not None
    assert {mark.mark for _, mark in marked.review.marks} == {3}, "the first marks are kept"
    assert marked.rubric == 100


async def test_who_cannot_mark_again_keeps_its_first_marks(tmp_path: Path, scripted: ServerFactory) -> None:
    assert await again(scripted(lambda _: "no idea"), tmp_path) == reading(3)


async def test_a_model_that_cannot_rank_is_asked_only_where_its_calls_found_something(
    tmp_path: Path, scripted: ServerFactory
) -> None:
    small, seen = "qwen2.5-coder-1.5b", list[Request]()
    server = scripted(answering(4, seen))
    assert (await again(server, tmp_path, 3, small)).again is None
    assert not seen
    assert (await again(server, tmp_path, 3, small, FOUND)).again is not None
