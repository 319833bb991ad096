"""Foreign text in Markdown is shown as written and does nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.drawing import draw_plot
from app.ui.foreign import JOINER, charted, inline, visible
from tests.app.ui.hostile import ATTACKS
from tools.views import Plot, Series

BARE = re.compile(r"(?<!\\)(?:\\\\)*[!-/:-@\[\]-`{-~]")  # punctuation without its backslash


def read(markdown: str) -> str:
    """As a reader sees it."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown).replace(JOINER, "")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"])))
def test_what_is_written_is_what_is_read(text: str) -> None:
    assert read(inline(text)) == " ".join(text.split())


@given(st.text())
def test_no_punctuation_is_left_to_markdown(text: str) -> None:
    shown = inline(text)
    assert not BARE.search(shown)
    assert "\n" not in shown


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_streamlit_reads_after_markdown_is_broken_up(attack: str) -> None:
    plain = re.sub(r"\\(.)", r"\1", inline(attack))
    assert not re.search(r":[\w+-]+(?:/\w+)?:|https?://|www\.\w|[\w.+-]@\w", plain)


def test_charts_get_no_markup_and_short_lines() -> None:
    assert charted("<a href='javascript:x'>y</a>") == "&lt;a href=&#x27;javascript:x&#x27;&gt;y&lt;/a&gt;"
    assert charted("word " * 50).endswith("…")
    assert len(charted("x" * 500)) == 60


def test_what_cannot_be_seen_is_marked_and_nothing_turns_round() -> None:
    assert (
        visible("a\x1b[31mb\u202ec\nd\ud800")
        == "a\N{REPLACEMENT CHARACTER}[31mbc\nd\N{REPLACEMENT CHARACTER}"
    )


@pytest.mark.parametrize(
    ("xs", "dtick"), [((0.0, 1.0, 2.0), 1), ((0.0, 0.5), None), ((0.0, 400.0), None), ((), None)]
)
def test_components_have_no_halves(xs: tuple[float, ...], dtick: int | None) -> None:
    plot = Plot("Counterexample", "component", "sum", (Series("found", xs, xs, line=True),))
    assert draw_plot(plot).layout.xaxis.dtick == dtick
