"""What happens in a run, a test, a use of a tool or a mining job, as server-sent events."""

import re
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from anyio import BrokenResourceError, to_thread
from fastapi import APIRouter, Depends, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.types import ASGIApp, Receive, Scope, Send

from agents.errors import AgentsError
from agents.mining import JobState, MiningStore
from app.api.access import Caller, Given, Service, Viewer
from app.api.long_tests import TestId, own_test
from app.api.long_tools import UseId, own_use
from app.api.mining import Name_, own_job
from app.api.problems import ProblemError, ProblemKind, documented, without_paths
from app.api.runs import RunId
from app.jobs.errors import JobError, JobNotFound
from app.jobs.events import RunEvent, StateEvent
from app.jobs.feed import Feed, FeedReader
from app.jobs.job import Job
from app.jobs.mining_desk import how_it_ended
from app.jobs.tasks import QueuedTask, TaskKind

router = APIRouter(prefix="/v1")
LOOK_S = 5.0  # of silence, then the database is asked whether it goes on and the key still holds
NUMBER = re.compile(r"\d{1,18}", re.ASCII)
FOLLOWS = "Begins with the first event, or behind Last-Event-ID, and ends with it."
LastEvent = Annotated[str | None, Header(description="what was seen last; junk counts as none")]


@dataclass(frozen=True)
class Watched:
    """A feed, who watches it, and how one learns of its end where the feed does not tell it."""

    feed: Feed
    service: Service
    caller: Caller
    look: Callable[[], StateEvent | None]

    def state(self) -> StateEvent | None:
        """Return how it ended, by the database; None while it goes on.

        Raises JobError or AgentsError, and ProblemError once the caller may no longer look.
        """
        self.caller.require_still_valid(self.service.keys)
        return self.look()


def _ending(feed: Feed, job: Job | QueuedTask) -> StateEvent | None:
    if not job.state.is_final:
        return None
    at = job.finished or job.created
    return StateEvent(id=feed.last + 1, at=at, state=job.state, reason=job.reason)


def find_run(run: RunId, service: Given, caller: Viewer) -> Watched:
    """Return the feed before the stream begins: afterwards there is no status to refuse with."""
    store, feed = service.jobs.store, service.jobs.feed(run)
    store.get(run, caller.sees)
    return Watched(feed, service, caller, lambda: _ending(feed, store.get(run, caller.sees)))


def _watch(service: Service, caller: Caller, task: QueuedTask) -> Watched:
    tasks, feed = service.jobs.tasks, service.jobs.tasks.feed(task.id)
    return Watched(feed, service, caller, lambda: _ending(feed, tasks.get(task.id, caller.sees, task.kind)))


def find_test(test: TestId, service: Given, caller: Viewer) -> Watched:
    return _watch(service, caller, own_test(test, service, caller))


def find_use(use: UseId, service: Given, caller: Viewer) -> Watched:
    return _watch(service, caller, own_use(use, service, caller))


def find_mining(job: Name_, service: Given, caller: Viewer) -> Watched:
    """Return the feed of a mining job, which is silent until the job is begun."""
    folder, task = service.jobs.settings.paths.mining, f"mining-{job}"
    feed = service.jobs.tasks.feed(task)

    def look() -> StateEvent | None:
        with MiningStore(folder) as store:
            own_job(job, store, caller)
            progress = store.progress(job)
        try:
            return _ending(feed, service.jobs.tasks.get(task, None, TaskKind.MINING))
        except JobNotFound:  # it was never begun here
            if progress.state in (JobState.PLANNED, JobState.RUNNING):
                return None
        state, reason = how_it_ended(progress)
        return StateEvent(id=feed.last + 1, at=datetime.now(UTC), state=state, reason=reason)

    look()
    return Watched(feed, service, caller, look)


async def follow(watched: Watched, last_event_id: str | None) -> AsyncIterator[ServerSentEvent]:
    """Yield events until the last one, or, where the feed is damaged, the state in the database.

    However busy the feed is, the caller's key is looked at again and again.
    """
    reader, looked = FeedReader(watched.feed, _number(last_event_id)), time.monotonic()
    with reader.listening():
        while True:
            taken = reader.take()
            for event in taken:
                yield _sent(event)
            if reader.is_done:
                return
            goes_on = bool(taken) or await reader.wait(LOOK_S)
            if goes_on and time.monotonic() < looked + LOOK_S:
                continue
            looked = time.monotonic()
            try:
                ended = await to_thread.run_sync(watched.state)
            except (JobError, AgentsError, ProblemError):
                return  # the key was revoked, or the database is gone: the next request says which
            if ended is not None:
                while taken := reader.take():
                    for event in taken:
                        yield _sent(event)
                if not reader.is_done:
                    yield _sent(ended)
                return


def _sent(event: RunEvent) -> ServerSentEvent:
    """Return the event as a caller sees it: without the service's paths in why it ended."""
    if isinstance(event, StateEvent) and event.reason:
        event = event.model_copy(update={"reason": without_paths(event.reason)})
    return ServerSentEvent(raw_data=event.model_dump_json(), event=event.type, id=str(event.id))


class Departures:
    """Lets listeners break off: FastAPI raises what its stream can no longer send them, which is no error."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except BaseExceptionGroup as group:
            _, other = group.split(BrokenResourceError)
            if other:
                raise other from None


def _number(last_event_id: str | None) -> int:
    found = NUMBER.fullmatch((last_event_id or "").strip())
    return int(found[0]) if found else 0


@router.get(
    "/runs/{run}/events", tags=["runs"], operation_id="watch_run", summary="Follow a run",
    description=FOLLOWS, response_class=EventSourceResponse, responses=documented(ProblemKind.NOT_FOUND),
)  # fmt: skip
async def watch_run(
    watched: Annotated[Watched, Depends(find_run)], last_event_id: LastEvent = None
) -> AsyncIterator[ServerSentEvent]:
    async for event in follow(watched, last_event_id):
        yield event


@router.get(
    "/tests/jobs/{test}/events", tags=["tests"], operation_id="watch_test", summary="Follow a test",
    description=FOLLOWS, response_class=EventSourceResponse, responses=documented(ProblemKind.NOT_FOUND),
)  # fmt: skip
async def watch_test(
    watched: Annotated[Watched, Depends(find_test)], last_event_id: LastEvent = None
) -> AsyncIterator[ServerSentEvent]:
    async for event in follow(watched, last_event_id):
        yield event


@router.get(
    "/tools/jobs/{use}/events", tags=["tools"], operation_id="watch_use", summary="Follow a use of a tool",
    description=FOLLOWS, response_class=EventSourceResponse, responses=documented(ProblemKind.NOT_FOUND),
)  # fmt: skip
async def watch_use(
    watched: Annotated[Watched, Depends(find_use)], last_event_id: LastEvent = None
) -> AsyncIterator[ServerSentEvent]:
    async for event in follow(watched, last_event_id):
        yield event


@router.get(
    "/mining/{job}/events", tags=["mining"], operation_id="watch_mining", summary="Follow a mining job",
    description=FOLLOWS, response_class=EventSourceResponse, responses=documented(ProblemKind.NOT_FOUND),
)  # fmt: skip
async def watch_mining(
    watched: Annotated[Watched, Depends(find_mining)], last_event_id: LastEvent = None
) -> AsyncIterator[ServerSentEvent]:
    """Of a job that is planned, the stream waits until somebody starts it."""
    async for event in follow(watched, last_event_id):
        yield event
