"""Tools in processes of their own: limits that hold, work that ends with whoever wanted it, turns."""

import asyncio
import os
import time

import pytest
from pydantic import BaseModel

from tests.tools.slow_tools import Doing, Sleeper
from tools import ToolError
from tools.processes import YIELDS
from tools.runner import BrokeOff, CallerGone, Runner, TooMany, TooSlow, unless_gone


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def dies(process: int) -> bool:
    """Within seconds: a busy machine takes a moment to kill and to bury."""
    for _ in range(100):
        if not alive(process):
            return True
        await asyncio.sleep(0.05)
    return False


@pytest.fixture
def runner() -> Runner:
    return Runner(seconds=20, places=2, waiting=3)


async def do(runner: Runner, what: str, caller: str = "a", seconds: float = 0.0, tool: str = "heavy") -> int:
    arguments: BaseModel = Doing(what=what, seconds=seconds)
    return int((await runner.run(Sleeper(tool), arguments, caller))["process"])


async def test_a_tool_runs_in_another_process_that_is_used_again(runner: Runner) -> None:
    first = await do(runner, "answer")
    assert first != os.getpid()
    assert await do(runner, "answer") == first
    runner.close()
    assert await dies(first)


async def test_heavy_work_lets_others_go_first_and_cheap_work_does_not(runner: Runner) -> None:
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    heavy, cheap = await do(runner, "answer"), await do(runner, "answer", tool="cheap")
    assert os.getpriority(os.PRIO_PROCESS, heavy) == ours + YIELDS
    assert os.getpriority(os.PRIO_PROCESS, cheap) == ours
    runner.close()


async def test_what_it_refuses_and_what_it_breaks_by_are_told_apart(runner: Runner) -> None:
    with pytest.raises(ToolError, match="not today"):
        await do(runner, "refuse")
    with pytest.raises(BrokeOff, match="ValueError: a fault of ours"):
        await do(runner, "break")
    with pytest.raises(TooSlow, match="was ended"):
        await do(runner, "die")
    with pytest.raises(ToolError, match="more memory"):
        await do(runner, "eat")
    assert await do(runner, "answer")
    runner.close()


@pytest.mark.slow
async def test_one_that_takes_too_long_is_killed_and_its_place_is_free() -> None:
    runner = Runner(seconds=3, places=1)
    process = await do(runner, "answer")
    with pytest.raises(TooSlow, match="within 3 s"):
        await do(runner, "sleep", seconds=60)
    assert await dies(process)
    assert await do(runner, "answer") != process
    runner.close()


async def test_when_the_caller_goes_the_work_ends(runner: Runner) -> None:
    process = await do(runner, "answer")

    async def gone() -> None:
        await asyncio.sleep(0.3)

    work = runner.run(Sleeper("heavy"), Doing(what="sleep", seconds=60), "a")
    with pytest.raises(CallerGone):
        await unless_gone(work, gone)
    assert await dies(process)
    runner.close()


@pytest.mark.slow
async def test_callers_take_turns_and_cheap_tools_wait_for_nobody(runner: Runner) -> None:
    order = list[str]()

    async def use(caller: str, seconds: float) -> None:
        await do(runner, "sleep", caller, seconds)
        order.append(caller)

    await asyncio.gather(do(runner, "answer"), do(runner, "answer", "b"), do(runner, "answer", tool="cheap"))
    many = [asyncio.create_task(use("many", 1.0)) for _ in range(5)]
    await asyncio.sleep(0.1)
    one = asyncio.create_task(use("one", 0.0))
    began = time.monotonic()
    await do(runner, "answer", "many", tool="cheap")
    quick = time.monotonic() - began
    await asyncio.gather(*many, one)
    assert order.index("one") <= 3, "not behind all five"
    assert not runner.callers_waiting, "nobody is forgotten"
    assert quick < sum(order.count(name) for name in ("many",))
    runner.close()


async def test_a_caller_may_not_queue_without_end(runner: Runner) -> None:
    tasks = [asyncio.create_task(do(runner, "sleep", seconds=1.0)) for _ in range(5)]
    await asyncio.sleep(0.1)
    with pytest.raises(TooMany, match="3 uses of yours wait"):
        await do(runner, "answer")
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert await do(runner, "answer", "b")
    runner.close()
