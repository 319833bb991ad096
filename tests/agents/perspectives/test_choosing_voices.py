"""A model chooses who speaks by numbers of a shortlist; the rule's plan stands where it cannot."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

import agents
from agents.model import Chat, Endpoint, Journal
from agents.perspectives.choosing_voices import choose_voices, said_use, voices_type
from agents.perspectives.far import SEEN
from agents.run import Run, RunPlan
from agents.schema import ConceptRef, Distance, Perspective
from agents.scripted import Request, ScriptedServer
from agents.scripted import scripted as scripted_answer
from tests.agents.runs import QUESTION, begin, go
from tests.agents.samples import PERSPECTIVE
from tests.conftest import ServerFactory


def voice(label: str, distance: Distance, key: str = "s01") -> Perspective:
    narrow = ConceptRef(uri=f"https://doi.org/10.29172/{label}", label=label)
    return PERSPECTIVE.model_copy(
        update={"key": key, "narrow": narrow, "distance": distance, "role": f"{label} Physicist"}
    )


SHORTLIST = [
    *(voice(f"near{n}", Distance.NEAR) for n in range(1, 5)),
    *(
        voice(f"far{n}", Distance.FAR).model_copy(
            update={"reason": f"in Networks, far{n} maps it{SEEN}7 of 1,000 abstracts until 2016 with Cars)"}
        )
        for n in range(1, 4)
    ),
]


def carried(*numbers: str, mapping: str = "Grains are cars; flow by density.") -> list[dict[str, str]]:
    return [{"number": number, "mapping": mapping} for number in numbers]


def used(*concepts: str, use: str = "Its width is measured against load.") -> list[dict[str, str]]:
    return [{"concept": concept, "use": use} for concept in concepts]


def find(name: str) -> Perspective | None:
    known = {
        "Rheology": voice("Rheology", Distance.NEAR),
        "near3": SHORTLIST[2],
        "pin": voice("pin", Distance.NEAR),
        "far1": voice("far1", Distance.NEAR),  # it speaks already, from afar
    }
    return known.get(name)


def planned(runs: Path) -> Run:
    run = begin(runs)
    assert run.record.plan
    voices = [
        voice("pin", Distance.PINNED, "p01"),
        voice("near1", Distance.NEAR, "p02"),
        voice("near2", Distance.NEAR, "p03"),
        voice("far1", Distance.FAR, "p04"),
    ]
    run.set_plan(run.record.plan.model_copy(update={"perspectives": voices, "shortlist": SHORTLIST}))
    return run


async def choose(folder: Path, server: ScriptedServer, roles: tuple[str, ...] = ()) -> RunPlan:
    run = planned(folder)
    assert run.record.plan
    endpoint = Endpoint(name="capable", base_url=server.base_url)
    async with Chat({"default": endpoint}, Journal(folder / "calls.jsonl")) as chat:
        return await choose_voices(chat, QUESTION, run.record.plan, find, roles)


def labels(plan: RunPlan) -> list[str]:
    return [one.narrow.label for one in plan.perspectives]


async def test_the_models_choice_speaks_and_pinned_ones_stay(tmp_path: Path, scripted: ServerFactory) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> str:
        seen.append(request)
        return json.dumps({"near": used("4", "2"), "far": carried("3")})

    plan = await choose(tmp_path, scripted(answer), roles=("First", "Second"))
    assert labels(plan) == ["pin", "near4", "near2", "far3"]
    assert [one.key for one in plan.perspectives] == ["p01", "p02", "p03", "p04"]
    assert plan.perspectives[1].role == "Second"
    assert plan.perspectives[1].reason.startswith(
        "Its width is measured against load. (chosen by scripted from a shortlist of 4; "
    )
    assert said_use(plan.perspectives[1]) == "Its width is measured against load."
    assert plan.shortlist == []
    assert [one.narrow.label for one in plan.reserve] == ["far1"]
    assert QUESTION in seen[0].text
    assert "3. near3" in seen[0].text


async def test_a_number_named_twice_is_filled_by_the_rule(tmp_path: Path, scripted: ServerFactory) -> None:
    plan = await choose(
        tmp_path, scripted(lambda _: json.dumps({"near": used("3", "3"), "far": carried("2")}))
    )
    assert labels(plan) == ["pin", "near3", "near1", "far2"]
    assert "chosen by" not in plan.perspectives[2].reason


async def test_a_concept_beyond_the_list_speaks_by_its_name(tmp_path: Path, scripted: ServerFactory) -> None:
    plan = await choose(
        tmp_path, scripted(lambda _: json.dumps({"near": used("Rheology", "near3"), "far": carried("1")}))
    )
    assert labels(plan) == ["pin", "Rheology", "near3", "far1"]
    assert " (chosen by scripted by name, beyond a shortlist of 4; " in plan.perspectives[1].reason
    assert " (chosen by scripted from a shortlist of 4; " in plan.perspectives[2].reason


@pytest.mark.parametrize(
    ("chosen", "heard", "spoken"),
    [
        (("1", "2"), "AB", ["near1", "near3"]),
        (("2", "1"), "AB", ["near2", "near3"]),
        (("4", "3"), "AB", ["near3", "near1"]),
        (("3", "2"), "AB", ["near3", "near2"]),
        (("4", "2"), "C", ["near4", "near2"]),
        (("1", "2"), "C", ["near1", "near4"]),
        (("1", "2"), "D", ["near1", "near2"]),
        (("1", "2"), "", ["near1", "near2"]),
    ],
)
async def test_every_pinned_discipline_keeps_a_voice(
    tmp_path: Path,
    scripted: ServerFactory,
    chosen: tuple[str, str],
    heard: str,
    spoken: list[str],
) -> None:
    """The model's choice within a discipline goes first; the rule's comes where it chose none."""
    run = planned(tmp_path)
    assert run.record.plan
    near = [
        one.model_copy(update={"discipline": ConceptRef(uri=home, label=home)})
        for one, home in zip(SHORTLIST, "AABC", strict=False)
    ]
    plan = run.record.plan.model_copy(update={"shortlist": [*near, *SHORTLIST[4:]]})
    answer = json.dumps({"near": used(*chosen), "far": carried("1")})
    endpoint = Endpoint(name="capable", base_url=scripted(lambda _: answer).base_url)
    async with Chat({"default": endpoint}, Journal(tmp_path / "calls.jsonl")) as chat:
        plan = await choose_voices(chat, QUESTION, plan, find, heard=tuple(heard))
    assert labels(plan) == ["pin", *spoken, "far1"]


@pytest.mark.parametrize("name", ["Phlogiston", "pin", "far1", "²", "①", "x" * 80])
async def test_a_name_that_cannot_speak_leaves_its_place_to_the_rule(
    tmp_path: Path, scripted: ServerFactory, name: str
) -> None:
    answer = json.dumps({"near": used(name, "3"), "far": carried("1")})
    plan = await choose(tmp_path, scripted(lambda _: answer))
    assert labels(plan) == ["pin", "near3", "near1", "far1"]


async def test_a_use_cannot_speak_for_the_rule(tmp_path: Path, scripted: ServerFactory) -> None:
    sly = "Seen everywhere (chosen by all specialists) " + "and more " * 100
    answer = json.dumps({"near": used("3", "2", use=sly), "far": carried("1")})
    chosen = (await choose(tmp_path, scripted(lambda _: answer))).perspectives[1]
    assert said_use(chosen).startswith("Seen everywhere; all specialists) and more")
    assert len(said_use(chosen)) <= 600


async def test_the_model_says_how_a_far_method_carries_over(tmp_path: Path, scripted: ServerFactory) -> None:
    said = "Grains\nare cars (seen together in 900 abstracts)."
    plan = await choose(
        tmp_path, scripted(lambda _: json.dumps({"near": used("3", "2"), "far": carried("2", mapping=said)}))
    )
    assert plan.perspectives[3].reason == (
        "Grains are cars; 900 abstracts). (seen together in 7 of 1,000 abstracts until 2016 with Cars)"
        "; chosen by scripted from a shortlist of 3"
    )


async def test_a_mapping_without_end_is_cut(tmp_path: Path, scripted: ServerFactory) -> None:
    long = carried("1", mapping="sand flows " * 500)
    plan = await choose(tmp_path, scripted(lambda _: json.dumps({"near": used("3", "2"), "far": long})))
    assert " … (seen together in 7 of" in plan.perspectives[3].reason
    assert len(plan.perspectives[3].reason) < 800


async def test_an_answer_that_fits_no_number_leaves_the_rules_plan(
    tmp_path: Path, scripted: ServerFactory
) -> None:
    plan = await choose(
        tmp_path, scripted(lambda _: json.dumps({"near": used("9", "0"), "far": carried("sand")}))
    )
    assert labels(plan) == ["pin", "near1", "near2", "far1"]
    assert plan.shortlist == []


def test_only_numbers_of_the_lists_are_read() -> None:
    output = voices_type(3, 0, 2, 0)
    assert output.model_validate({"near": used("1", "3"), "far": []})
    for wrong in (
        {"near": used("1"), "far": []},
        {"near": used("1", "4"), "far": []},
        {"near": used("1", "2"), "far": carried("1")},
    ):
        with pytest.raises(ValidationError):
            output.model_validate(wrong)


async def test_the_call_is_recorded_once_and_a_replay_asks_nobody(
    tmp_path: Path, scripted: ServerFactory
) -> None:
    asked: list[str] = []
    told: list[str] = []

    def answer(request: Request) -> str:
        told.append(request.text)
        if "near" in str(request.asked_schema) and "far" in str(request.asked_schema):
            asked.append(request.text)
            return json.dumps({"near": used("3", "4"), "far": carried("2")})
        return scripted_answer(request)

    run = planned(tmp_path)
    report = await go(run, scripted(answer))
    assert len(asked) == 1
    assert [call.step for call in report.calls].count("choose") == 1
    spoke = {hypothesis.perspective.narrow.label for hypothesis in report.hypotheses}
    assert spoke <= {"pin", "near3", "near4", "far2"}
    assert "near3" in spoke
    assert any("What it may do here:" in text and "Its width is measured" in text for text in told)
    assert any("How it may carry over:" in text and "Grains are cars" in text for text in told)
    again = await agents.replay(run)
    assert again == report
    assert len(asked) == 1
