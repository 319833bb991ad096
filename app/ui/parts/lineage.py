"""What a run was made from, what was made from it, and the way to make another from it."""

from uuid import uuid4

import streamlit as st

from agents.schema import LONGEST_QUESTION
from app.client import NewFork, RunInfo
from app.jobs.state import RunState
from app.settings.sections import RunChoices
from app.ui.foreign import inline
from app.ui.layout import shortened
from app.ui.parts.options import MOST_HYPOTHESES
from app.ui.service import connect, refusals
from app.ui.views.places import COMPARE, RUN

LONGEST_TEST_S = 600.0


def show_lineage(info: RunInfo) -> None:
    """Show links to parent and forks, each with a comparison; nothing for a run without either."""
    found = connect().lineage(info.id)
    if not (found.ancestors or found.forks):
        return
    st.subheader("Versions", anchor=False)
    for number, ancestor in enumerate(found.ancestors):
        _show_link("made from" if number == 0 else "which was made from", ancestor, (ancestor.id, info.id))
    for fork in found.forks:
        _show_link("forked as", fork, (info.id, fork.id))


def _show_link(how: str, other: RunInfo, pair: tuple[str, str]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(how, width="content")
        label = other.labels.name or shortened(other.question)
        st.page_link(
            RUN, label=inline(f"{label} ({other.created:%d %b, %H:%M})"), query_params={"id": other.id}
        )
        if other.state is RunState.SUCCEEDED:
            st.page_link(COMPARE, label="compare", query_params={"first": pair[0], "second": pair[1]})
        else:
            st.caption(other.state.value)


def offer_fork(info: RunInfo) -> None:
    with st.expander("Fork this run"), st.form(f"fork-{info.id}", border=False):
        st.caption(
            "A new run with something changed. What you leave alone is as here; this run stays as it is."
        )
        question = st.text_area("Question", info.question, max_chars=LONGEST_QUESTION, height=100)
        with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
            hypotheses = st.number_input(
                "Hypotheses", 1, MOST_HYPOTHESES, None, placeholder="as here", width=140
            )
            seconds = st.number_input(
                "Seconds of testing a claim", 0.0, LONGEST_TEST_S, None, placeholder="as here", width=220
            )
            seed = st.number_input("Seed", 0, 2**31 - 1, None, placeholder="as here", width=140)
        if st.form_submit_button("Fork"):
            with refusals():
                _fork(
                    info,
                    question.strip(),
                    {"perspectives": hypotheses, "test_seconds": seconds, "seed": seed},
                )


def _fork(info: RunInfo, question: str, chosen: dict[str, int | float | None]) -> None:
    changed = RunChoices.model_validate({name: value for name, value in chosen.items() if value is not None})
    given = {"settings": changed} | ({"question": question} if question not in ("", info.question) else {})
    fork = NewFork.model_validate(given)
    key = st.session_state.setdefault(f"fork-key-{info.id}", uuid4().hex)
    st.session_state["go-to"] = connect().fork(info.id, fork, idempotency_key=key).id
    del st.session_state[f"fork-key-{info.id}"]
    st.rerun()
