"""Coroutines run together, of which none goes on unwatched, or to their end for callers without a loop."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from agents.errors import StepFailed

T = TypeVar("T")


async def run_together(*work: Coroutine[Any, Any, T]) -> list[T]:
    """What they give, in order. If any failed, its error is raised when all have ended.

    Of several errors it is the first, except that one which ends the run comes before a StepFailed.
    """
    ended = await asyncio.gather(*work, return_exceptions=True)
    errors = [one for one in ended if isinstance(one, BaseException)]
    if errors:
        raise next((error for error in errors if not isinstance(error, StepFailed)), errors[0])
    return [one for one in ended if not isinstance(one, BaseException)]


def run_to_end(work: Coroutine[Any, Any, T]) -> T:
    """Return what the coroutine returns; where a loop runs in this thread, another thread does the work."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()
