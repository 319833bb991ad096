"""What of the plan a person fixes: fields as removable chips, and subjects that must speak."""

import streamlit as st

from agents.schema import ConceptRef, Pins
from app.ui.foreign import inline
from app.ui.parts.browser import browse
from app.ui.service import connect, refusals
from app.ui.subjects import KEPT_S, Recognised

ADDED = "added-subjects"  # session state: those from search and tree, by URI


def choose_pins(recognised: Recognised) -> Pins:
    """Return the pins that the reader set; nothing is pinned that is left as it was found."""
    fields = _choose_fields(recognised)
    subjects = _choose_subjects(recognised)
    found = [field.uri for field in recognised.fields]
    return Pins(
        disciplines=() if set(fields) == set(found) else tuple(fields),
        frameworks=tuple(subjects),
    )


@st.cache_data(ttl=KEPT_S, show_spinner=False)
def disciplines() -> dict[str, str]:
    """Return labels of disciplines by URI. Raises ServiceError."""
    return {branch.uri: branch.label for branch in connect().tree().children if branch.uri}


def _choose_fields(recognised: Recognised) -> list[str]:
    labels = disciplines()
    found = [field.uri for field in recognised.fields if field.uri in labels]
    return st.multiselect(
        "Fields of the question",
        list(labels),
        default=found,
        format_func=lambda uri: labels[uri],
        key=f"fields-{hash(tuple(found))}",  # another question begins with its own
        help="As PhySH recognises them. Remove one, or add others: hypotheses then come from these.",
        placeholder="chosen for you",
    )


def _choose_subjects(recognised: Recognised) -> list[str]:
    added: dict[str, str] = st.session_state.setdefault(ADDED, {})
    labels = {subject.uri: subject.label for subject in recognised.subjects} | added
    chosen: list[str] = []
    if labels:
        chosen = st.pills(
            "Subjects that must speak",
            list(labels),
            selection_mode="multi",
            default=[uri for uri in labels if uri in added],
            format_func=lambda uri: inline(labels[uri]),
            key=f"subjects-{hash(tuple(labels))}",
            help="Each one picked takes a perspective. Left alone, the finder chooses, near and far.",
        )
    with st.popover("Add a subject from PhySH"), refusals():
        picked = browse()
        if picked is not None:
            _add(picked, chosen)
    return chosen


def _add(picked: ConceptRef, chosen: list[str]) -> None:
    """Add a pick; what was picked before stays picked, though the row of chips begins anew."""
    added: dict[str, str] = st.session_state[ADDED]
    added[picked.uri] = picked.label
    for uri in chosen:
        added.setdefault(uri, connect().concept(uri).label)
    st.rerun()
