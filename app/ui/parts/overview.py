"""What the hypotheses say together."""

import streamlit as st

from agents.schema import Overview
from app.ui.authors import named
from app.ui.foreign import inline
from app.ui.layout import field, listed


def show_overview(overview: Overview | None) -> None:
    if overview is None:
        return
    st.subheader("Taken together", anchor=False)
    listed("They agree", overview.review.agreements)
    listed("They contradict each other", overview.review.splits)
    field("The experiment that would tell them apart", overview.review.experiment)
    st.caption(f"written by {inline(named(overview.model))}")
