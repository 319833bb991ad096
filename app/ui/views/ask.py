"""The question box."""

from uuid import uuid4

import streamlit as st

from agents.schema import LONGEST_QUESTION, Pins
from app.client import ServiceProblem
from app.settings.sections import RunChoices
from app.ui.foreign import inline
from app.ui.hints import hints
from app.ui.layout import page
from app.ui.parts.chips import choose_pins
from app.ui.parts.options import choose_settings
from app.ui.parts.recorded import show_recorded
from app.ui.parts.rights import may_ask
from app.ui.service import connect, refusals
from app.ui.subjects import Recognised, recognise

EXAMPLE = "Why do thin films of MoS2 conduct better after annealing at 400 to 700 K?"
NOTHING = Recognised(fields=[], subjects=[])
ASKED = "idempotency-key"  # session state: a double click makes one run


def show_ask() -> None:
    with page():
        st.caption("Hypothesis Finder")
        st.title("What would you like to explain?", anchor=False)
        st.markdown(
            "Ask a question in physics or materials science. You get hypotheses from several perspectives, "
            "each with a mechanism, a prediction and what would prove it wrong, tested, reviewed and scored."
        )
        question = st.text_area(
            "Question",
            key="question",
            height=110,
            max_chars=LONGEST_QUESTION,
            placeholder=EXAMPLE,
            help="Ctrl+Enter, or a click beside the box, looks at what you wrote.",
        ).strip()
        with refusals():
            _show_rest(question)


def _show_rest(question: str) -> None:
    recognised = _recognised(question)
    if question:
        _show_hints(question, recognised)
    pins = Pins()
    if recognised.fields or recognised.subjects:
        pins = choose_pins(recognised)
    settings = choose_settings()
    asks = may_ask()
    if st.button("Find hypotheses", type="primary", disabled=not (question and asks), key="ask"):
        _ask(question, pins, settings)
    if not asks:
        st.caption("You read in this project: an owner of it can make you an author.")
    if not question:
        show_recorded()


def _recognised(question: str) -> Recognised:
    if not question:
        return NOTHING
    try:
        return recognise(question)
    except ServiceProblem as problem:  # not ready yet, or no word in it that PhySH could know
        st.caption(inline(str(problem)))
        return NOTHING


def _show_hints(question: str, recognised: Recognised) -> None:
    found = hints(question, (facet for subject in recognised.subjects for facet in subject.facets))
    if found:
        with st.container(key="hints", gap=None):
            st.caption("**Sharper questions give sharper hypotheses**")
            st.markdown("\n".join(f"- {hint}" for hint in found))


def _ask(question: str, pins: Pins, settings: RunChoices) -> None:
    key = st.session_state.setdefault(ASKED, uuid4().hex)
    run = connect().ask(question, pins=pins, settings=settings, idempotency_key=key)
    del st.session_state[ASKED]
    st.session_state["go-to"] = run.id
    st.rerun()
