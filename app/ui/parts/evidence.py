"""What tools answered, as each tool shows it, and why others did not. Foreign words are made inert."""

from itertools import zip_longest

import streamlit as st

from agents.schema import Evidence
from app.drawing import draw_molecule, draw_plot, draw_structure
from app.evidence import show
from app.exports.tables import fill_table
from app.ui.foreign import inline
from app.ui.layout import PROSE, labelled
from app.ui.parts.charts import FAINT, draw
from tools.views import Block, Molecule, Plot, Quantities, Sentences, Structure, Table

STRUCTURE = 320  # pixels, little more than a phone's card is wide: what stands out at the sides is cut off


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


def show_block(block: Block, *, key: str) -> None:
    match block:
        case Quantities():
            _show_quantities(block)
        case Sentences(texts):
            show_sentences(texts)
        case Table():
            _show_table(block)
        case Structure():
            st.caption(inline(block.title))
            draw(draw_structure(block), key=key, alt=f"Atoms of {block.title}", height=STRUCTURE, turns=True)
        case Molecule():
            _show_molecule(block)
        case Plot():
            st.caption(inline(block.title))
            draw(draw_plot(block), key=key, alt=block.title, height=300)


def show_sentences(texts: tuple[str, ...]) -> None:
    with st.container(width=PROSE):
        st.markdown("  \n".join(map(inline, texts)))


def _show_quantities(block: Quantities) -> None:
    with st.container(horizontal=True, gap="small"):
        for name, quantity in block.items:
            with st.container(width="content", gap=None):
                st.caption(inline(name))
                st.markdown(f"**{inline(str(quantity))}**")


def _show_table(table: Table) -> None:
    if not table.rows:
        return
    table = fill_table(table)
    with labelled(table.title or "Answer"):
        columns = zip_longest(*table.rows, fillvalue="")
        shown = {
            inline(name): list(map(inline, column))
            for name, column in zip(table.columns, columns, strict=False)  # an add-on's may be ragged
        }
        st.table(shown, border="horizontal", hide_index=True)
        if table.left_out:
            st.caption(f"{table.left_out} more are in the report's JSON")


def _show_molecule(molecule: Molecule) -> None:
    st.caption(inline(molecule.title))
    try:
        st.image(draw_molecule(molecule.smiles).replace("currentColor", FAINT), width=260)
    except ModuleNotFoundError:  # the page stands on another machine than the tool
        return
