"""What all charts share: they follow the page's theme, stay still on a phone, and offer no menu."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

ROW = 46  # pixels for a line of a chart with one line a hypothesis
LEGEND = 40  # pixels
COLORS = ("#4b7fb5", "#c47a3d", "#5f9b6f", "#a0668f", "#8a8d91", "#a39130")  # seen on light and on dark
FAINT = "#8a8d91"


def draw(figure: "Figure", *, key: str, alt: str, height: int, side: int = 8, turns: bool = False) -> None:
    """Draw a figure. `alt` is read to who does not see it; only a figure that `turns` takes the mouse."""
    several = len(figure.data) > 1
    figure.update_layout(
        height=height + LEGEND * several,
        margin={"l": side, "r": side, "t": 8 + LEGEND * several, "b": 8},
        showlegend=several,
        legend={"orientation": "h", "yref": "container", "yanchor": "top", "y": 1, "x": 0},
        colorway=COLORS,
        dragmode="orbit" if turns else False,
    )
    st.plotly_chart(
        figure, key=key, alt=alt, config={"displayModeBar": False, "scrollZoom": False, "displaylogo": False}
    )


def label_rows(figure: "Figure", labels: Sequence[str]) -> None:
    """Put labels above their lines, the first on top: beside them they would fill a phone's width."""
    figure.update_yaxes(
        categoryorder="array",
        categoryarray=list(labels)[::-1],
        range=[-0.5, len(labels) - 0.2],
        showticklabels=False,
    )
    for label in labels:
        figure.add_annotation(
            x=0, xref="paper", xanchor="left", y=label, yshift=15, text=label, showarrow=False
        )
