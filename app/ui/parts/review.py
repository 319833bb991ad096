"""What reviewers wrote and how they marked, as words and as a radar, and checks that anyone can rerun."""

from collections.abc import Mapping
from statistics import fmean

import streamlit as st

from agents.experiments.remarks import beside_review
from agents.schema import Hypothesis, Marks, Reading
from app.ui.authors import named
from app.ui.foreign import charted, inline
from app.ui.layout import listed
from app.ui.parts.charts import draw

DIMENSIONS = tuple(Marks.model_fields)
BEST = 5


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


def mean_marks(hypothesis: Hypothesis) -> list[float]:
    """Return the mean mark of each dimension over the readings, 1 to 5."""
    return [
        fmean(getattr(reading.review.marks, name).mark for reading in hypothesis.readings)
        for name in DIMENSIONS
    ]


def reviewers_marks(hypothesis: Hypothesis) -> dict[str, list[float]]:
    return {
        f"{number}. {reading.reviewer}": [float(mark.mark) for _, mark in reading.review.marks]
        for number, reading in enumerate(hypothesis.readings, start=1)
    }


def show_radar(outlines: Mapping[str, list[float]], *, key: str) -> None:
    """Show `outlines` by name, each with a mark from 1 to 5 a dimension."""
    from plotly.graph_objects import Figure, Scatterpolar

    around = [*DIMENSIONS, DIMENSIONS[0]]
    figure = Figure(
        [
            Scatterpolar(
                r=[*marks, marks[0]],
                theta=around,
                name=charted(name),
                fill="toself",
                opacity=0.7,
                hovertemplate="%{theta}: %{r:.1f} of 5",
            )
            for name, marks in outlines.items()
        ]
    )
    figure.update_polars(
        radialaxis={"range": [0, BEST], "tickvals": [1, 2, 3, 4, 5], "angle": 90, "tickangle": 90},
        angularaxis={"rotation": 90, "direction": "clockwise"},
        bgcolor="rgba(0,0,0,0)",
    )
    told = "; ".join(f"{name}: {_told(marks)}" for name, marks in outlines.items())
    draw(figure, key=key, alt=f"Radar of marks from 1 to 5. {told}", height=300, side=70)


def _told(marks: list[float]) -> str:
    return ", ".join(f"{name} {mark:.1f}" for name, mark in zip(DIMENSIONS, marks, strict=True))
