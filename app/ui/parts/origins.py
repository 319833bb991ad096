"""A map of the hypotheses over disciplines: whose view it is, how far from the question, how it scored."""

import streamlit as st

from agents.schema import Distance, Hypothesis, Report
from app.ui.foreign import charted
from app.ui.parts.charts import ROW, draw

SYMBOLS = {Distance.NEAR: "circle", Distance.PINNED: "square", Distance.FAR: "diamond-open"}
WORDS = {
    Distance.NEAR: "near the question",
    Distance.PINNED: "pinned by you",
    Distance.FAR: "from afar",
}
TOUCHED = 0.05  # a discipline that the question touches less is left out unless a hypothesis is from it


def show_origins(report: Report) -> None:
    from plotly.graph_objects import Figure, Scatter

    rows = _disciplines(report)
    figure = Figure()
    for distance in Distance:
        some = [
            (r, h) for r, h in enumerate(report.hypotheses, start=1) if h.perspective.distance is distance
        ]
        if some:
            figure.add_trace(
                Scatter(
                    x=[hypothesis.score.value for _, hypothesis in some],
                    y=[charted(hypothesis.perspective.discipline.label) for _, hypothesis in some],
                    text=[str(rank) for rank, _ in some],
                    customdata=[charted(_about(hypothesis), 90) for _, hypothesis in some],
                    mode="markers+text",
                    textposition="top center",
                    name=WORDS[distance],
                    marker={"size": 13, "symbol": SYMBOLS[distance]},
                    hovertemplate="%{text}. %{customdata}<br>score %{x:.1f}<extra></extra>",
                )
            )
    figure.update_yaxes(
        categoryorder="array", categoryarray=rows[::-1], range=[-0.6, len(rows) - 0.4], automargin=True
    )
    figure.update_xaxes(title="score", range=[0, 104])
    told = "; ".join(
        f"{n}. {_about(h)}, {h.perspective.discipline.label}" for n, h in enumerate(report.hypotheses, 1)
    )
    st.caption(
        "Numbers are ranks. Disciplines that the question touches are listed even where no hypothesis is from."
    )
    draw(
        figure,
        key=f"origins-{report.run}",
        alt=f"Hypotheses by discipline. {told}",
        height=ROW * len(rows) + 120,
    )


def _disciplines(report: Report) -> list[str]:
    touched = [found.label for found in report.disciplines if found.score >= TOUCHED]
    spoken = [hypothesis.perspective.discipline.label for hypothesis in report.hypotheses]
    return [charted(label) for label in dict.fromkeys([*touched, *spoken])]


def _about(hypothesis: Hypothesis) -> str:
    return f"{hypothesis.perspective.role}, {hypothesis.perspective.narrow.label}"
