"""Jobs for every door: hand a question in, look at it, cancel it, read what happens."""

import hashlib
import sqlite3
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agents import AgentsError, Report, RunError, open_run
from agents.errors import RunRefused
from agents.mining import MiningProgress
from app.errors import SettingsError
from app.jobs.answering import Answering
from app.jobs.benches import TestBench, ToolBench
from app.jobs.engine import Engine
from app.jobs.errors import AlreadyServed, JobError, NotResumable, NotYet, RunBroken, Unanswerable
from app.jobs.feed import Feed, Feeds
from app.jobs.job import Job, JobOutcome, JobRequest
from app.jobs.mining_desk import MiningDesk
from app.jobs.people import LOCAL
from app.jobs.recounts import Recounts
from app.jobs.repair import list_opened
from app.jobs.search import HypothesisIndex
from app.jobs.state import RunState
from app.jobs.store import Allowance, JobStore, Owners
from app.jobs.tables import claim, jobs, open_database
from app.jobs.tasks import FOLDER, TaskKind, Tasks
from app.jobs.work import FORESEEN, log, reason_of, recount, spent_in, summary
from app.jobs.workshop import WorkshopProcess
from app.runtime import check_pins, load_ontology
from app.settings import Settings
from physh import PhyshError
from tools import Tool
from tools.runner import Runner

if TYPE_CHECKING:
    from filelock import FileLock

    from physh import Ontology

LOOK_S = 2.0  # for cancellations from other processes


