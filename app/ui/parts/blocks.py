"""The blocks of a tool's view on the page: each foreign word is made inert on its way."""

import streamlit as st

from app.drawing import draw_molecule, draw_plot, draw_structure
from app.exports.tables import fill_table
from app.ui.foreign import inline
from app.ui.layout import PROSE, labelled
from app.ui.parts.charts import FAINT, draw
from tools.views import Block, Molecule, Plot, Quantities, Sentences, Structure, Table

STRUCTURE = 320  # pixels, little more than a phone's card is wide: what stands out at the sides is cut off


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
        columns = zip(*table.rows, strict=True)
        shown = {
            inline(name): list(map(inline, column))
            for name, column in zip(table.columns, columns, strict=True)
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
