"""A sample report on the page without a service: run it with Streamlit, and ask for `?report=make_report`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

import streamlit as st

from app.ui.layout import page
from app.ui.parts.report import show_report
from tests.app.ui import samples

st.set_page_config(page_title="Hypothesis Finder", layout="wide")
with page():
    show_report(getattr(samples, st.query_params["report"])())
