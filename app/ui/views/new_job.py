"""A form that plans and starts a mining job."""

import streamlit as st
from pydantic import ValidationError

from agents.mining.spec import Strategy
from agents.model import Budget
from app.client import MOST_PAIRS, NewMining
from app.ui.foreign import inline
from app.ui.service import connect

PAIRS = 50
TOKENS = 200_000


def show_new_job() -> None:
    with st.expander("Plan a job"), st.form("new-job", border=False):
        fields = [branch.label for branch in connect().tree().children]
        name = st.text_input("Name", max_chars=60, help="Letters, digits, dots and hyphens.")
        sources = st.multiselect("Methods of", fields, placeholder="all disciplines")
        targets = st.multiselect("Problems of", fields, placeholder="all disciplines")
        with st.container(horizontal=True):
            pairs = st.number_input("Pairs", 1, MOST_PAIRS, PAIRS)
            tokens = st.number_input("Budget, tokens", 1_000, None, TOKENS, step=10_000)
        if st.form_submit_button("Plan and start", type="primary"):
            _start(name.strip(), tuple(sources), tuple(targets), int(pairs), int(tokens))


def _start(name: str, sources: tuple[str, ...], targets: tuple[str, ...], pairs: int, tokens: int) -> None:
    """Raises ServiceProblem, which the page tells."""
    try:
        chosen = NewMining(
            name=name,
            sources=sources or "all",
            targets=targets or "all",
            pairs=pairs,
            strategy=Strategy.STRUCTURE,
            budget=Budget(tokens=tokens),
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        st.error(inline(f"{'.'.join(map(str, first['loc'])) or 'the job'}: {first['msg']}"), icon=None)
        return
    with st.spinner("Choosing pairs …"):
        connect().plan_mining(chosen)
        connect().steer_mining(name, "start")
    st.query_params["job"] = name
    st.rerun()
