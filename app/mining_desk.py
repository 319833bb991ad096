"""The service's mining jobs, one after the other in the background; each goes on where it stood.

That a job is wanted is written to its store: a service that ends, however it ends, goes on with it at the
next start, as it does with runs.
"""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from agents import AgentsError
from agents.mining import JobState, Means, Progress, Store, resume, run_job

log = logging.getLogger("hypofind")


class Desk:
    """Starts its thread with the first job. `means` opens what a job is run with, or raises.

    `settled` is told what a job has come to when it ends, so that its key is charged what was spent.
    """

    def __init__(
        self,
        folder: Path,
        means: Callable[[Store, str], AbstractContextManager[Means]],
        settled: Callable[[str | None, Progress], None] = lambda _owner, _progress: None,
    ) -> None:
        self._folder, self._means, self._settled = folder, means, settled
        self._waiting: queue.Queue[str] = queue.Queue()
        self._known: set[str] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self, job: str) -> None:
        """Idempotent while the job waits or runs. Raises JobConflict for a job that is over."""
        with Store(self._folder) as store:
            resume(store, job)
            store.set_wanted(job, wanted=True)
        with self._lock:
            if job not in self._known:
                self._known.add(job)
                self._waiting.put(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True, name="mines")
                self._thread.start()

    def take_up(self) -> None:
        """Go on with what was wanted when the service ended. What cannot be is logged."""
        with Store(self._folder) as store:
            wanted = store.wanted()
        for job in wanted:
            try:
                self.start(job)
            except AgentsError as error:
                log.warning("mining job %s is not gone on with: %s", job, error)

    def _work(self) -> None:
        while True:
            job = self._waiting.get()
            try:
                self._run(job)
            except AgentsError as error:
                log.warning("mining job %s stopped: %s", job, error)
            except Exception:  # the thread serves the next job whatever befell this one
                log.exception("mining job %s broke off", job)
            with self._lock:
                self._known.discard(job)

    def _run(self, job: str) -> None:
        with Store(self._folder) as store:
            try:
                if store.state(job) not in (JobState.PAUSED, JobState.CANCELLED):  # while it waited
                    with self._means(store, job) as means:
                        asyncio.run(run_job(store, job, means))
            finally:
                store.set_wanted(job, wanted=False)
                self._settled(store.owner(job), store.progress(job))
