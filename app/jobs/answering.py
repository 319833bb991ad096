"""The runs that are answered for this service, each waited for in a thread of the engine."""

import sqlite3
import threading
import time
from pathlib import Path

from agents import Report, open_run
from app.jobs.engine import Abandoned
from app.jobs.errors import StoreBusy, StoreFull, WorkshopEnded
from app.jobs.feed import Feeds
from app.jobs.job import Job, JobOutcome
from app.jobs.search import HypothesisIndex
from app.jobs.state import RunState
from app.jobs.store import JobStore
from app.jobs.watching import Reporter, StopRequest
from app.jobs.work import log, outcome, reason_of, summary
from app.jobs.workshop import WorkshopProcess

RETRY_S = 1.0
ENDING_S = 10.0  # for running jobs to write down what they have, when the process ends


class Answering:
    """Thread-safe. Once it is `ending`, what breaks off stays for the next start."""

    def __init__(
        self, runs: Path, store: JobStore, feeds: Feeds, index: HypothesisIndex, workshop: WorkshopProcess
    ) -> None:
        self._runs, self._store, self._feeds, self._index = runs, store, feeds, index
        self._workshop = workshop
        self._stops: dict[str, StopRequest] = {}
        self._idle = threading.Condition()
        self.ending = False

    def is_at(self, name: str) -> bool:
        return name in self._stops

    def stop(self, name: str) -> None:
        """Ask a run to end, if it is answered here."""
        if stop := self._stops.get(name):
            stop.ask()

    def close(self) -> None:
        """Running jobs write down what they have."""
        for stop in list(self._stops.values()):
            stop.ask()
        with self._idle:
            self._idle.wait_for(lambda: not self._stops, ENDING_S)

    def reporter(self, name: str, stop: StopRequest | None = None) -> Reporter:
        return Reporter(self._feeds.get(name).add, stop or StopRequest())

    def perform(self, name: str) -> None:
        """Answer a run, and write down how it ended."""
        stop = self._stops[name] = StopRequest()
        try:
            if self._store.start(name):
                self._answer(self._store.get(name, None), stop)
        except Exception as error:  # noqa: BLE001 - a run that nobody ends would run for ever
            self._end(name, RunState.FAILED, JobOutcome(), reason_of(error))
            self.reporter(name, stop).state(RunState.FAILED, reason_of(error))
        finally:
            with self._idle:
                self._stops.pop(name, None)
                self._idle.notify_all()

    def _answer(self, job: Job, stop: StopRequest) -> None:
        if job.state is RunState.CANCELLING:  # before the process died
            stop.ask()
        reporter = self.reporter(job.id, stop)
        reporter.state(job.state)
        report, state, reason = None, RunState.FAILED, None
        try:
            self._workshop.answer(job, reporter.add, stop)
            if (report := open_run(self._runs, job.id).report()) is not None:
                state, reason = outcome(report, stop)
        except WorkshopEnded as error:
            state, reason = (RunState.CANCELLED, None) if stop.asked else (state, reason_of(error))
        except Exception as error:  # noqa: BLE001 - one job's fault must not end the others
            reason = reason_of(error)
        if self.ending:
            raise Abandoned
        progress = self._feeds.get(job.id).progress
        self._end(job.id, state, summary(self._runs / job.id, progress, report), reason)
        reporter.state(state, reason)
        if report:
            self.make_findable(job, report)

    def _end(self, name: str, state: RunState, ended: JobOutcome, reason: str | None) -> None:
        """However long the database refuses: what was paid for is in the run's folder."""
        while True:
            try:
                return self._store.end(name, state, ended, reason)
            except (StoreBusy, StoreFull) as error:
                if self.ending:
                    raise Abandoned from error
                time.sleep(RETRY_S)

    def make_findable(self, job: Job, report: Report) -> None:
        try:
            self._index.add(job, report)
        except sqlite3.Error as error:  # the next start tries again
            log.warning("run %s cannot be searched yet: %s", job.id, error)
