"""Runs one mining job, where the workshop is, and tells how far it is."""

import asyncio
from contextlib import AbstractContextManager

from agents.mining import Means, MiningProgress, MiningStore, run_job
from app.jobs.watching import Reporter, StopRequest


def mine(
    store: MiningStore, job: str, means: AbstractContextManager[Means], stop: StopRequest, reporter: Reporter
) -> None:
    """Run a mining job from where it stands with what `means` opens. Raises what its parts raise."""
    with means as opened:
        asyncio.run(_mine(store, job, opened, stop, reporter))


async def _mine(store: MiningStore, job: str, means: Means, stop: StopRequest, reporter: Reporter) -> None:
    """A stop cancels it, and leaves the job stopped with what is answered."""
    stop.arm()
    try:
        await run_job(store, job, means, shown=lambda progress: tell_progress(reporter, progress))
    except asyncio.CancelledError:
        if not stop.asked:
            raise


def tell_progress(reporter: Reporter, progress: MiningProgress) -> None:
    reporter.progressed("pairs", progress.done + progress.failed, progress.pairs)
