"""Data that could test a hypothesis, and what must be settled before a model is learned from them."""

import streamlit as st

from agents.schema import DataFound, ProblemCard, Section
from app.datasets import show_command, show_quantity
from app.exports.tables import fill_columns
from app.ui.foreign import inline, visible
from app.ui.layout import labelled


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
