"""Runs a job: so many pairs at once, each kept once it is answered, until the end or a reason to stop."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field

from agents.errors import AgentsError, BudgetSpent, JobConflict, MiningError, StepFailed
from agents.mining.asking import STEP, Asker, KnownUses
from agents.mining.calls import JobCalls
from agents.mining.jobs import working
from agents.mining.meetings import add_contrast, contrasts, hold_tournaments
from agents.mining.schema import JobState, MiningProgress, TransferPair
from agents.mining.store import MiningStore
from agents.model import Chat, Endpoint, Event
from physh import Ontology

LOOK_S = 1.0  # between two looks for a wish to pause or cancel
Shown = Callable[[MiningProgress], None]


@dataclass(frozen=True)
class Means:
    """What a job is run with."""

    endpoints: Mapping[str, Endpoint]
    ontology: Ontology
    concurrency: int = 8
    known_uses: KnownUses | None = None


async def run_job(
    store: MiningStore,
    job: str,
    means: Means,
    *,
    shown: Shown = lambda _progress: None,
    on_event: Callable[[Event], None] | None = None,
) -> MiningProgress:
    """From where it stands. What is answered is kept however this ends; a cancelled task leaves it stopped.

    A job that is paused stays so: `resume` it first.

    Raises EndpointError, RunError, or MiningError if the job cannot be run or another process runs it.
    """
    require_runnable(store, job, means.ontology)
    with working(store.folder, job):
        spec = store.spec(job)
        store.set_model(job, means.endpoints.get(STEP, means.endpoints["default"]).name)
        if not store.begin(job):
            return store.progress(job)
        store.set_pace(job, 0, 0)
        store.reopen_failed(job)
        async with Chat(
            means.endpoints,
            JobCalls(store, job),
            spec.budget,
            concurrency=means.concurrency,
            seed=spec.seed,
            on_event=on_event,
        ) as chat:
            asker = Asker(chat, means.ontology, spec.questions, means.known_uses)
            walk = _Walk(store, job, asker, means.concurrency, shown)
            try:
                await walk.go()
            finally:
                walk.settle()
        return store.progress(job)


def require_going_on(store: MiningStore, job: str) -> None:
    """Raises JobConflict for a job that was cancelled, its last pairs under way or not."""
    now = store.state(job)
    if now is JobState.CANCELLED or (now is JobState.RUNNING and store.wish(job) is JobState.CANCELLED):
        raise JobConflict(f"job {job!r} was cancelled: plan it again under another name")


def resume(store: MiningStore, job: str) -> None:
    """Takes a pause back, also one that pairs under way still hold up. Raises JobConflict if cancelled."""
    require_going_on(store, job)
    store.lift_pause(job)


def steer(store: MiningStore, job: str, wanted: JobState) -> None:
    """Paused or cancelled: at once, or after the pairs under way. Raises JobConflict if the job is over."""
    now = store.state(job)
    if now.is_over:
        raise JobConflict(f"job {job!r} is {now}: it can no longer be {wanted}")
    if wanted is not JobState.CANCELLED:
        require_going_on(store, job)
    if now is JobState.RUNNING:
        store.set_wish(job, wanted)
    else:
        store.set_state(job, wanted)


def require_runnable(store: MiningStore, job: str, ontology: Ontology) -> None:
    """A plan holds for the PhySH that it was made with, and a cancelled job is over."""
    require_going_on(store, job)
    planned = store.release(job)
    if planned != ontology.release:
        raise MiningError(
            f"job {job!r} was planned with PhySH {planned} and this is {ontology.release}: "
            "plan it again under another name"
        )


@dataclass
class _Walk:
    """One start of a job."""

    store: MiningStore
    job: str
    asker: Asker
    concurrency: int
    shown: Shown
    stop: JobState | None = None
    error: AgentsError | None = None
    ended: int = 0
    begun: float = field(default_factory=time.monotonic)
    looked: float = 0.0

    async def go(self) -> None:
        """Raises the EndpointError or RunError that ended it."""
        pairs = self.store.open_pairs(self.job)
        async with asyncio.TaskGroup() as group:
            for _ in range(self.concurrency):
                group.create_task(self._work(pairs))
        if self.stop is None and self.error is None:
            await self._watch(self._round_off())
        if self.error is not None:
            raise self.error
        self.stop = self.stop or JobState.DONE

    def settle(self) -> None:
        """The state that the job is left in."""
        self._tell_pace()
        self.store.set_state(self.job, self.stop or JobState.STOPPED)

    async def _watch(self, work: Coroutine[None, None, None]) -> None:
        """Breaks it off where somebody wants the job paused or cancelled: what is judged by then is kept."""
        async with asyncio.TaskGroup() as group:
            task = group.create_task(work)
            while not (task.done() or self.stop):
                await asyncio.wait([task], timeout=LOOK_S)
                self._look()
            task.cancel()

    def _tell_pace(self) -> None:
        self.store.set_pace(self.job, self.ended, time.monotonic() - self.begun)

    async def _work(self, pairs: Iterator[TransferPair]) -> None:
        """Takes the next pair, of all workers' one list, until there is none or somebody has to stop."""
        while self.stop is None and self.error is None:
            pair = next(pairs, None)
            if pair is None:
                return
            await self._mine(pair)
            self._look()

    async def _mine(self, pair: TransferPair) -> None:
        try:
            self.store.finish(self.job, pair.id, await self.asker.ask(pair))
        except StepFailed as error:
            self.store.fail(self.job, pair.id, error.reason)
        except BudgetSpent:
            self.stop = self.stop or JobState.BUDGET
            return
        except AgentsError as error:
            self.error = self.error or error
            return
        self.ended += 1

    def _look(self) -> None:
        """Now and then: does anybody want it paused, and how far is it?"""
        now = time.monotonic()
        if now - self.looked >= LOOK_S:
            self.looked = now
            self.stop = self.stop or self.store.wish(self.job)
            self._tell_pace()
            self.shown(self.store.progress(self.job))

    async def _round_off(self) -> None:
        """What is asked once all pairs are answered: comparisons and tournaments."""
        spec = self.store.spec(self.job)
        try:
            kept = {(one.first, one.second) for one in contrasts(self.store, self.job)}
            for first, second in spec.compare:
                if (first, second) not in kept:
                    answer = await self.asker.compare(first, second)
                    add_contrast(self.store, self.job, first, second, answer=answer)
            if spec.matches:
                await hold_tournaments(self.store, self.job, self.asker.chat, spec)
        except BudgetSpent:
            self.stop = JobState.BUDGET
        except AgentsError as error:
            self.error = error
