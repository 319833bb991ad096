"""What a tool says is evidence, on disk before it is used; whatever it does, the run goes on."""

import asyncio
import json
import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, RootModel

from agents import toolbox
from agents.errors import ReplayMiss
from agents.schema import Evidence, Strict
from agents.toolbox import Toolbox, ToolUses
from tests.tools.slow_tools import Doing, Sleeper
from tools import ToolError
from tools.runner import Runner


class Length(Strict):
    angstrom: float


class Energy(BaseModel):
    value: float
    unit: str = "eV"


def energy(length: float) -> Energy:
    return Energy(value=37.6 / length**2)


class Well:
    """The ground state of a box, or whatever else a test wants of a tool; it counts its runs."""

    name, version, purpose = "well", "2", "ground-state energy of an electron in a box"
    arguments: type[BaseModel] = Length

    def __init__(self, answer: Callable[[float], Any] = energy) -> None:
        self.answer, self.runs = answer, 0

    def run(self, arguments: BaseModel) -> BaseModel:
        self.runs += 1
        said: BaseModel = self.answer(Length.model_validate(arguments.model_dump()).angstrom)
        return said


def uses(folder: Path, *, replay: bool = False) -> ToolUses:
    return ToolUses(folder / "evidence.jsonl", replay=replay)


async def use(well: Well, folder: Path, length: float = 2.0, *, replay: bool = False) -> Evidence:
    return await Toolbox([well], uses(folder, replay=replay)).use("well", Length(angstrom=length))


async def test_a_result_is_evidence_with_inputs_unit_and_version(tmp_path: Path) -> None:
    evidence = await use(Well(), tmp_path)
    assert evidence.source == "well 2"
    assert evidence.inputs == {"angstrom": 2.0}
    assert evidence.content == {"value": pytest.approx(9.4), "unit": "eV"}
    assert evidence.answered


async def test_a_recorded_use_is_not_repeated(tmp_path: Path) -> None:
    well = Well()
    first = await use(well, tmp_path)
    assert await use(well, tmp_path) == await use(well, tmp_path, replay=True) == first
    assert well.runs == 1
    await use(well, tmp_path, length=3)
    well.version = "3"
    await use(well, tmp_path)
    assert well.runs == 3


async def test_a_replay_runs_no_tool(tmp_path: Path) -> None:
    well = Well()
    with pytest.raises(ReplayMiss, match=r"evidence\.jsonl does not hold tool result"):
        await use(well, tmp_path, replay=True)
    assert not well.runs


async def test_twins_at_once_run_once(tmp_path: Path) -> None:
    well = Well()
    box = Toolbox([well], uses(tmp_path))
    twins = await asyncio.gather(*(box.use("well", Length(angstrom=2)) for _ in range(5)))
    assert well.runs == 1 == len(set(map(str, twins)))


def fail(error: BaseException) -> Callable[[float], Any]:
    def answer(_: float) -> None:
        raise error

    return answer


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (fail(ToolError("the width must be\n positive, in Å")), "the width must be positive, in Å"),
        (fail(ZeroDivisionError("by\nzero\x1b[31m")), "broke off (ZeroDivisionError: by zero[31m)"),
        (fail(SystemExit(3)), "broke off (SystemExit: 3)"),
        (fail(ToolError("x" * 9_000)), "x" * 300),
        (lambda _: None, "broke off (AttributeError: "),
        (lambda _: RootModel[list[int]]([1]), "broke off (ValidationError: "),
        (lambda _: Energy(value=1, unit="\ud800"), "broke off (PydanticSerializationError: "),
    ],
)
async def test_whatever_breaks_in_a_tool_is_failed_evidence(
    tmp_path: Path, answer: Callable[[float], Any], error: str
) -> None:
    evidence = await use(Well(answer), tmp_path)
    assert str(evidence.error).startswith(error)
    assert len(str(evidence.error).splitlines()) == 1
    assert await use(Well(answer), tmp_path, replay=True) == evidence


async def test_what_json_cannot_say_is_the_same_when_it_is_read_back(tmp_path: Path) -> None:
    well = Well(lambda _: Energy(value=float("nan")))
    assert (await use(well, tmp_path)).content == (await use(well, tmp_path, replay=True)).content


