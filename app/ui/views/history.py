"""Runs made before, newest first."""

import streamlit as st

from app.client import RunInfo
from app.jobs.people import LOCAL
from app.jobs.state import RunState
from app.ui.authors import warning
from app.ui.foreign import inline
from app.ui.layout import Color, page, shortened, turn_pages
from app.ui.service import connect, refusals
from app.ui.views.places import RUN

PAGE = 20
CURSORS = "history-cursors"  # session state: of the pages that were turned
COLORS: dict[RunState, Color] = {
    RunState.SUCCEEDED: "green",
    RunState.FAILED: "red",
    RunState.RUNNING: "blue",
}


def show_history() -> None:
    with page():
        st.title("History", anchor=False)
        with refusals():
            _show_page()


def _show_page() -> None:
    turned: list[str] = st.session_state.setdefault(CURSORS, [])
    found = connect().runs(limit=PAGE, cursor=turned[-1] if turned else None)
    if not found.items:
        st.markdown("Nothing has been asked yet.")
    for info in found.items:
        _show_line(info)
    turn_pages(turned, found.next, back="Newer", on="Older")


def _show_line(info: RunInfo) -> None:
    with st.container(border=True, gap="small"):
        st.page_link(
            RUN, label=inline(info.labels.name or shortened(info.question)), query_params={"id": info.id}
        )
        if info.labels.name:
            st.caption(inline(shortened(info.question)))
        with st.container(horizontal=True, vertical_alignment="center"):
            state = info.status.value if info.status else info.state.value
            st.badge(state, color=COLORS.get(info.state, "gray"))
            if found := warning(info.models):
                st.badge(found[0], color="orange", help=found[1])
            for tag in info.labels.tags:
                st.badge(inline(tag), color="gray")
            st.caption(_told(info))


def _told(info: RunInfo) -> str:
    done = info.progress.finished
    best = "" if info.progress.best is None else f", best {info.progress.best:.1f}"
    count = f"{done} hypothesis" if done == 1 else f"{done} hypotheses"
    asker = f" · {info.by}" if info.by and info.by != LOCAL else ""
    return inline(f"{info.created:%d %b %Y, %H:%M} · {count}{best}{asker}")
