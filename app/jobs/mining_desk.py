"""The service's mining jobs, one after the other in the queue of the service; each goes on where it stood.

That a job is wanted is written to its store as well: what an earlier version left is taken up by the next
start, whatever the queue knows.
"""

import logging
from collections.abc import Callable
from pathlib import Path

from agents import AgentsError
from agents.mining import JobState, MiningProgress, MiningStore, resume
from agents.mining.database import FILE
from app.jobs.feed import Make
from app.jobs.mining_work import tell_progress
from app.jobs.people import LOCAL
from app.jobs.state import RunState
from app.jobs.tasks import QueuedTask, TaskOutcome
from app.jobs.watching import Reporter, StopRequest

log = logging.getLogger("hypofind")
ENDED = {  # of a job that is left neither done nor broken off
    JobState.PAUSED: RunState.CANCELLED,
    JobState.CANCELLED: RunState.CANCELLED,
    JobState.STOPPED: RunState.CANCELLED,
}


class MiningDesk:
    """`work` runs a job, where it may be computed, or raises; `submit` queues a job of an owner.

    `settled` is told what a job has come to when it ends, so that its key is charged what was spent.
    """

    def __init__(
        self,
        folder: Path,
        work: Callable[[str, Callable[[Make], None], StopRequest], object],
        settled: Callable[[str | None, MiningProgress], None] = lambda _owner, _progress: None,
        submit: Callable[[str, str], object] = lambda _job, _owner: None,
    ) -> None:
        self._folder, self._work, self._settled, self._submit = folder, work, settled, submit

    def start(self, job: str) -> None:
        """Idempotent while the job waits or runs. Raises JobConflict for a job that is over."""
        with MiningStore(self._folder) as store:
            resume(store, job)
            store.set_wanted(job, wanted=True)
            owner = store.owner(job)
        self._submit(job, owner or LOCAL)

    def take_up(self) -> None:
        """Go on with what was wanted when the service ended. What cannot be is logged."""
        if not (self._folder / FILE).exists():
            return
        with MiningStore(self._folder) as store:
            wanted = store.wanted()
        for job in wanted:
            try:
                self.start(job)
            except AgentsError as error:
                log.warning("mining job %s is not gone on with: %s", job, error)

    def perform(self, task: QueuedTask, stop: StopRequest, reporter: Reporter) -> TaskOutcome:
        """Run the job of a task from where it stands, until its end or a stop. Raises what its parts raise.

        A stop leaves the job wanted: it comes when the process ends.
        """
        job = task.asked
        with MiningStore(self._folder) as store:
            try:
                if store.state(job) not in (JobState.PAUSED, JobState.CANCELLED):  # while it waited
                    self._work(job, reporter.add, stop)
            finally:
                if not stop.asked:
                    store.set_wanted(job, wanted=False)
                    self._settled(store.owner(job), store.progress(job))
            progress = store.progress(job)
        tell_progress(reporter, progress)
        state, reason = how_it_ended(progress)
        return TaskOutcome(state=state, reason=reason, result=progress.model_dump_json())


def how_it_ended(progress: MiningProgress) -> tuple[RunState, str | None]:
    """Return the state that a job's task ends in, and why where it is not done."""
    reason = None if progress.state is JobState.DONE else str(progress.state.value)
    return ENDED.get(progress.state, RunState.SUCCEEDED), reason
