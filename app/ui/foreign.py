"""Text that we did not write, made safe to show.

Streamlit reads Markdown in labels and headings, and after Markdown it turns :material/…:, :smile:, web and
e-mail addresses in plain text into icons and links, where a backslash no longer helps. So prose of a model
goes through `prose`, which parses nothing; where Markdown cannot be avoided, through `inline`; and in charts,
which read a little HTML, through `charted`.
"""

import re
import unicodedata
from html import escape

PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
ACTIVE = re.compile(r"[:@](?=\S)|www(?=\.)", re.IGNORECASE)  # begins a shortcode, an address or a mention
DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # can make a line read backwards
JOINER = "\N{WORD JOINER}"  # unseen, and nothing matches across it
UNSEEN = "\N{REPLACEMENT CHARACTER}"  # stands for what cannot be shown


def visible(text: str) -> str:
    """Return a text as written, line ends too, without invisible characters and direction marks."""
    return "".join(char if _is_shown(char) else UNSEEN for char in DIRECTION.sub("", text))


def inline(text: str) -> str:
    """Return one line that Streamlit's Markdown shows as it was written."""
    line = " ".join(visible(text).split())
    return PUNCTUATION.sub(r"\\\1", ACTIVE.sub(lambda found: found[0] + JOINER, line))


def charted(text: str, longest: int = 60) -> str:
    """Return one short line for plotly, which would make links and markup of HTML."""
    line = " ".join(visible(text).split())
    return escape(line if len(line) <= longest else line[: longest - 1].rstrip() + "…")


def prose(text: str) -> None:
    """Show a paragraph in which nothing is parsed."""
    import streamlit as st

    st.text(visible(text).strip())


def _is_shown(char: str) -> bool:
    return char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"}