class JobService:
    """A context manager. One a runs folder and process. Raises AlreadyServed, StoreFull or StoreBusy."""

    def __init__(
        self, settings: Settings, runner: Runner | None = None, tools: Sequence[Tool] | None = None
    ) -> None:
        """`tools` may be used for long; None: all that are installed."""
        self.settings, self.runs = settings, settings.paths.runs
        self._lock = _lock_folder(self.runs)
        self.database = open_database(settings)
        self._claim = claim(self.database)
        list_opened(self.runs, jobs, self.database)
        self.store = JobStore(self.database)
        self.feeds, self.index = Feeds(self.runs), HypothesisIndex(self.runs)
        self.runner = runner or Runner()
        self.workshop = WorkshopProcess(settings, self.runner)
        self._answering = Answering(self.runs, self.store, self.feeds, self.index, self.workshop)
        self._ontology: Ontology | None = None
        self._reading = threading.Lock()
        self._recounts = Recounts(self._recount)
        self._bench, self.tool_bench = TestBench(self.runs), ToolBench(self.runs, tools)
        self.tasks = Tasks(self.database, reason_of, Feeds(self.runs / FOLDER))
        self.mining = MiningDesk(
            settings.paths.mining, self.workshop.mine, self._settle, self.tasks.start_mining
        )
        self.tasks.handle(TaskKind.TEST, self._bench.perform)
        self.tasks.handle(TaskKind.TOOL, self.tool_bench.perform)
        self.tasks.handle(TaskKind.MINING, self.mining.perform)
        self._engine = Engine(settings, self._answering.perform, self.tasks.perform)
        self._take_up()
        self.workshop.begin()
        threading.Thread(target=self._index_missing, daemon=True, name="makes runs findable").start()
        threading.Thread(target=self._hear, daemon=True, name="hears cancellations").start()

    def _settle(self, owner: str | None, progress: MiningProgress) -> None:
        """Book what a mining job has spent in place of what it was promised."""
        spent = Allowance(progress.tokens, progress.cost_usd or 0.0)
        self.store.settle(f"mining/{progress.job}", owner or LOCAL, spent)

    @property
    def ontology(self) -> "Ontology":
        with self._reading:  # a crowd that comes first would read it as often
            if self._ontology is None:
                self._ontology = load_ontology(self.settings)
            return self._ontology

    # ---- for the doors

    def submit(
        self, asked: JobRequest, owner: str, *, key: str | None = None, allowance: Allowance | None = None
    ) -> tuple[Job, bool]:
        """The job, and whether it is new: with an idempotency key, the same request gives the same job.

        Raises Unanswerable, OtherRequest, QueueFull or KeyBudgetSpent.
        """
        self._require_possible(asked)
        job, new = self.store.add(
            asked,
            owner,
            idempotency=hashlib.sha256(f"{owner} {key}".encode()).hexdigest() if key else None,
            allowance=allowance,
            most_waiting=self.settings.service.waiting,
        )
        if new:
            self._answering.reporter(job.id).state(RunState.QUEUED)
            self._engine.submit(job.id, job.workflow)
        return job, new

    def resume(self, name: str, owners: Owners, allowance: Allowance) -> Job:
        """Go on with a run that ended before it was whole: what its journal holds is not paid for again.

        Raises NotResumable or KeyBudgetSpent.
        """
        self.store.get(name, owners)
        if self._answering.is_at(name):
            raise NotResumable(f"run {name} is just ending: ask again in a moment")
        job = self.store.resume(name, allowance)
        self._answering.reporter(name).state(RunState.QUEUED)
        self._engine.submit(name, job.workflow)
        return job

    def cancel(self, name: str, owners: Owners) -> Job:
        """At once, or until its report is written; an ended one stays as it is."""
        workflow = self.store.get(name, owners).workflow
        state = self.store.cancel(name)
        self._answering.stop(name)
        if state is RunState.CANCELLED:
            self._engine.drop(workflow)
        if state is not None:
            self._answering.reporter(name).state(state)
        return self.store.get(name, owners)

    def report(self, name: str, owners: Owners) -> Report:
        """Raises NotYet while there is none."""
        job = self.store.get(name, owners)
        try:
            report = open_run(self.runs, name).report() if (self.runs / name / "run.json").exists() else None
        except RunRefused:
            raise
        except RunError as error:
            log.warning("%s", error)
            raise RunBroken(
                f"a file of run {name} is damaged: hypofind replay {name} makes its report again, or names "
                "the file"
            ) from error
        if report is None or not job.state.is_final:
            raise NotYet(
                f"run {name} is {job.state} and has no report" + ("" if job.state.is_final else " yet")
            )
        return report

    def count_mark(self, name: str) -> None:
        """Have the report made again with all marks in it, soon and once for many; no model is asked."""
        self._recounts.add(name)

    def _recount(self, name: str) -> None:
        """Nobody waits, so a failure is logged."""
        try:
            recount(open_run(self.runs, name))
        except FORESEEN as error:
            log.warning("the marks of run %s are kept and not yet counted: %s", name, reason_of(error))

    def feed(self, name: str) -> Feed:
        return self.feeds.get(name)

    def so_far(self, job: Job) -> JobOutcome:
        """Of one that has not ended, too."""
        if job.ended or job.state is RunState.QUEUED:
            return job.ended or JobOutcome()
        folder = self.folder(job)
        return JobOutcome(progress=self.feeds.get(job.id).progress, spent=spent_in(folder))

    def folder(self, job: Job) -> Path:
        return self.runs / job.id

    def close(self) -> None:
        """Running jobs write down what they have; the next start goes on with them."""
        self._answering.ending = True
        self.tasks.close()
        self._engine.close()
        self._answering.close()
        self._bench.close()
        self.tool_bench.close()
        self.workshop.close()
        self.runner.close()
        self.index.close()
        if self._claim is not None:
            self._claim.close()
        self.database.dispose()
        self._lock.release()

    # ---- what comes from elsewhere

    def _hear(self) -> None:
        """Stop runs that were cancelled from another process, such as `hypofind keys revoke --runs`."""
        while not self._answering.ending:
            time.sleep(LOOK_S)
            try:
                for name in self.store.cancelling():
                    self._answering.stop(name)
                self.tasks.hear()
            except JobError as error:
                log.warning("cancellations are not heard: %s", error)

    # ---- at the start

    def _take_up(self) -> None:
        """What a crash left between our record and the engine's."""
        self.tasks.take_up(self._engine)
        try:
            self.mining.take_up()
        except AgentsError as error:  # its store is damaged: mining says so, and questions are answered
            log.warning("mining jobs are not gone on with: %s", error)
        open_jobs = self.store.unfinished()
        known = self._engine.states([job.workflow for job in open_jobs])
        for job in open_jobs:
            try:
                self._take_up_one(job, known.get(job.workflow))
            except Exception as error:  # noqa: BLE001 - one job's damage must not keep the service from starting
                log.warning("run %s cannot be taken up: %s", job.id, reason_of(error))

    def _take_up_one(self, job: Job, state: RunState | None) -> None:
        if job.state is RunState.FAILED:  # its row cannot be read
            self.store.end(job.id, RunState.FAILED, JobOutcome(), job.reason)
        elif state is None:
            self._engine.submit(job.id, job.workflow)
        elif state.is_final:
            self._close_off(job, state)

    def _index_missing(self) -> None:
        """What the index does not hold: it was lost, or the disk was full when a run ended."""
        try:
            known = self.index.runs()
            missing = [job for job in self.store.ended_with_report() if job.id not in known]
        except (*FORESEEN, sqlite3.Error) as error:
            log.warning("older runs cannot be searched: %s", error)
            return
        for job in missing:
            if self._answering.ending:
                return
            try:
                self._answering.make_findable(job, self.report(job.id, None))
            except FORESEEN as error:
                log.warning("run %s cannot be searched: %s", job.id, error)

    def _close_off(self, job: Job, state: RunState) -> None:
        reason = (
            f"it broke off before its end; hypofind ask --resume {job.id} goes on with it"
            if state is RunState.FAILED
            else None
        )
        progress = self.feeds.get(job.id).progress
        self.store.end(job.id, state, summary(self.folder(job), progress, None), reason)
        self._answering.reporter(job.id).state(state, reason)

    def _require_possible(self, asked: JobRequest) -> None:
        """What can be known before anything is paid for."""
        chosen = self.settings.run.model_copy(update=asked.settings.model_dump(exclude_unset=True))
        for name in ("budget_tokens", "budget_usd"):
            limit, wanted = getattr(self.settings.run, name), getattr(chosen, name)
            if limit is not None and (wanted is None or wanted > limit):
                raise Unanswerable(f"/settings/{name}", f"is {wanted} and may be {limit} here: ask for less")
        try:
            self.settings.model_copy(update={"run": chosen}).models()
        except SettingsError as error:
            raise Unanswerable("/settings", str(error)) from error
        try:
            check_pins(self.ontology, asked.pins, chosen.perspectives)
        except (PhyshError, AgentsError) as error:
            raise Unanswerable("/pins", str(error)) from error


def _lock_folder(runs: Path) -> "FileLock":
    from filelock import FileLock, Timeout

    try:
        runs.mkdir(parents=True, exist_ok=True)
        lock = FileLock(runs / ".service.lock")
        lock.acquire(timeout=0)
    except Timeout as error:
        raise AlreadyServed(
            f"another hypofind serve works in {runs}: stop it, or set HYPOFIND_PATHS__RUNS to another folder"
        ) from error
    return lock
