"""Funnels and histograms."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from tools.generation.results import RuleSetScores

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

BINS: Final = 40
FEW: Final = 12  # whole numbers that each get a tick
OURS, REAL = "#c47a3d", "#4b7fb5"


def draw_funnel(scored: RuleSetScores) -> "Figure":
    """Bars of how many samples reached each stage."""
    from plotly.graph_objects import Bar, Figure

    judged = [
        ("requested", scored.requested),
        *((str(s.stage), s.count) for s in scored.funnel if s.count is not None),
    ]
    names, counts = zip(*judged, strict=True)
    whole = max(1, scored.requested)
    figure = Figure(
        Bar(
            x=counts,
            y=names,
            orientation="h",
            marker_color=REAL,
            text=[f"{count:,} · {count / whole:.1%}" for count in counts],
            textposition="auto",
            hoverinfo="skip",
        )
    )
    figure.update_yaxes(autorange="reversed")
    figure.update_layout(height=60 + 34 * len(names), margin={"l": 8, "r": 8, "t": 8, "b": 24})
    return figure


def draw_histogram(title: str, values: Sequence[float], real: Sequence[float]) -> "Figure":
    """Shares of the samples, beside those of the reference where there is one."""
    from plotly.graph_objects import Bar, Figure

    some = [*values, *real]
    whole = all(float(value).is_integer() for value in some)
    low, high = min(some), max(some)
    edges = np.arange(low - 0.5, high + 1) if whole else np.linspace(low, high or low + 1, BINS + 1)
    figure = Figure()
    for name, part, color in (("reference", real, REAL), ("samples", values, OURS)):
        if part:
            counts, _ = np.histogram(part, bins=edges)
            middles = ((edges[1:] + edges[:-1]) / 2).round(4).tolist()
            shares = (counts / len(part)).round(5).tolist()
            figure.add_trace(Bar(x=middles, y=shares, name=name, marker_color=color, opacity=0.6))
    figure.update_xaxes(title=title, dtick=1 if whole and high - low < FEW else None)
    figure.update_yaxes(title="share")
    figure.update_layout(
        barmode="overlay",
        bargap=0.04,
        height=260,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.15},
    )
    return figure
