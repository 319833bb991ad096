"""What differs between the hypotheses of two runs: the words of each side, those of one side only in bold."""

import re
from difflib import SequenceMatcher

import streamlit as st

from app.comparing import Change, RunComparison, VersionPair
from app.ui.foreign import inline

WORDS = re.compile(r"\S+")
MOST_WORDS = 400  # of a text that is compared word by word


def show_differences(found: RunComparison) -> None:
    st.subheader("What differs", anchor=False)
    for pair in found.pairs:
        _show_pair(pair)


def _show_pair(pair: VersionPair) -> None:
    if pair.first is None or pair.second is None:
        st.caption(inline(f"{pair.first or pair.second}: {pair.why}"))
        return
    told = f"{pair.first} and {pair.second}: {pair.why}; {len(pair.changes)} fields differ"
    with st.expander(inline(told), expanded=bool(pair.changes)):
        if not pair.changes:
            st.caption("No difference.")
            return
        rows = [mark_words(change) for change in pair.changes]
        st.table(
            {
                "": [inline(change.field) for change in pair.changes],
                "First": [first for first, _ in rows],
                "Second": [second for _, second in rows],
            },
            border="horizontal",
            hide_index=True,
        )


def mark_words(change: Change) -> tuple[str, str]:
    """Return both texts as Markdown, with the words that the other side lacks in bold."""
    first, second = (WORDS.findall(text or "") for text in (change.first, change.second))
    if not (first and second) or max(len(first), len(second)) > MOST_WORDS:
        return inline(change.first or "–"), inline(change.second or "–")
    left, right = [], []
    for kind, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        left.append(_marked(first[a:b], bold=kind != "equal"))
        right.append(_marked(second[c:d], bold=kind != "equal"))
    return " ".join(filter(None, left)), " ".join(filter(None, right))


def _marked(words: list[str], *, bold: bool) -> str:
    text = inline(" ".join(words))
    return f"**{text}**" if bold and text else text
