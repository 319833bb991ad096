"""Something as an archive to publish: who, under which licence, and the file to take away."""

from collections.abc import Callable

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


Make = Callable[[str, list[str]], bytes]


def show_publishing(run: str) -> None:
    with st.expander("Publish this run"), st.container(width=PROSE):
        st.caption(ABOUT)
        ask_to_publish(run, lambda licence, authors: connect().crate(run, licence, authors))


def ask_to_publish(name: str, make: Make, place: str = "") -> None:
    """Ask for authors and a licence, make the archive of that name, and offer it.

    `place` tells forms of one thing apart that stand on one page.
    """
    key = f"{name}-{place}"
    with st.form(f"publish-{key}", border=False):
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
            _make(key, make, licence, [line.strip() for line in said.splitlines() if line.strip()])
    _offer(name, key)


def _make(key: str, make: Make, licence: str | None, authors: list[str]) -> None:
    if not authors or licence is None:
        st.error("Name an author and choose a licence.", icon=None)
        return
    with st.spinner("Writing the archive …"):
        st.session_state[_kept(key)] = (licence, make(licence, authors))


def _offer(name: str, key: str) -> None:
    made = st.session_state.get(_kept(key))
    if made is None:
        return
    licence, content = made
    st.download_button(
        "Download the archive",
        content,
        file_name=f"{name}.crate.zip",
        mime="application/zip",
        on_click="ignore",
        key=f"crate-{key}",
    )
    st.caption(
        inline(f"{len(content):,} bytes, {licence}. Look at ro-crate-preview.html before you share it.")
    )


def _kept(key: str) -> str:
    return f"archive-{key}"
