"""What a person thinks of a hypothesis: one to five stars, kept by the service beside the run."""

import streamlit as st

from agents.schema import Hypothesis
from app.client import ServiceError
from app.ui.foreign import inline
from app.ui.service import connect


def last_marks(run: str) -> dict[str, int]:
    """Return the last mark given to each hypothesis. Raises ServiceError."""
    return {mark.hypothesis: mark.mark for mark in connect().marks(run)}


def show_marks(run: str, hypothesis: Hypothesis, given: dict[str, int]) -> None:
    key = f"mark-{run}-{hypothesis.key}"
    mark = given.get(hypothesis.key)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Your mark, poor to excellent")
        st.feedback(
            "stars",
            key=key,
            default=None if mark is None else mark - 1,
            on_change=_send,
            args=(run, hypothesis.key, key),
        )


def _send(run: str, hypothesis: str, key: str) -> None:
    chosen = st.session_state[key]
    if chosen is None:
        return
    try:
        connect().mark(run, hypothesis, chosen + 1)
    except ServiceError as error:
        st.toast(inline(str(error)))
    else:
        st.toast("Kept")
