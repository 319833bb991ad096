"""/v1/runs/{run}/events: what happens in a run, as server-sent events."""

import re
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app.api.access import Given, Viewer
from app.api.problems import Kind, documented
from app.api.runs import RunId
from app.jobs.events import StateEvent
from app.jobs.feed import Feed, Reader

router = APIRouter(prefix="/v1/runs", tags=["runs"])
SILENCE_S = 60.0  # then it is looked again; heartbeats go out in between
NUMBER = re.compile(r"\d{1,18}", re.ASCII)


def find_feed(run: RunId, service: Given, caller: Viewer) -> Feed:
    """Before the stream begins: afterwards there is no status to refuse with."""
    service.jobs.store.get(run, caller.sees)
    return service.jobs.feed(run)


@router.get(
    "/{run}/events",
    operation_id="watch_run",
    summary="Follow a run",
    description="Begins with the first event, or behind Last-Event-ID, and ends with the run.",
    response_class=EventSourceResponse,
    responses=documented(Kind.NOT_FOUND),
)
async def watch_run(
    feed: Annotated[Feed, Depends(find_feed)],
    last_event_id: Annotated[
        str | None, Header(description="what was seen last; junk counts as none")
    ] = None,
) -> AsyncIterator[ServerSentEvent]:
    reader = Reader(feed, _number(last_event_id))
    with reader.listening():
        while True:
            for event in reader.take():
                yield ServerSentEvent(raw_data=event.model_dump_json(), event=event.type, id=str(event.id))
                if isinstance(event, StateEvent) and event.state.is_final:
                    return
            if reader.is_done:
                return
            await reader.wait(SILENCE_S)


def _number(last_event_id: str | None) -> int:
    found = NUMBER.fullmatch((last_event_id or "").strip())
    return int(found[0]) if found else 0
