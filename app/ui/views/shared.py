"""A run that somebody shared by a link. No key is asked for, and nothing else is shown."""

import streamlit as st

from app.ui.layout import page
from app.ui.parts.report import show_report
from app.ui.service import connect_with, refusals

PARAMETER = "link"


def show_shared() -> None:
    link = st.query_params.get(PARAMETER, "")
    with page(), refusals():
        if not link:
            st.markdown("No link is named.")
            return
        report = connect_with(link).shared()
        st.info("Somebody shared this run with you. You can read it and take it away.", icon=None)
        show_report(report)
