"""Jobs that were queued, tests of claims and uses of tools: their states, live while one goes on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from app.client import QueuedInfo
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

    info: QueuedInfo
    what: str
    show: Callable[[], None] | None
    cancel: Callable[[], object]


def show_queue(load: Callable[[], Sequence[Queued]]) -> None:
    """Show jobs, newest first; as long as one goes on, this part of the page is drawn again and again."""
    going = any(not job.info.state.is_final for job in load())
    st.fragment(_draw, run_every=EVERY_S if going else None)(load, going)


def _draw(load: Callable[[], Sequence[Queued]], going: bool) -> None:
    with refusals():
        jobs = load()
        if going and all(job.info.state.is_final for job in jobs):
            st.rerun()
        if not jobs:
            st.caption("Nothing was queued yet.")
        for number, job in enumerate(jobs):
            title = f"{inline(job.what)} · {STATES[job.info.state]}"
            opened = number < OPEN_ALWAYS or not job.info.state.is_final
            with st.expander(title, expanded=opened, key=f"queued-{job.info.id}"):
                _show(job)


def _show(job: Queued) -> None:
    info = job.info
    told = [("Queued by", info.by), ("On", f"{info.created:%d %b %Y, %H:%M} UTC")]
    if info.started and info.finished:
        told.append(("Took", duration((info.finished - info.started).total_seconds())))
    facts(told)
    if info.reason:
        st.markdown(inline(info.reason))
    if job.show:
        job.show()
    going = info.state in (RunState.QUEUED, RunState.RUNNING)
    if going and may_end(info.by) and st.button("Cancel", key=f"cancel-{info.id}"):
        job.cancel()
        st.rerun()
