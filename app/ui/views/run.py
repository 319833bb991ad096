"""One run, by its address: progress while it is under way, then its report."""

from functools import partial

import streamlit as st

from agents.schema import Hypothesis, Report, Status
from app.client import RunInfo, ServiceError
from app.jobs.state import RunState
from app.steps import from_report
from app.ui.foreign import inline, prose
from app.ui.layout import page, show_question
from app.ui.parts.lineage import offer_fork, show_lineage
from app.ui.parts.notes import last_marks, show_labels, show_marks, show_notes_of
from app.ui.parts.pipeline import show_pipeline, show_step
from app.ui.parts.progress import follow, show_waiting
from app.ui.parts.report import show_report
from app.ui.parts.rights import may_ask, may_steer
from app.ui.parts.sharing import offer_link, show_publishing
from app.ui.service import connect, refusals, visitor

PARAMETER = "id"  # of the permalink


def show_run() -> None:
    run = st.query_params.get(PARAMETER, "")
    with page(), refusals():
        if not run:
            st.markdown("No run is named. Choose one in the history, or ask a question.")
            return
        info = connect().run(run)
        if info.state.is_final:
            _show_ended(info)
        else:
            show_waiting(info)
            follow(info.id)


def _show_ended(info: RunInfo) -> None:
    asks, steers = may_ask(), may_steer(info)
    if info.status is not Status.COMPLETE and steers:
        _offer_to_go_on(info)
    report = _report(info)
    if report is None:
        show_question(info.question)
        st.badge(info.state.value, color="red" if info.state is RunState.FAILED else "orange")
        prose(info.reason or "It ended before there was a report.")
        return
    if info.state is RunState.FAILED and info.reason:
        st.error(inline(info.reason), icon=None)
    show_labels(info)
    show_report(report, marks=partial(_ask_opinion, info.id) if asks else None)
    _show_steps(info.id, report)
    show_lineage(info)
    show_notes_of(info.id, writes=asks)
    if asks:
        offer_fork(info)
    if steers:
        offer_link(info.id)
    show_publishing(info.id)


def _show_steps(run: str, report: Report) -> None:
    with st.expander("How it was made: every step", key=f"steps-{run}", on_change="rerun") as steps:
        if not steps.open:
            return
        st.caption("A click on a step opens its prompt, its answer and its evidence.")
        step = show_pipeline(from_report(report), f"pipeline-{run}")
        if step:
            show_step(run, step, report)


def _offer_to_go_on(info: RunInfo) -> None:
    told = "What is finished is kept; only what is missing is asked of the model."
    if st.button("Go on with this run", key="resume", help=told):
        with refusals():
            connect().resume(info.id)
            st.rerun()


def _report(info: RunInfo) -> Report | None:
    """Return the report; None where the run ended before it had one."""
    try:
        return fetch_report(info.id, str(info.finished), visitor())
    except ServiceError:
        if info.status is not None:
            raise
        return None


@st.cache_data(max_entries=20, show_spinner=False)
def fetch_report(run: str, finished: str, whose: str) -> Report:  # noqa: ARG001 - parts of the cache's key
    """Return a run's report: kept for one visitor, and until the run is taken up again and ends anew."""
    return connect().report(run)


def _ask_opinion(run: str, hypothesis: Hypothesis) -> None:
    show_marks(run, hypothesis, last_marks(run))
