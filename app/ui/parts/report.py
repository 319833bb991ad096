"""A report, from what must be known first to what it cost."""

from collections.abc import Callable

import streamlit as st

from agents.schema import Hypothesis, Report
from app.ui.parts.card import show_card
from app.ui.parts.exports import show_exports
from app.ui.parts.failures import show_failures
from app.ui.parts.origins import show_origins
from app.ui.parts.overview import show_overview
from app.ui.parts.ranking import show_ranking
from app.ui.parts.rating import show_rating
from app.ui.parts.trust import show_header, show_notes
from app.ui.parts.usage import show_usage

NOTHING = "This run gave no hypothesis. What stopped each perspective stands below."


def show_report(report: Report, *, marks: Callable[[Hypothesis], None] | None = None) -> None:
    """Show a report; `marks` asks a person's opinion of each hypothesis."""
    show_header(report)
    show_notes(report)
    if report.hypotheses:
        _show_hypotheses(report, marks)
    else:
        st.error(NOTHING, icon=None)
    show_failures(report.failures)
    show_overview(report.overview)
    _show_merged(report)
    with st.expander("Cost and calls"):
        show_usage(report)
    st.subheader("Take it away", anchor=False)
    show_exports(report)


def _show_hypotheses(report: Report, marks: Callable[[Hypothesis], None] | None) -> None:
    st.subheader("Hypotheses", anchor=False)
    table, rating, origins = st.tabs(["Scores", "Rating", "Disciplines"])
    with table:
        picked = show_ranking(report)
    with rating:
        show_rating(report)
    with origins:
        show_origins(report)
    _open(report, picked)
    for rank, hypothesis in enumerate(report.hypotheses, start=1):
        show_card(rank, hypothesis, key=_card_key(report, hypothesis), marks=marks)


def _open(report: Report, picked: str | None) -> None:
    """Open the card of the row that was picked last, once: the reader may fold it again."""
    memory = f"picked-{report.run}"
    if picked is None or st.session_state.get(memory) == picked:
        return
    st.session_state[memory] = picked
    for hypothesis in report.hypotheses:
        st.session_state[_card_key(report, hypothesis)] = hypothesis.key == picked


def _card_key(report: Report, hypothesis: Hypothesis) -> str:
    return f"card-{report.run}-{hypothesis.key}"


def _show_merged(report: Report) -> None:
    if not report.merged:
        return
    st.subheader("Near-duplicates", anchor=False)
    st.caption("Kept whole; a hypothesis above stands for each.")
    for hypothesis in report.merged:
        show_card(None, hypothesis, key=_card_key(report, hypothesis), marks=None)
