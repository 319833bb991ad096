"""A recorded run that comes with the program, marked as such."""

import streamlit as st

from agents.schema import Report
from app.ui.authors import named, writers
from app.ui.foreign import inline
from app.ui.layout import page
from app.ui.parts.report import show_report
from app.ui.service import connect, refusals
from app.ui.views.places import ASK

PARAMETER = "name"  # of the permalink


def show_example() -> None:
    name = st.query_params.get(PARAMETER, "")
    with page(), refusals():
        report = fetch_example(name)
        _show_mark(report)
        show_report(report)


def _show_mark(report: Report) -> None:
    who = ", ".join(map(named, writers(report)))
    when = f"{report.created:%d %B %Y}"
    st.info(inline(f"Recorded on {when} from {who}. No model was asked just now."), icon=None)
    if st.button("Ask this question anew", key="ask-anew"):
        st.session_state["question"] = report.question
        st.switch_page(ASK)


@st.cache_data(max_entries=10, show_spinner=False)
def fetch_example(name: str) -> Report:
    """Return the recorded report. Raises ServiceError."""
    return connect().example(name)
