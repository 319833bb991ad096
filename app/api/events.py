"""/v1/runs/{run}/events: what happens in a run, as server-sent events."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from anyio import BrokenResourceError, to_thread
from fastapi import APIRouter, Depends, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.access import Caller, Given, Service, Viewer
from app.api.problems import Kind, Refused, documented
from app.api.runs import RunId
from app.jobs.errors import JobError
from app.jobs.events import StateEvent
from app.jobs.feed import Feed, Reader

router = APIRouter(prefix="/v1/runs", tags=["runs"])
LOOK_S = 5.0  # of silence, then the database is asked whether the run goes on and the key still holds
NUMBER = re.compile(r"\d{1,18}", re.ASCII)


@dataclass(frozen=True)
class Watched:
    """A run's feed, and who watches it."""

    run: str
    feed: Feed
    service: Service
    caller: Caller

    def state(self) -> StateEvent | None:
        """Return how the run ended, by its row in the database; None while it goes on.

        Raises JobError, and Refused once the caller may no longer look.
        """
        self.caller.require_still_valid(self.service.keys)
        job = self.service.jobs.store.get(self.run, self.caller.sees)
        if not job.state.is_final:
            return None
        at = job.finished or job.created
        return StateEvent(id=self.feed.last + 1, at=at, state=job.state, reason=job.reason)


def find_feed(run: RunId, service: Given, caller: Viewer) -> Watched:
    """Before the stream begins: afterwards there is no status to refuse with."""
    service.jobs.store.get(run, caller.sees)
    return Watched(run, service.jobs.feed(run), service, caller)


@router.get(
    "/{run}/events",
    operation_id="watch_run",
    summary="Follow a run",
    description="Begins with the first event, or behind Last-Event-ID, and ends with the run.",
    response_class=EventSourceResponse,
    responses=documented(Kind.NOT_FOUND),
)
async def watch_run(
    watched: Annotated[Watched, Depends(find_feed)],
    last_event_id: Annotated[
        str | None, Header(description="what was seen last; junk counts as none")
    ] = None,
) -> AsyncIterator[ServerSentEvent]:
    """The stream ends with the run's last event, or, where its file is damaged, with the state of its row."""
    reader = Reader(watched.feed, _number(last_event_id))
    with reader.listening():
        while True:
            for event in reader.take():
                yield ServerSentEvent(raw_data=event.model_dump_json(), event=event.type, id=str(event.id))
            if reader.is_done:
                return
            if await reader.wait(LOOK_S):
                continue
            try:
                ended = await to_thread.run_sync(watched.state)
            except (JobError, Refused):
                return  # the key was revoked, or the database is gone: the next request says which
            if ended is not None:
                for event in (*reader.take(), ended):
                    yield ServerSentEvent(
                        raw_data=event.model_dump_json(), event=event.type, id=str(event.id)
                    )
                return


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
