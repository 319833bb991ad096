"""A run as an archive to publish: who, under which licence, and the file to take away."""

import streamlit as st

from app.publishing.licences import LICENCES
from app.ui.foreign import inline
from app.ui.layout import PROSE
from app.ui.service import connect, refusals

ABOUT = (
    "One archive (RO-Crate) with report, records and provenance. It opens in any browser and replays with "
    "`hypofind open`. Texts of third parties are referred to and not copied; keys, paths and the names of "
    "machines and people are left out. Nothing is sent anywhere."
)


def show_publishing(run: str) -> None:
    with st.expander("Publish this run"), st.container(width=PROSE):
        st.caption(ABOUT)
        with st.form(f"publish-{run}", border=False):
            said = st.text_area(
                "Authors",
                placeholder="Ada Lovelace <0000-0002-1825-0097>",
                max_chars=4000,
                height=80,
                help="One a line; the ORCID iD may be left out.",
            )
            licence = st.selectbox("Licence", list(LICENCES), index=None, placeholder="yours to choose")
            asked = st.form_submit_button("Make the archive")
        if asked:
            with refusals():
                _make(run, licence, [line.strip() for line in said.splitlines() if line.strip()])
        _offer(run)


def _make(run: str, licence: str | None, authors: list[str]) -> None:
    if not authors or licence is None:
        st.error("Name an author and choose a licence.", icon=None)
        return
    with st.spinner("Replaying the run and writing its archive …"):
        st.session_state[_kept(run)] = (licence, connect().crate(run, licence, authors))


def _offer(run: str) -> None:
    made = st.session_state.get(_kept(run))
    if made is None:
        return
    licence, content = made
    st.download_button(
        "Download the archive",
        content,
        file_name=f"{run}.crate.zip",
        mime="application/zip",
        on_click="ignore",
        key=f"crate-{run}",
    )
    st.caption(
        inline(f"{len(content):,} bytes, {licence}. Look at ro-crate-preview.html before you share it.")
    )


def _kept(run: str) -> str:
    return f"archive-{run}"
