"""The service's mining jobs, one after the other in the background; each goes on where it stood."""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from agents import AgentsError
from agents.mining import JobState, Means, Store, resume, run_job

log = logging.getLogger("hypofind")


class Desk:
    """Starts its thread with the first job. `means` opens what a job is run with, or raises."""

    def __init__(self, folder: Path, means: Callable[[Store, str], AbstractContextManager[Means]]) -> None:
        self._folder, self._means = folder, means
        self._waiting: queue.Queue[str] = queue.Queue()
        self._known: set[str] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self, job: str) -> None:
        """Again changes nothing while it waits or runs. Raises JobConflict for a job that is over."""
        with Store(self._folder) as store:
            resume(store, job)
        with self._lock:
            if job not in self._known:
                self._known.add(job)
                self._waiting.put(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True, name="mines")
                self._thread.start()

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
            if store.state(job) in (JobState.PAUSED, JobState.CANCELLED):  # while it waited
                return
            with self._means(store, job) as means:
                asyncio.run(run_job(store, job, means))
