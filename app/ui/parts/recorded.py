"""Questions with recorded answers, for whoever comes for the first time."""

import streamlit as st

from app.examples import Example
from app.ui.authors import named, warning
from app.ui.foreign import inline
from app.ui.layout import shortened
from app.ui.parts.verdict import verdict_word
from app.ui.service import connect
from app.ui.views.places import EXAMPLE
from tools.experiments import Verdict

KEPT_S = 3600


def show_recorded() -> None:
    """Show a card for each recorded run that comes with the program. Raises ServiceError."""
    found = _examples()
    if not found:
        return
    st.subheader("Or read a recorded run", anchor=False)
    for column, one in zip(st.columns(len(found)), found, strict=True):
        with column, st.container(border=True, gap="small", height="stretch"):
            _show_card(one)


def _show_card(one: Example) -> None:
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
