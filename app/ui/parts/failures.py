"""Perspectives that gave no hypothesis, and why."""

import streamlit as st

from agents.schema import Failure
from app.ui.foreign import inline, prose
from app.ui.layout import PROSE


def show_failures(failures: list[Failure]) -> None:
    if not failures:
        return
    st.subheader("Perspectives without a hypothesis", anchor=False)
    for failure in failures:
        who = failure.perspective
        with st.container(width=PROSE, gap=None):
            st.markdown(
                f"**{inline(who.role)}** / {inline(who.framework)} · failed at {inline(failure.step)}"
            )
            prose(failure.reason)
