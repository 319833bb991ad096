"""The question box, with recorded runs to read for whoever comes for the first time."""

from uuid import uuid4

import streamlit as st

from agents.schema import LONGEST_QUESTION, Pins
from app.client import ServiceProblem
from app.examples import Example
from app.settings.sections import RunChoices
from app.ui.authors import named, warning
from app.ui.foreign import inline
from app.ui.hints import hints
from app.ui.layout import page, shortened
from app.ui.parts.options import choose_settings
from app.ui.parts.pins import Recognised, choose_pins, recognise
from app.ui.parts.rights import may_ask
from app.ui.parts.verdict import verdict_word
from app.ui.service import connect, refusals
from app.ui.views.places import EXAMPLE
from tools.experiments import Verdict

PLACEHOLDER = "Why do thin films of MoS2 conduct better after annealing at 400 to 700 K?"
NOTHING = Recognised(fields=[], subjects=[])
ASKED = "idempotency-key"  # session state: a double click makes one run
KEPT_S = 3600


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
            placeholder=PLACEHOLDER,
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


def show_recorded() -> None:
    """Show a card for each recorded run that comes with the program. Raises ServiceError."""
    found = _examples()
    if not found:
        return
    st.subheader("Or read a recorded run", anchor=False)
    for column, one in zip(st.columns(len(found)), found, strict=True):
        with column, st.container(border=True, gap="small", height="stretch"):
            _show_recorded_card(one)


def _show_recorded_card(one: Example) -> None:
    st.markdown(f"**{inline(shortened(one.question))}**")
    who = ", ".join(map(named, one.models))
    counted = (f"{count} {verdict_word(Verdict(name))}" for name, count in one.verdicts.items())
    tests = ", ".join(counted) or "none"
    st.caption(inline(f"{one.hypotheses} hypotheses; tests: {tests}"))
    st.caption(inline(f"Recorded on {one.recorded} from {who}."))
    if found := warning(one.models):
        st.badge(found[0], color="orange", help=found[1])
    st.page_link(EXAMPLE, label="Read the report", query_params={"name": one.name})


@st.cache_data(ttl=KEPT_S, show_spinner=False)
def _examples() -> list[Example]:
    return list(connect().examples())
