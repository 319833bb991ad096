"""The pages, each with its address. What a page shows is loaded when it is opened."""

from collections.abc import Callable
from importlib import import_module

import streamlit as st


def _open(view: str) -> Callable[[], None]:
    """Return a function that loads a view and shows it. Views link to each other through this module."""

    def show() -> None:
        getattr(import_module(f"app.ui.views.{view}"), f"show_{view}")()

    return show


ASK = st.Page(_open("ask"), title="Ask", url_path="ask", default=True)
SHARED = st.Page(_open("shared"), title="Shared run", url_path="shared", visibility="hidden")
EXAMPLE = st.Page(_open("example"), title="Recorded run", url_path="example", visibility="hidden")
RUN = st.Page(_open("run"), title="Run", url_path="run", visibility="hidden")
HISTORY = st.Page(_open("history"), title="History", url_path="history")
MINING = st.Page(_open("mining"), title="Map", url_path="map")
INSTRUMENTS = st.Page(_open("instruments"), title="Instruments", url_path="instruments")
WORKBENCH = st.Page(_open("workbench"), title="Workbench", url_path="workbench")
REPRESENTATIONS = st.Page(_open("representations"), title="Representations", url_path="representations")
PROJECT = st.Page(_open("project"), title="Project", url_path="project")
COMPARE = st.Page(_open("compare"), title="Compare", url_path="compare")
