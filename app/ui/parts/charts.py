"""What all charts share: they follow the page's theme, stay still on a phone, and offer no menu."""

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

ROW = 46  # pixels for a line of a chart with one line a hypothesis


def draw(figure: "Figure", *, key: str, alt: str, height: int, turns: bool = False) -> None:
    """`alt` is what a reader hears who does not see it. Only what `turns` takes the mouse."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        showlegend=len(figure.data) > 1,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
        dragmode="orbit" if turns else False,
    )
    st.plotly_chart(
        figure, key=key, alt=alt, config={"displayModeBar": False, "scrollZoom": False, "displaylogo": False}
    )
