"""The report to take away, in every format that there is an exporter for."""

from functools import partial

import streamlit as st

from agents.schema import Report
from app.exports import EXPORTERS

NAMES = {"json": "JSON", "markdown": "Markdown", "turtle": "Turtle", "bibtex": "BibTeX", "ris": "RIS"}


def show_exports(report: Report) -> None:
    with st.container(horizontal=True):
        for exporter in EXPORTERS:
            st.download_button(
                NAMES.get(exporter.name, exporter.name),
                data=partial(exporter.render, report),  # made when it is asked for
                file_name=f"{report.run}{exporter.suffix}",
                mime=exporter.media_type,
                on_click="ignore",
                key=f"export-{exporter.name}-{report.run}",
            )
