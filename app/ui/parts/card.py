"""A hypothesis in full, with its reviews, its evidence, and data that could test it."""

from collections.abc import Callable

import streamlit as st

from agents.checks.beside import mark_contradictions
from agents.problem_cards.representation import carried_representation
from agents.schema import DataFound, Hypothesis, ProblemCard, Proposal, Section
from app.datasets import show_command, show_quantity
from app.exports.tables import fill_columns
from app.ui.authors import named, warning
from app.ui.figures import scored
from app.ui.foreign import inline, visible
from app.ui.layout import facts, field, labelled, listed, numbered
from app.ui.parts.evidence import show_evidence
from app.ui.parts.literature import show_literature
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


def show_problem(card: ProblemCard | None) -> None:
    if card is None:
        st.caption("This run was made before there were problem cards.")
        return
    with st.container(horizontal=True):
        st.badge(card.direction, color="blue", help="forward: from system and cause to response")
        if card.explanatory:
            st.badge("explanatory", color="green", help="a formula or a tested instrument stands behind it")
        st.badge("generic" if card.generic else "one system", color="gray")
        st.badge(
            f"{card.gaps} open", color="orange", help="what a physicist and a machine-learning person settle"
        )
    _show_data(card.data)
    for section in card.sections:
        _show_section(section)
    st.caption("Rules filled this card from what the run knows. No model was asked.")


def _show_data(found: DataFound) -> None:
    with labelled("Data that could test it"):
        if found.options:
            st.dataframe(
                fill_columns(
                    {
                        "Database": [option.title for option in found.options],
                        "Lists of the claim": [
                            ", ".join(show_quantity(one) for one in option.held) for option in found.options
                        ],
                        "Origin": [option.origin for option in found.options],
                        "Licence": [option.licence or "look there" for option in found.options],
                        "Address": [option.url for option in found.options],
                        "Does not list": [visible(", ".join(option.lacks)) for option in found.options],
                        "Size": [option.size or "" for option in found.options],
                    }
                ),
                hide_index=True,
                column_config={
                    "Database": st.column_config.TextColumn(width="medium"),
                    "Lists of the claim": st.column_config.TextColumn(width="medium"),
                    "Origin": st.column_config.TextColumn(width="small"),
                    "Licence": st.column_config.TextColumn(width="small"),
                },
            )
        else:
            st.caption("No database of the registry is like the claim.")
        st.caption(f"Of {found.searched}.")
    wish = found.structures
    if wish.filter:
        with labelled("Structures of its system"):
            st.code(show_command(wish), language=None)
    else:
        st.caption(f"No structures: {inline(wish.gap or '')}.")


def _show_section(section: Section) -> None:
    with labelled(section.name.capitalize()):
        lines = [f"- {inline(one.text)} *({one.source})*" for one in section.known]
        lines += [f"- :orange[open] {inline(text)}" for text in section.open]
        st.markdown("\n".join(lines))
