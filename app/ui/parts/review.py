"""What reviewers wrote and how they marked, and the checks that anyone can rerun."""

import streamlit as st

from agents.experiments.remarks import beside_review
from agents.schema import Hypothesis, Reading
from app.ui.authors import named
from app.ui.foreign import inline
from app.ui.layout import listed
from app.ui.parts.radar import reviewers_marks, show_radar


def show_reviews(hypothesis: Hypothesis, *, key: str) -> None:
    if not hypothesis.readings:
        st.caption("Nobody has reviewed it.")
        return
    marks, radar = st.columns([3, 2], gap="medium")
    with marks:
        for reading in hypothesis.readings:
            _show_reading(hypothesis, reading)
    with radar:
        show_radar(reviewers_marks(hypothesis), key=f"{key}-radar")


def show_checks(hypothesis: Hypothesis) -> None:
    st.caption(
        "Computed from the text by rules that all can rerun. They cannot tell whether the physics is right."
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


def _show_reading(hypothesis: Hypothesis, reading: Reading) -> None:
    who, model = inline(reading.reviewer), inline(named(reading.model))
    st.markdown(f"**{who}** · {reading.rubric:.0f} of 100 · {model}")
    review = reading.review
    for label, texts in (
        ("Strengths", review.strengths),
        ("Weaknesses", review.weaknesses),
        ("Missing validation", review.missing_validation),
        ("Missing tools", review.missing_tools),
    ):
        listed(label, (beside_review(hypothesis, text) for text in texts))
    st.table(
        {
            "Dimension": [dimension for dimension, _ in review.marks],
            "Mark (1–5)": [str(mark.mark) for _, mark in review.marks],
            "Reason": [inline(beside_review(hypothesis, mark.reason)) for _, mark in review.marks],
        },
        border="horizontal",
        hide_index=True,
    )