async def test_a_slow_tool_is_given_up_and_stays_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toolbox, "MOST_SECONDS", 0.05)
    hold = threading.Event()
    slow = Well(lambda _: hold.wait(5))
    evidence = await use(slow, tmp_path)
    hold.set()
    assert "no result within" in str(evidence.error)
    await asyncio.sleep(0.05)  # what comes too late changes nothing
    assert await use(slow, tmp_path, replay=True) == evidence


def test_a_tool_that_hangs_does_not_hold_up_the_end_of_the_process(tmp_path: Path) -> None:
    code = """
        import asyncio, pathlib, sys, time
        from agents import toolbox
        from tests.agents.test_toolbox import Well, use
        toolbox.MOST_SECONDS = 0.05
        print(asyncio.run(use(Well(lambda _: time.sleep(60)), pathlib.Path(sys.argv[1]))).error)
    """
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", textwrap.dedent(code), tmp_path],
        check=True,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert "no result within" in done.stdout


async def test_a_last_line_that_was_cut_off_is_found_out_again(tmp_path: Path) -> None:
    well = Well()
    await use(well, tmp_path)
    path = tmp_path / "evidence.jsonl"
    path.write_bytes(path.read_bytes()[:-9])
    assert "the last tool result was cut off" in str(uses(tmp_path).notice)
    await use(well, tmp_path)
    assert well.runs == 2
    assert len([json.loads(line) for line in path.read_text().splitlines()]) == 1


async def test_whoever_asks_may_set_the_time_and_nobody_waits_for_what_hangs_for_ever(tmp_path: Path) -> None:
    hold = threading.Event()
    slow = Well(lambda _: hold.wait(5))
    box = Toolbox([slow], uses(tmp_path))
    asked = (box.use("well", Length(angstrom=n), seconds=0.1) for n in range(1, toolbox.AT_ONCE + 3))
    answers = await asyncio.gather(*asked)
    hold.set()
    assert all("no result within" in str(answer.error) for answer in answers)


async def test_waiting_for_others_does_not_count(tmp_path: Path) -> None:
    def sleep(length: float) -> Energy:
        time.sleep(0.2)
        return energy(length)

    well = Well(sleep)
    box = Toolbox([well], uses(tmp_path))
    asked = (box.use("well", Length(angstrom=n), seconds=0.5) for n in range(1, 3 * toolbox.AT_ONCE + 1))
    assert all(answer.answered for answer in await asyncio.gather(*asked))


async def test_what_is_given_up_keeps_its_place_until_it_ends(tmp_path: Path) -> None:
    hold = threading.Event()
    slow = Well(lambda length: hold.wait(5) and energy(length))
    box = Toolbox([slow], uses(tmp_path))

    async def ask(length: int, seconds: float) -> Evidence:
        return await box.use("well", Length(angstrom=length), seconds=seconds)

    await asyncio.gather(*(ask(n, 0.05) for n in range(1, toolbox.AT_ONCE + 1)))
    later = asyncio.create_task(ask(toolbox.AT_ONCE + 1, 5))
    await asyncio.sleep(0.05)
    assert slow.runs == toolbox.AT_ONCE
    hold.set()
    assert (await later).answered
    assert slow.runs == toolbox.AT_ONCE + 1


async def test_a_runner_computes_what_needs_nothing_of_the_run_within_its_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleeper, well = Sleeper("heavy"), Well()
    monkeypatch.setattr(toolbox, "all_tools", lambda: (sleeper,))
    with Runner() as runner:
        box = Toolbox([sleeper, well], uses(tmp_path), runner, "a run")

        async def do(what: str) -> Evidence:
            return await box.use("heavy", Doing(what=what, seconds=30), seconds=20 if what == "eat" else 3)

        assert "gave no result within 3 s" in str((await do("sleep")).error)
        assert "more memory" in str((await do("eat")).error)
        assert str((await do("break")).error).startswith("heavy broke off (ValueError")
        assert (await do("refuse")).error == "not today"
        where = await box.use("heavy", Doing(what="answer"))
        assert where.content is not None
        assert where.content["process"] != os.getpid()
        assert (await box.use("well", Length(angstrom=2))).answered, "in a thread, as it is none of all tools"
        assert well.runs == 1


async def test_our_own_tools_are_recorded_and_not_on_offer(tmp_path: Path) -> None:
    well, box = Well(), Toolbox([], uses(tmp_path))
    first = await box.use_own(well, Length(angstrom=2))
    assert await box.use_own(well, Length(angstrom=2)) == first
    assert (well.runs, box.tools) == (1, [])
