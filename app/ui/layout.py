"""How the page is set: a column of comfortable width, labelled text, quiet headings. No foreign words."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Literal, TypeAlias

import streamlit as st

from app.ui.foreign import inline, prose

Color: TypeAlias = Literal["red", "orange", "green", "blue", "gray"]  # of badges

WIDTH = 1040  # pixels: ten columns of a table, and a line of prose that is still read with ease
PROSE = 760
LONGEST_HEADING = 240  # characters


@contextmanager
def page() -> Iterator[None]:
    """Lay out the column in the middle of a wide window, or all of a narrow one."""
    with st.container(horizontal_alignment="center"), st.container(width=WIDTH):
        yield


@contextmanager
def labelled(label: str) -> Iterator[None]:
    """Show a small heading with what belongs under it."""
    with st.container(gap=None):
        st.caption(f"**{inline(label)}**")
        yield


def show_question(text: str) -> None:
    """Show the question as a heading; a long one begins there and is folded below."""
    st.header(inline(shortened(text)), anchor=False)
    if len(text) > LONGEST_HEADING:
        with st.expander("The whole question"):
            prose(text)


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST_HEADING else f"{text[:LONGEST_HEADING].rstrip()} …"


def field(label: str, text: str) -> None:
    """Show a label of ours over a text of anybody's."""
    with labelled(label), st.container(width=PROSE):
        prose(text)


def listed(label: str, texts: Iterable[str]) -> None:
    with labelled(label), st.container(width=PROSE):
        st.markdown("\n".join(f"- {inline(text)}" for text in texts))


def numbered(texts: Iterable[str]) -> None:
    with st.container(width=PROSE):
        st.markdown("\n".join(f"{number}. {inline(text)}" for number, text in enumerate(texts, start=1)))


def facts(pairs: Iterable[tuple[str, str]]) -> None:
    """Show short values beside their labels, as many on a line as fit."""
    with st.container(horizontal=True, gap="medium"):
        for label, value in pairs:
            with st.container(width="content", gap=None):
                st.caption(inline(label))
                st.markdown(inline(value))


def turn_pages(turned: list[str], more: str | None, *, back: str, on: str) -> None:
    """Show two buttons where there are such pages; `turned` has the cursors of the pages turned so far."""
    with st.container(horizontal=True):
        if turned and st.button(back):
            turned.pop()
            st.rerun()
        if more and st.button(on):
            turned.append(more)
            st.rerun()
