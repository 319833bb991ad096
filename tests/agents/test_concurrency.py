"""What runs at once is waited for, whatever fails."""

import asyncio

import pytest

from agents.concurrency import run_together
from agents.errors import BudgetSpent, StepFailed


async def test_results_come_in_order() -> None:
    async def give(number: int) -> int:
        await asyncio.sleep(0.01 / number)
        return number

    assert await run_together(give(1), give(2), give(3)) == [1, 2, 3]


async def test_an_error_is_raised_when_all_have_ended_and_the_gravest_first() -> None:
    ended = []

    async def work(error: Exception | None, seconds: float) -> None:
        await asyncio.sleep(seconds)
        ended.append(seconds)
        if error:
            raise error

    failed, spent = StepFailed("review", "unreadable"), BudgetSpent("spent")
    with pytest.raises(BudgetSpent):
        await run_together(work(failed, 0), work(spent, 0.01), work(None, 0.03))
    assert ended == [0, 0.01, 0.03]


async def test_who_is_cancelled_cancels_all() -> None:
    ended = []

    async def work() -> None:
        await asyncio.sleep(0.05)
        ended.append(1)

    task = asyncio.create_task(run_together(work(), work()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0.06)
    assert not ended
