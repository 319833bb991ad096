"""What all charts share: they follow the page's theme, stay still on a phone, and offer no menu."""

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

ROW = 46  # pixels for a line of a chart with one line a hypothesis
LEGEND = 40  # pixels
COLORS = ("#4b7fb5", "#c47a3d", "#5f9b6f", "#a0668f", "#8a8d91", "#a39130")  # seen on light and on dark
FAINT = "#8a8d91"


def draw(figure: "Figure", *, key: str, alt: str, height: int, turns: bool = False) -> None:
    """`alt` is what a reader hears who does not see it. Only what `turns` takes the mouse."""
    several = len(figure.data) > 1
    figure.update_layout(
        height=height + LEGEND * several,
        margin={"l": 8, "r": 8, "t": 8 + LEGEND * several, "b": 8},
        showlegend=several,
        legend={"orientation": "h", "yref": "container", "yanchor": "top", "y": 1, "x": 0},
        colorway=COLORS,
        dragmode="orbit" if turns else False,
    )
    st.plotly_chart(
        figure, key=key, alt=alt, config={"displayModeBar": False, "scrollZoom": False, "displaylogo": False}
    )
