"""A run under way: a line a perspective, kept up to date."""

import streamlit as st

from app.client import RunInfo
from app.jobs.progress import JobProgress, PerspectiveProgress
from app.jobs.state import RunState
from app.ui.figures import cost
from app.ui.foreign import inline
from app.ui.layout import facts, show_question
from app.ui.parts.pipeline import show_pipeline, show_step
from app.ui.service import connect, refusals

EVERY_S = 1.0
STATES = {
    RunState.QUEUED: "Waiting for others to finish",
    RunState.RUNNING: "Under way",
    RunState.CANCELLING: "Stopping: no new question goes to a model, and what is finished is written",
}
STEPS = {  # as a reader would call them; others keep their own name
    "propose": "hypothesis",
    "draft": "drafts of claims",
    "redraft": "another draft, from what was measured",
    "write": "wording of the chosen claim",
    "gather": "choice of tools",
    "want": "reviewers' wishes for evidence",
    "mark": "second marks",
    "cite": "quotes from the literature",
    "stance": "what quotes say",
    "evolve": "new hypothesis",
    "choose": "choice of who speaks",
    "match": "choice of an instrument",
    "revise": "revision of what was refuted",
    "sweep": "data of an instrument",
    "word": "mechanism behind the data",
}


def show_waiting(info: RunInfo) -> None:
    show_question(info.question)
    if info.state is not RunState.CANCELLING and st.button("Stop the run", key="stop"):
        with refusals():
            connect().cancel(info.id)
            st.rerun()


@st.fragment(run_every=EVERY_S)
def follow(run: str) -> None:
    """Follow the run, redrawing this part; the whole page is drawn again once the run has ended."""
    with refusals():
        info = connect().run(run)
        if info.state.is_final:
            st.rerun()
        show_progress(info)
        with st.expander("Steps", key=f"steps-{run}", on_change="rerun") as steps:
            if steps.open:  # looked for each second by those alone who look at them
                step = show_pipeline(connect().pipeline(run), f"pipeline-{run}")
                if step:
                    show_step(run, step, None)


def show_progress(info: RunInfo) -> None:
    progress = info.progress
    st.markdown(f"**{STATES.get(info.state, info.state.value)}**")
    _show_bars(progress)
    for row in progress.rows:
        _show_row(row)
    spent = info.spent
    facts(
        [
            ("Model calls", str(spent.calls)),
            ("Tokens", f"{spent.tokens:,}"),
            ("Cost", cost(spent.cost_usd)),
        ]
    )
    st.caption("You may close this page: the run goes on, and this address shows it again.")


def _show_bars(progress: JobProgress) -> None:
    ended, stage = progress.finished + progress.failed, progress.stage
    if not progress.perspectives:
        st.caption("PhySH is asked what the question touches, and perspectives are chosen.")
        return
    st.progress(ended / progress.perspectives, f"{ended} of {progress.perspectives} perspectives are done")
    if stage:
        told = f"{inline(stage.name)}: {stage.done} of {stage.total}"
        st.progress(min(1.0, stage.done / max(stage.total, 1)), told)


def _show_row(row: PerspectiveProgress) -> None:
    line = st.container(
        border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    )
    with line:
        with st.container(gap=None, width=520):
            st.markdown(f"**{inline(row.role)}**")
            st.caption(inline(row.framework))
        with st.container(width="content"):
            _show_state(row)


def _show_state(row: PerspectiveProgress) -> None:
    tokens = f"{row.tokens + row.writing:,} tokens"
    if row.failed is not None:
        st.badge("failed", color="red")
        st.caption(inline(row.failed))
    elif row.score is not None:
        st.badge(f"score {row.score:.1f}", color="green")
    else:
        st.caption(f"{inline(_doing(row)) or 'waits'} · {tokens}")


def _doing(row: PerspectiveProgress) -> str:
    step, colon, what = row.doing.partition(":")
    return f"{STEPS.get(step, step)}{colon}{what}"
