"""What a reader must know before trusting a number: status, who answered, and the run's own remarks."""

import streamlit as st

from agents.schema import Report, Status
from app.ui.authors import named, warning, writers
from app.ui.figures import cost
from app.ui.foreign import inline
from app.ui.layout import Color, facts, show_question

STATUS: dict[Status, tuple[str, Color]] = {
    Status.COMPLETE: ("complete", "green"),
    Status.PARTIAL: ("partial", "orange"),
    Status.BUDGET: ("stopped by budget", "orange"),
    Status.INTERRUPTED: ("stopped", "orange"),
    Status.FAILED: ("failed", "red"),
}


def show_header(report: Report) -> None:
    show_question(report.question)
    with st.container(horizontal=True, gap="small"):
        word, color = STATUS[report.status]
        st.badge(word, color=color)
        if found := warning(writers(report)):
            st.badge(found[0], color="orange", help=found[1])
    facts(
        [
            ("Hypotheses", str(len(report.hypotheses))),
            ("Without one", str(len(report.failures))),
            ("Models", ", ".join(map(named, writers(report))) or "none answered"),
            ("Cost", cost(report.usage.cost_usd)),
            ("Asked", f"{report.created:%d %b %Y, %H:%M %Z}"),
        ]
    )


def show_notes(report: Report) -> None:
    if not report.notes:
        return
    serious = report.status in {Status.FAILED, Status.INTERRUPTED} or warning(writers(report)) is not None
    words = "\n".join(f"- {inline(note)}" for note in report.notes)
    with st.expander("Before you trust a number", expanded=serious):
        st.markdown(words)
