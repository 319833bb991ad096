"""What tools answered, as each tool shows it, and why others did not."""

import streamlit as st

from agents.schema import Evidence
from app.evidence import show
from app.ui.foreign import inline
from app.ui.layout import PROSE, labelled
from app.ui.parts.blocks import show_block, show_sentences


def show_evidence(pieces: list[Evidence], *, key: str) -> None:
    if not pieces:
        st.caption("No tool was run.")
    for position, piece in enumerate(pieces):
        _show_piece(piece, key=f"{key}-{position}")


def _show_piece(piece: Evidence, *, key: str) -> None:
    shown = show(piece)
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True):
            st.markdown(f"**{inline(capitalised(shown.title))}**")
            if not piece.answered:
                st.badge("failed", color="red")
            by = f", asked by {inline(piece.asked_by)}" if piece.asked_by else ""
            st.caption(f"{inline(piece.source)}{by}", width="content")
        if shown.asked:
            with labelled("Asked"):
                show_sentences(shown.asked)
        if piece.error is not None:
            with labelled("Why it gave no answer"), st.container(width=PROSE):
                st.markdown(inline(piece.error))
        for number, block in enumerate(shown.blocks):
            show_block(block, key=f"{key}-{number}")


def capitalised(title: str) -> str:
    """Return the text with its first letter alone raised: "PhySH search" stays as it is."""
    return title[:1].upper() + title[1:]
