"""The report to take away, in every format that there is."""

from functools import partial

import streamlit as st

from agents.schema import Report
from app.exports import FORMATS


def show_exports(report: Report) -> None:
    with st.container(horizontal=True):
        for one in FORMATS:
            st.download_button(
                one.title,
                data=partial(one.render, report),  # made when it is asked for
                file_name=f"{report.run}{one.suffix}",
                mime=one.media_type,
                on_click="ignore",
                key=f"export-{one.name}-{report.run}",
            )
