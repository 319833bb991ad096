"""A run for others: links that show it, and archives to publish with authors and a licence."""

from collections.abc import Callable

import streamlit as st

from app.jobs.job import now
from app.jobs.links import LONGEST_DAYS
from app.publishing.authors import LICENCES
from app.ui.foreign import inline
from app.ui.layout import PROSE
from app.ui.service import connect, refusals

ABOUT_LINKS = (
    "Whoever has the link reads the whole report, passages of your own library included, without a key and "
    "until it expires or you revoke it. It opens nothing else."
)
ABOUT_ARCHIVES = (
    "One archive (RO-Crate) with report, records and provenance. It opens in any browser and replays with "
    "`hypofind open`. Texts of third parties are referred to and not copied; keys, paths and the names of "
    "machines and people are left out. Nothing is sent anywhere."
)
Make = Callable[[str, list[str]], bytes]


def offer_link(run: str) -> None:
    with st.expander("Share a link"), st.container(width=PROSE), refusals():
        st.caption(ABOUT_LINKS)
        with st.form(f"link-{run}", border=False):
            days = st.number_input("Days", 1, LONGEST_DAYS, 7, width=140)
            if st.form_submit_button("Make a link"):
                st.session_state[f"made-link-{run}"] = connect().make_link(run, int(days)).opens
        if made := st.session_state.get(f"made-link-{run}"):
            st.code(f"{_here()}/shared?link={made}", language=None, wrap_lines=True)
            st.caption("Copy it now: it is not shown again.")
        _list_links(run)


def _list_links(run: str) -> None:
    for link in connect().links(run):
        with st.container(horizontal=True, vertical_alignment="center"):
            over = "revoked" if link.revoked else "expired" if link.expires <= now() else None
            told = f"{link.id}, made {link.created:%d %b %Y}, until {link.expires:%d %b %Y, %H:%M} UTC"
            st.caption(inline(f"{told}: {over}" if over else told))
            if not over and st.button("Revoke", key=f"revoke-{run}-{link.id}"):
                connect().revoke_link(run, link.id)
                st.session_state.pop(f"made-link-{run}", None)
                st.rerun()


def _here() -> str:
    """Return the page's own address, as the visitor's browser has it."""
    return str(st.context.url or "").partition("?")[0].rstrip("/").rpartition("/")[0]


def show_publishing(run: str) -> None:
    with st.expander("Publish this run"), st.container(width=PROSE):
        st.caption(ABOUT_ARCHIVES)
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
