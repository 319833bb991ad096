"""The page's entry: `streamlit run` this file, or `hypofind serve`."""

import sys
from pathlib import Path

ROOT = str(Path(__file__).parents[2])
if ROOT not in sys.path:  # `streamlit run` adds this file's folder, and not the one that holds `app`
    sys.path.insert(0, ROOT)

import streamlit as st  # noqa: E402 - after the path

st.set_page_config(page_title="Hypothesis Finder", layout="wide", menu_items={})


def main() -> None:
    from app.ui.service import sign_in
    from app.ui.views.places import (
        ASK,
        COMPARE,
        EXAMPLE,
        HISTORY,
        INSTRUMENTS,
        MINING,
        PROJECT,
        REPRESENTATIONS,
        RUN,
        SHARED,
        WORKBENCH,
    )

    shown = [ASK, HISTORY, COMPARE, MINING, WORKBENCH, INSTRUMENTS, REPRESENTATIONS, PROJECT]
    page = st.navigation([*shown, RUN, EXAMPLE, SHARED], position="top")
    if run := st.session_state.pop("go-to", None):
        st.switch_page(RUN, query_params={"id": run})
    if page.url_path == SHARED.url_path or sign_in():
        page.run()


main()
