"""The rubric as a radar: one outline a reviewer or a hypothesis."""

from collections.abc import Mapping
from statistics import fmean

from agents.schema import Hypothesis, Marks
from app.ui.foreign import charted
from app.ui.parts.charts import draw

DIMENSIONS = tuple(Marks.model_fields)
BEST = 5


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
