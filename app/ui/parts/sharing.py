"""Links that show this run to whoever has one."""

import streamlit as st

from app.jobs.job import now
from app.jobs.links import LONGEST_DAYS
from app.ui.foreign import inline
from app.ui.layout import PROSE
from app.ui.service import connect, refusals

ABOUT = (
    "Whoever has the link reads the whole report, passages of your own library included, without a key and "
    "until it expires or you revoke it. It opens nothing else."
)


def offer_link(run: str) -> None:
    with st.expander("Share a link"), st.container(width=PROSE), refusals():
        st.caption(ABOUT)
        with st.form(f"link-{run}", border=False):
            days = st.number_input("Days", 1, LONGEST_DAYS, 7, width=140)
            if st.form_submit_button("Make a link"):
                st.session_state[f"made-link-{run}"] = connect().make_link(run, int(days)).opens
        if made := st.session_state.get(f"made-link-{run}"):
            st.code(f"{_here()}/shared?link={made}", language=None, wrap_lines=True)
            st.caption("Copy it now: it is not shown again.")
        _list(run)


def _list(run: str) -> None:
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
