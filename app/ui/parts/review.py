"""What reviewers wrote and how they marked, and the checks that anyone can rerun."""

import streamlit as st

from agents.schema import Hypothesis, Reading
from app.ui.authors import named
from app.ui.foreign import inline, visible
from app.ui.layout import listed
from app.ui.parts.radar import reviewers_marks, show_radar


def show_reviews(hypothesis: Hypothesis, *, key: str) -> None:
    if not hypothesis.readings:
        st.caption("Nobody has reviewed it.")
        return
    marks, radar = st.columns([3, 2], gap="medium")
    with marks:
        for reading in hypothesis.readings:
            _show_reading(reading)
    with radar:
        show_radar(reviewers_marks(hypothesis), key=f"{key}-radar")
    _show_marks(hypothesis)


def show_checks(hypothesis: Hypothesis) -> None:
    st.caption(
        "Computed from the text by rules that anyone can rerun; whether the physics is right they cannot tell."
    )
    st.table(
        {
            "Check": [inline(check.name) for check in hypothesis.checks],
            "Mark (0–1)": [f"{check.mark:.2f}" for check in hypothesis.checks],
            "How": [inline(check.how) for check in hypothesis.checks],
        },
        border="horizontal",
        hide_index=True,
    )


def _show_reading(reading: Reading) -> None:
    who, model = inline(reading.reviewer), inline(named(reading.model))
    st.markdown(f"**{who}** · {reading.rubric:.0f} of 100 · {model}")
    review = reading.review
    listed("Strengths", review.strengths)
    listed("Weaknesses", review.weaknesses)
    listed("Missing validation", review.missing_validation)
    listed("Missing tools", review.missing_tools)


def _show_marks(hypothesis: Hypothesis) -> None:
    rows = [
        (reading.reviewer, dimension, mark.mark, mark.reason)
        for reading in hypothesis.readings
        for dimension, mark in reading.review.marks
    ]
    st.dataframe(
        {
            "Reviewer": [visible(row[0]) for row in rows],
            "Dimension": [row[1] for row in rows],
            "Mark (1–5)": [row[2] for row in rows],
            "Reason": [visible(row[3]) for row in rows],
        },
        hide_index=True,
        column_config={"Reason": st.column_config.TextColumn(width="large")},
    )
