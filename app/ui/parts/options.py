"""How much shall be made of a question, what it may cost, and who else gets to see it."""

import streamlit as st

from app.settings.sections import RunChoices

SERVICES = {
    "arxiv": "arXiv",
    "openalex": "OpenAlex",
    "semantic_scholar": "Semantic Scholar",
    "crossref": "Crossref",
    "inspire": "INSPIRE",
}
MOST_HYPOTHESES = 20
MOST_REVIEWERS = 5
BUDGET_STEP = 10_000


def choose_settings() -> RunChoices:
    """Return the settings that are shown; what is not shown stays as the service has it."""
    given: dict[str, object] = {}
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        given["perspectives"] = st.number_input(
            "Hypotheses", 1, MOST_HYPOTHESES, 3, key="k", width=140, help="One perspective proposes each."
        )
        given["reviewers"] = st.number_input(
            "Reviewers of each",
            1,
            MOST_REVIEWERS,
            1,
            key="reviewers",
            width=160,
            help="With two or more the score has a spread; with one it is not known how sure it is.",
        )
        tokens = st.number_input(
            "Budget in tokens",
            BUDGET_STEP,
            None,
            None,
            BUDGET_STEP,
            key="budget",
            width=180,
            placeholder="no limit",
            help="The run stops before it spends more, and reports what is finished.",
        )
    if tokens is not None:
        given["budget_tokens"] = tokens
    if services := _choose_services():
        given["sources"] = tuple(services)
    return RunChoices.model_validate(given)


def _choose_services() -> list[str]:
    on = st.toggle(
        "Search the literature",
        key="literature",
        help="Off: nothing of your question leaves this service but what the model is asked.",
    )
    if not on:
        return []
    chosen = st.pills(
        "Services that get parts of your question and of the hypotheses",
        list(SERVICES),
        selection_mode="multi",
        default=["arxiv", "openalex"],
        format_func=SERVICES.__getitem__,
        key="services",
    )
    if not chosen:
        st.caption("Nobody is asked until you name a service.")
    return chosen
