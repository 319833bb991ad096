"""The pages, each with its address. What a page shows is loaded when it is opened."""

import streamlit as st


def _ask() -> None:
    from app.ui.views.ask import show_ask

    show_ask()


def _example() -> None:
    from app.ui.views.example import show_example

    show_example()


def _run() -> None:
    from app.ui.views.run import show_run

    show_run()


def _history() -> None:
    from app.ui.views.history import show_history

    show_history()


def _compare() -> None:
    from app.ui.views.compare import show_compare

    show_compare()


def _mining() -> None:
    from app.ui.views.mining import show_mining

    show_mining()


def _instruments() -> None:
    from app.ui.views.instruments import show_instruments

    show_instruments()


def _representations() -> None:
    from app.ui.views.representations import show_representations

    show_representations()


def _workbench() -> None:
    from app.ui.views.workbench import show_workbench

    show_workbench()


def _project() -> None:
    from app.ui.views.project import show_project

    show_project()


def _shared() -> None:
    from app.ui.views.shared import show_shared

    show_shared()


ASK = st.Page(_ask, title="Ask", url_path="ask", default=True)
SHARED = st.Page(_shared, title="Shared run", url_path="shared", visibility="hidden")
EXAMPLE = st.Page(_example, title="Recorded run", url_path="example", visibility="hidden")
RUN = st.Page(_run, title="Run", url_path="run", visibility="hidden")
HISTORY = st.Page(_history, title="History", url_path="history")
MINING = st.Page(_mining, title="Map", url_path="map")
INSTRUMENTS = st.Page(_instruments, title="Instruments", url_path="instruments")
WORKBENCH = st.Page(_workbench, title="Workbench", url_path="workbench")
REPRESENTATIONS = st.Page(_representations, title="Representations", url_path="representations")
PROJECT = st.Page(_project, title="Project", url_path="project")
COMPARE = st.Page(_compare, title="Compare", url_path="compare")
