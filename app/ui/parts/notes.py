"""What people say of a run: its name, tags and notes, and stars for its hypotheses."""

import streamlit as st

from agents.schema import Hypothesis
from app.client import RunInfo, ServiceError
from app.notes import LONGEST, SHORT, NoteKind
from app.ui.foreign import inline, prose
from app.ui.service import connect, refusals

KINDS = {NoteKind.NOTE: "Note", NoteKind.NAME: "Name", NoteKind.TAG: "Tag", NoteKind.UNTAG: "Take a tag off"}


def show_labels(info: RunInfo) -> None:
    if not (info.labels.name or info.labels.tags):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if info.labels.name:
            st.markdown(f"**{inline(info.labels.name)}**")
        for tag in info.labels.tags:
            st.badge(inline(tag), color="gray")


def show_notes_of(run: str, *, writes: bool) -> None:
    """A form for those who may write, and all that was written, oldest first."""
    with st.expander("Names, tags and notes"), refusals():
        if writes:
            _offer_note(run)
        for note in connect().notes(run):
            st.caption(inline(f"{note.at:%d %b %Y, %H:%M}, {note.by}: {KINDS[note.kind].lower()}"))
            prose(note.text)


def _offer_note(run: str) -> None:
    with st.form(f"note-{run}", border=False, clear_on_submit=True):
        kind = st.pills("Kind", list(KINDS), default=NoteKind.NOTE, format_func=KINDS.__getitem__)
        text = st.text_area(
            "Text", max_chars=LONGEST, height=80, help=f"A name or a tag has {SHORT} characters."
        )
        if st.form_submit_button("Keep") and text.strip():
            connect().write_note(run, text.strip(), kind or NoteKind.NOTE)
            st.rerun()


def last_marks(run: str) -> dict[str, int]:
    """Return the last mark given to each hypothesis. Raises ServiceError."""
    return {mark.hypothesis: mark.mark for mark in connect().marks(run)}


def show_marks(run: str, hypothesis: Hypothesis, given: dict[str, int]) -> None:
    key = f"mark-{run}-{hypothesis.key}"
    mark = given.get(hypothesis.key)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Your mark, poor to excellent")
        st.feedback(
            "stars",
            key=key,
            default=None if mark is None else mark - 1,
            on_change=_send_mark,
            args=(run, hypothesis.key, key),
        )


def _send_mark(run: str, hypothesis: str, key: str) -> None:
    chosen = st.session_state[key]
    if chosen is None:
        return
    try:
        connect().mark(run, hypothesis, chosen + 1)
    except ServiceError as error:
        st.toast(inline(str(error)))
    else:
        st.toast("Kept")
