"""Jobs that were queued, tests of claims and uses of tools: their states, live while one goes on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from app.jobs.state import RunState
from app.program import duration
from app.ui.foreign import inline
from app.ui.layout import facts
from app.ui.parts.rights import may_end
from app.ui.service import refusals

EVERY_S = 2.0
OPEN_ALWAYS = 1  # the newest
STATES = {
    RunState.QUEUED: "waits for its turn",
    RunState.RUNNING: "under way",
    RunState.CANCELLING: "being stopped",
    RunState.SUCCEEDED: "done",
    RunState.FAILED: "failed",
    RunState.CANCELLED: "cancelled",
}


@dataclass(frozen=True)
class Queued:
    """One job: what it does, where it stands, and how its result is shown and it is stopped."""

    id: str
    what: str
    state: RunState
    by: str
    created: datetime
    started: datetime | None
    finished: datetime | None
    reason: str | None
    show: Callable[[], None] | None
    cancel: Callable[[], object]


def show_queue(load: Callable[[], Sequence[Queued]]) -> None:
    """Show jobs, newest first; as long as one goes on, this part of the page is drawn again and again."""
    going = any(not job.state.is_final for job in load())
    st.fragment(_draw, run_every=EVERY_S if going else None)(load, going)


def _draw(load: Callable[[], Sequence[Queued]], going: bool) -> None:
    with refusals():
        jobs = load()
        if going and all(job.state.is_final for job in jobs):
            st.rerun()
        if not jobs:
            st.caption("Nothing was queued yet.")
        for number, job in enumerate(jobs):
            title = f"{inline(job.what)} · {STATES[job.state]}"
            opened = number < OPEN_ALWAYS or not job.state.is_final
            with st.expander(title, expanded=opened, key=f"queued-{job.id}"):
                _show(job)


def _show(job: Queued) -> None:
    told = [("Queued by", job.by), ("On", f"{job.created:%d %b %Y, %H:%M} UTC")]
    if job.started and job.finished:
        told.append(("Took", duration((job.finished - job.started).total_seconds())))
    facts(told)
    if job.reason:
        st.markdown(inline(job.reason))
    if job.show:
        job.show()
    going = job.state in (RunState.QUEUED, RunState.RUNNING)
    if going and may_end(job.by) and st.button("Cancel", key=f"cancel-{job.id}"):
        job.cancel()
        st.rerun()
