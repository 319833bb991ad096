"""A hypothesis in full."""

from collections.abc import Callable

import streamlit as st

from agents.checks.beside import mark_contradictions
from agents.problem_cards.representation import carried_representation
from agents.schema import Hypothesis, Proposal
from app.ui.authors import named, warning
from app.ui.figures import scored
from app.ui.foreign import inline
from app.ui.layout import facts, field, labelled, listed, numbered
from app.ui.parts.evidence import show_evidence
from app.ui.parts.literature import show_literature
from app.ui.parts.problem import show_problem
from app.ui.parts.review import show_checks, show_reviews
from app.ui.parts.verdict import COLORS, show_tests, verdict_word

TABS = ("Representation and steps", "Review", "Evidence", "Literature", "Data", "Checks", "JSON")


def context(rank: int | None, hypothesis: Hypothesis) -> str:
    """Return `1. Role / Broad::Narrow / score`; the key in place of the rank where there is none."""
    who = hypothesis.perspective
    framework = f"{who.broad.label}::{who.narrow.label}"
    return f"{rank or who.key}. {who.role} / {framework} / {hypothesis.score.value:.1f}"


def show_card(
    rank: int | None, hypothesis: Hypothesis, *, key: str, marks: Callable[[Hypothesis], None] | None
) -> None:
    """Show a card, folded until it is opened (session state, `key`). `marks` asks a person's opinion."""
    st.session_state.setdefault(key, rank == 1)
    with st.expander(inline(context(rank, hypothesis)), key=key, on_change="rerun") as card:
        if card.open:
            _show_top(hypothesis)
            _show_proposal(hypothesis)
            show_tests(hypothesis)
            _show_tabs(hypothesis, key)
            if marks:
                marks(hypothesis)


def _show_top(hypothesis: Hypothesis) -> None:
    who, score = hypothesis.perspective, hypothesis.score
    field("Summary", hypothesis.proposal.summary)
    facts(
        [
            ("Role", who.role),
            ("Framework", f"{who.broad.label} :: {who.narrow.label}"),
            ("Score", scored(score)),
            ("Marks", f"{score.rubric:.1f}"),
            ("Checks", f"{score.computed:.1f}"),
            ("Written by", named(hypothesis.model)),
            ("Scored by", ", ".join(map(named, score.given_by))),
        ]
    )
    _show_badges(hypothesis)
    st.caption(
        f"{inline(who.key)}, {who.distance.value}, {inline(who.discipline.label)}: {inline(who.reason)}"
    )


def _show_badges(hypothesis: Hypothesis) -> None:
    origin = hypothesis.origin
    found = warning([hypothesis.model, *hypothesis.score.given_by])
    tests = hypothesis.standing_tests
    if not (found or origin.parents or origin.merged or tests):
        return
    with st.container(horizontal=True):
        for verdict in dict.fromkeys(test.verdict for test in tests):
            st.badge(verdict_word(verdict), color=COLORS[verdict])
        if found:
            st.badge(found[0], color="orange", help=found[1])
        if origin.parents:
            st.badge(f"{origin.way.value}, from {inline(', '.join(origin.parents))}", color="blue")
        if origin.merged:
            st.badge(f"stands also for {inline(', '.join(origin.merged))}", color="gray")


def _show_proposal(hypothesis: Hypothesis) -> None:
    claim = hypothesis.proposal.claim
    field("Hypothesis", mark_contradictions(hypothesis, "statement"))
    field("Claim", f"In {claim.system}: as {claim.cause} grows, {claim.response} {claim.relation.value}.")
    field("Mechanism", mark_contradictions(hypothesis, "mechanism"))
    field("Prediction", mark_contradictions(hypothesis, "prediction"))
    field("Falsifier", hypothesis.proposal.falsifier)


def _show_tabs(hypothesis: Hypothesis, key: str) -> None:
    form, review, evidence, literature, data, checks, whole = st.tabs(TABS)
    with form:
        _show_representation(hypothesis.proposal)
    with review:
        show_reviews(hypothesis, key=key)
    with evidence:
        show_evidence(hypothesis.evidence, key=key)
    with literature:
        show_literature(hypothesis.literature)
    with data:
        show_problem(hypothesis.problem)
    with checks:
        show_checks(hypothesis)
    with whole:
        st.json(hypothesis.model_dump(mode="json"), expanded=1)


def _show_specification(proposal: Proposal) -> None:
    carried = carried_representation(proposal)
    with labelled(f"As a specification: {carried.note}"):
        st.code(carried.annotated, language=None)


def _show_representation(proposal: Proposal) -> None:
    form = proposal.representation
    field("Formalism", form.formalism)
    listed("Objects", form.objects)
    listed("Data formats", form.data_formats)
    field("Information preserved", form.information_preserved)
    listed("Symmetries respected", form.symmetries)
    field("Figure of merit", form.figure_of_merit)
    _show_specification(proposal)
    with labelled("Steps"):
        numbered(proposal.steps)
